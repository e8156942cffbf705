"""Reads of drawn charts."""

from estime.readouts.models import Chart

AT_ONCE = 500


def chart_svgs(edition_id: int, scope: str, lang: str) -> dict[str, str]:
    """The drawn charts of a scope by section; one query."""
    rows = Chart.objects.filter(edition_id=edition_id, scope=scope, lang=lang)
    return dict(rows.values_list("section", "svg"))


def chart_svgs_by_digest(digests: set[str]) -> dict[str, str]:
    """Charts drawn before, by what they were drawn from."""
    found: dict[str, str] = {}
    wanted = sorted(digests)
    for start in range(0, len(wanted), AT_ONCE):
        rows = Chart.objects.filter(digest__in=wanted[start : start + AT_ONCE])
        found.update(rows.values_list("digest", "svg"))
    return found
