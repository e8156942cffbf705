"""Reads of drawn charts."""

from typing import NamedTuple

from estime.readouts.models import Chart, Picture

AT_ONCE = 500


class Drawn(NamedTuple):
    """A drawn chart; `picture`: the digest of its PNG, empty where none was drawn yet."""

    svg: str
    picture: str


def chart_svgs(edition_id: int, scope: str, lang: str) -> dict[str, str]:
    """The drawn charts of a scope by section; one query."""
    return {section: drawn.svg for section, drawn in charts_drawn(edition_id, scope, lang).items()}


def charts_drawn(edition_id: int, scope: str, lang: str) -> dict[str, Drawn]:
    """The drawn charts of a scope by section, and which of them can be had as PNG; one query."""
    rows = Chart.objects.filter(edition_id=edition_id, scope=scope, lang=lang)
    return {
        section: Drawn(svg, picture)
        for section, svg, picture in rows.values_list("section", "svg", "picture")
    }


def chart_svgs_by_digest(digests: set[str]) -> dict[str, str]:
    """Charts drawn before, by what they were drawn from."""
    found: dict[str, str] = {}
    wanted = sorted(digests)
    for start in range(0, len(wanted), AT_ONCE):
        rows = Chart.objects.filter(digest__in=wanted[start : start + AT_ONCE])
        found.update(rows.values_list("digest", "svg"))
    return found


def pictures_known(digests: set[str]) -> set[str]:
    """Which of these pictures are drawn already."""
    found: set[str] = set()
    wanted = sorted(digests)
    for start in range(0, len(wanted), AT_ONCE):
        rows = Picture.objects.filter(digest__in=wanted[start : start + AT_ONCE])
        found.update(rows.values_list("digest", flat=True))
    return found


def picture_png(digest: str) -> bytes | None:
    """A drawn picture."""
    png = Picture.objects.filter(digest=digest).values_list("png", flat=True).first()
    return None if png is None else bytes(png)
