"""Publishing an edition: every chart of every scope in every language is drawn before anybody asks for it.

A chart whose input did not change is not drawn again, and neither is its picture. Publishing twice is publishing
once; an interrupted publication leaves what stood before.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from estime.engagement import api
from estime.readouts.charts import DRAWING, chart_svg
from estime.readouts.models import Chart, Picture
from estime.readouts.pictures import SCALE, picture_png
from estime.readouts.queries import chart_svgs_by_digest, pictures_known
from estime.readouts.report import report_of
from estime.readouts.shapes import Chart as ChartShape
from estime.readouts.standalone import Caption, accent, caption_of, picture_svg

TOGETHER = 20
"""How many pictures are held in memory at a time."""


class Published(NamedTuple):
    """How many charts were drawn, and how many stood already."""

    drawn: int
    kept: int


class Place(NamedTuple):
    scope: str
    section: str
    lang: str
    chart: ChartShape
    digest: str
    caption: Caption


def publish(edition: api.Edition, *, told: Callable[[int, int], None] | None = None) -> Published:
    """Draw what changed, keep what did not, drop editions before the one shown. `told(done, total)`."""
    places = list(_places(edition))
    svgs = chart_svgs_by_digest({place.digest for place in places})
    kept = drawn = 0
    for done, place in enumerate(places, start=1):
        if place.digest in svgs:
            kept += 1
        else:
            svgs[place.digest] = chart_svg(place.chart, name=f"{place.section}", lang=place.lang)
            drawn += 1
        if told:
            told(done, len(places))
    pictures = _pictures(places, svgs)
    _store(edition.id, places, svgs, pictures)
    return Published(drawn, kept)


def _places(edition: api.Edition) -> Iterator[Place]:
    for info in edition.scopes:
        figures = api.figures(info.name)
        for lang, _name in settings.LANGUAGES:
            report = report_of(edition, info, lang, figures)
            for section in report.sections:
                if section.chart is not None:
                    digest = section.chart.digest(lang, f"{DRAWING}/{section.id}")
                    caption = caption_of(report, section)
                    yield Place(info.name, section.id, lang, section.chart, digest, caption)


def _pictures(places: list[Place], svgs: dict[str, str]) -> list[str]:
    """Draw the pictures that are not known yet; returns the digest of each place's.

    Each is stored as soon as it is drawn: a picture says what it shows, so that one which is used only later, or
    never, does no harm, and `_store` drops it.
    """
    colour = accent()
    alone = [picture_svg(svgs[place.digest], place.caption, colour) for place in places]
    digests = [hashlib.sha256(f"{SCALE}/{svg}".encode()).hexdigest() for svg in alone]
    known = pictures_known(set(digests))
    wanted = [
        (digest, svg) for digest, svg in dict(zip(digests, alone, strict=True)).items() if digest not in known
    ]
    for start in range(0, len(wanted), TOGETHER):
        rows = [
            Picture(digest=digest, png=picture_png(svg)) for digest, svg in wanted[start : start + TOGETHER]
        ]
        Picture.objects.bulk_create(rows, ignore_conflicts=True)
    return digests


def _store(edition_id: int, places: list[Place], svgs: dict[str, str], pictures: list[str]) -> None:
    rows = [
        Chart(
            edition_id=edition_id,
            scope=p.scope,
            section=p.section,
            lang=p.lang,
            digest=p.digest,
            svg=svgs[p.digest],
            picture=picture,
        )
        for p, picture in zip(places, pictures, strict=True)
    ]
    with transaction.atomic():
        Chart.objects.filter(edition_id=edition_id).delete()
        Chart.objects.bulk_create(rows, batch_size=100)
        shown = Chart.objects.filter(edition_id__lt=edition_id).order_by("-edition_id")
        previous = shown.values_list("edition_id", flat=True).first()
        if previous is not None:
            Chart.objects.filter(edition_id__lt=previous).delete()
        Picture.objects.exclude(digest__in=Chart.objects.values("picture")).delete()
