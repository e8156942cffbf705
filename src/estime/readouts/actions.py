"""Publishing an edition: every chart of every scope in every language is drawn before anybody asks for it.

A chart whose input did not change is not drawn again. Publishing twice is publishing once; an interrupted publication
leaves what stood before.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from estime.engagement import api
from estime.readouts.charts import DRAWING, chart_svg
from estime.readouts.models import Chart, Picture
from estime.readouts.queries import chart_svgs_by_digest
from estime.readouts.report import report_of
from estime.readouts.shapes import Chart as ChartShape


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
    _store(edition.id, places, svgs)
    return Published(drawn, kept)


def _places(edition: api.Edition) -> Iterator[Place]:
    for info in edition.scopes:
        figures = api.figures(info.name)
        for lang, _name in settings.LANGUAGES:
            report = report_of(edition, info, lang, figures)
            for section in report.sections:
                if section.chart is not None:
                    digest = section.chart.digest(lang, f"{DRAWING}/{section.id}")
                    yield Place(info.name, section.id, lang, section.chart, digest)


def _store(edition_id: int, places: list[Place], svgs: dict[str, str]) -> None:
    rows = [
        Chart(
            edition_id=edition_id,
            scope=p.scope,
            section=p.section,
            lang=p.lang,
            digest=p.digest,
            svg=svgs[p.digest],
        )
        for p in places
    ]
    with transaction.atomic():
        Chart.objects.filter(edition_id=edition_id).delete()
        Chart.objects.bulk_create(rows, batch_size=100)
        shown = Chart.objects.filter(edition_id__lt=edition_id).order_by("-edition_id")
        previous = shown.values_list("edition_id", flat=True).first()
        if previous is not None:
            Chart.objects.filter(edition_id__lt=previous).delete()
        Picture.objects.all().delete()  # each says as of when it holds
