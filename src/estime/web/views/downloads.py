"""What a chart can be taken away as: a picture (SVG, PNG) that stands alone, and its figures (CSV)."""

import hashlib
import re
import unicodedata
from typing import NamedTuple
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from estime.engagement import api
from estime.readouts.files import csv_of
from estime.readouts.pictures import PictureUnpainted, picture_png
from estime.readouts.queries import chart_svgs
from estime.readouts.report import report_build
from estime.readouts.shapes import Report, Section
from estime.readouts.standalone import accent, caption_of, picture_svg
from estime.web.access import open_to_all
from estime.web.addresses import ALL
from estime.web.frame import language
from estime.web.views.overview import conditional, refused_to, shown_to

TYPES = {
    "svg": "image/svg+xml; charset=utf-8",
    "png": "image/png",
    "csv": "text/csv; charset=utf-8; header=present",
}


class _Wanted(NamedTuple):
    report: Report
    section: Section
    svg: str | None
    """The chart as pages show it, where one is wanted and drawn."""


@require_safe
@open_to_all
def download(request: HttpRequest, scope: str, section: str, ending: str) -> HttpResponseBase:
    """For whoever may see the overview, and of what is shown there only."""
    refused = refused_to(request)
    if refused is not None:
        return refused
    wanted = _wanted(request, scope, section, ending)
    try:
        body = _body(wanted, ending)
    except PictureUnpainted as error:
        return HttpResponse(
            f"{error}\n", content_type="text/plain; charset=utf-8", status=503, headers={"Retry-After": "10"}
        )
    response = HttpResponse(body, content_type=TYPES[ending])
    response["Content-Disposition"] = _disposition(wanted, ending)
    return conditional(request, response, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


def _wanted(request: HttpRequest, scope: str, name: str, ending: str) -> _Wanted:
    edition = api.edition()
    shown = shown_to(request, edition) if edition is not None else None
    report = report_build(shown.edition, scope, language(), shown.now) if shown else None
    section = next((each for each in report.sections if each.id == name), None) if report else None
    if edition is None or report is None or section is None:
        raise Http404(_("There is no chart of this name."))
    svg = None if ending == "csv" else chart_svgs(edition.id, scope, language()).get(name)
    return _Wanted(report, section, svg)


def _body(wanted: _Wanted, ending: str) -> bytes:
    report, section, drawn = wanted
    if ending == "csv" and section.figures:
        return csv_of(report, section).encode()
    if drawn is None:
        raise Http404(_("This chart has not been drawn yet: the next refresh draws it."))
    svg = picture_svg(drawn, caption_of(report, section), accent())
    return svg.encode() if ending == "svg" else picture_png(svg)


def _disposition(wanted: _Wanted, ending: str) -> str:
    """A name that says what it is, of which place and as of when; in ASCII too, for old programs."""
    report, section, _svg = wanted
    name = f"{report.title} {section.title} {report.as_of:%Y-%m-%d}"
    told = re.sub(r"[^\w.-]+", "-", name).strip("-")
    plain = unicodedata.normalize("NFKD", told).encode("ascii", "ignore").decode().strip("-")
    return f"attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{quote(told)}.{ending}"


def paths() -> list[URLPattern]:
    """An address for each ending, beside the page that shows the chart."""
    return [
        path(
            f"{place}<slug:section>.{ending}", download, {**more, "ending": ending}, name=f"download-{ending}"
        )
        for ending in TYPES
        for place, more in (("c/<str:scope>/", {}), ("all/", {"scope": ALL}))
    ]
