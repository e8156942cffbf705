"""The overview page. It reads stored figures and drawn charts only; rendering happens once per edition."""

import re
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from estime.engagement import api
from estime.readouts.pages import view_build
from estime.readouts.queries import chart_svgs
from estime.readouts.report import report_build, scope_find, scope_front, scope_title
from estime.version import __version__ as VERSION
from estime.web.addresses import definition_url, in_language, scope_url
from estime.web.bodies import Bodies
from estime.web.colours import accents_legible
from estime.web.prose import prose_html

BODIES = Bodies()
NAME = re.compile(r"[a-z0-9_]+")


def _lang() -> str:
    return (get_language() or "en").split("-")[0]


def _frame(request: HttpRequest, path: str | None = None) -> dict[str, object]:
    """What every page shows around its content."""
    lang = _lang()
    return {
        "lang": lang,
        "home": f"/{lang}/",
        "version": VERSION,
        "definitions": f"/{lang}/definitions/",
        "languages": [
            {"code": code, "name": name, "url": in_language(path or request.path, code)}
            for code, name in settings.LANGUAGES
        ],
    }


@require_safe
def overview(request: HttpRequest, scope: str = "") -> HttpResponse:
    edition = api.edition()
    if edition is None or not edition.scopes:
        return render(request, "web/first.html", _frame(request))
    wanted = scope or request.GET.get("channel") or scope_front(edition)
    if scope_find(edition, wanted) is None:
        raise Http404(_("There is no channel of this name."))
    lang = _lang()
    key = (edition.id, edition.made_at, wanted, lang)
    body = BODIES.get(key, lambda: _page(request, edition, wanted))
    return _answer(request, body.raw, body.packed, body.etag, int(edition.made_at.timestamp()))


def _page(request: HttpRequest, edition: api.Edition, scope: str) -> tuple[str, bool]:
    lang = _lang()
    report = report_build(edition, scope, lang)
    if report is None:
        raise Http404(_("There is no channel of this name."))
    view = view_build(
        report,
        chart_svgs(edition.id, scope, lang),
        definition_url(lang) if _docs() else "",
        lambda name: scope_url(lang, name),
    )
    context = _frame(request, scope_url(lang, scope)) | {
        "report": report,
        "view": view,
        "canonical": scope_url(lang, scope),
        "channels": [
            {"title": scope_title(info), "url": scope_url(lang, info.name), "here": info.name == scope}
            for info in edition.scopes
        ],
    }
    return render_to_string("web/overview.html", context), view.complete


def _answer(request: HttpRequest, raw: bytes, packed: bytes, etag: str, modified: int) -> HttpResponse:
    squeeze = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(packed if squeeze else raw, content_type="text/html; charset=utf-8")
    if squeeze:
        response["Content-Encoding"] = "gzip"
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ("Accept-Encoding",))
    # The time of the edition alone is no validator: code and language change a page as well.
    conditional = get_conditional_response(request, etag=etag, response=response)
    return conditional if isinstance(conditional, HttpResponse) else response


@require_safe
def brand_css(request: HttpRequest) -> HttpResponse:
    accents = accents_legible(getattr(settings, "ESTIME_ACCENT", {}))
    rules = []
    if "light" in accents:
        rules.append(f"@media (prefers-color-scheme: light) {{ :root {{ --accent: {accents['light']}; }} }}")
    if "dark" in accents:
        rules.append(f"@media (prefers-color-scheme: dark) {{ :root {{ --accent: {accents['dark']}; }} }}")
    response = HttpResponse("\n".join(rules) + "\n", content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "max-age=300"
    return response


def _docs() -> Path | None:
    told = getattr(settings, "ESTIME_DOCS", None)
    return Path(told) / "measures" if told else None


@require_safe
def definitions(request: HttpRequest) -> HttpResponse:
    folder = _docs()
    pages = sorted(path for path in folder.glob("*.md") if NAME.fullmatch(path.stem)) if folder else []
    shown = [{"name": path.stem, "title": _title(path)} for path in pages]
    return render(request, "web/definitions.html", _frame(request) | {"pages": shown})


def _title(page: Path) -> str:
    """The first line without its mark and without the names of the measures after the colon."""
    with page.open(encoding="utf-8") as lines:
        return lines.readline().lstrip("# ").partition(":")[0].strip() or page.stem


@require_safe
def definition(request: HttpRequest, measure: str) -> HttpResponse:
    folder = _docs()
    page = folder / f"{measure}.md" if folder else None
    if page is None or not NAME.fullmatch(measure) or not page.is_file():
        raise Http404(_("There is no definition of this name."))
    shown = {"name": measure, "text": prose_html(page.read_text("utf-8"))}
    return render(request, "web/definition.html", _frame(request) | shown)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "web/404.html", _frame(request), status=404)


def went_wrong(request: HttpRequest) -> HttpResponse:
    return render(request, "web/500.html", _frame(request), status=500)
