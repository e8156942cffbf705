"""The measures and their definitions, as they stand in docs/measures, and the brand's colours."""

import re
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from estime.web import brand
from estime.web.access import open_to_all
from estime.web.addresses import docs_folder
from estime.web.prose import prose_html

NAME = re.compile(r"[a-z0-9_]+")


@require_safe
@open_to_all
def brand_css(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(brand.brand_css(), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "max-age=300"
    return response


@require_safe
@open_to_all
def definitions(request: HttpRequest) -> HttpResponse:
    folder = docs_folder()
    pages = sorted(path for path in folder.glob("*.md") if NAME.fullmatch(path.stem)) if folder else []
    shown = [{"name": path.stem, "title": _title(path)} for path in pages]
    return render(request, "web/definitions.html", {"pages": shown})


def _title(page: Path) -> str:
    """The first line without its mark and without the names of the measures after the colon."""
    with page.open(encoding="utf-8") as lines:
        return lines.readline().lstrip("# ").partition(":")[0].strip() or page.stem


@require_safe
@open_to_all
def definition(request: HttpRequest, measure: str) -> HttpResponse:
    folder = docs_folder()
    page = folder / f"{measure}.md" if folder else None
    if page is None or not NAME.fullmatch(measure) or not page.is_file():
        raise Http404(_("There is no definition of this name."))
    shown = {"name": measure, "text": prose_html(page.read_text("utf-8"))}
    return render(request, "web/definition.html", shown)
