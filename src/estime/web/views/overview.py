"""The overview page. It reads stored figures and drawn charts only; rendering happens once per edition."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from estime.engagement import api
from estime.kernel.configuration import configuration
from estime.readouts.pages import view_build
from estime.readouts.queries import chart_svgs
from estime.readouts.report import report_build, scope_find, scope_front, scope_title
from estime.web.access import open_to_all, refusal
from estime.web.addresses import definition_url, docs_folder, scope_url
from estime.web.bodies import Bodies
from estime.web.frame import language, languages, viewer

BODIES = Bodies()


@require_safe
@open_to_all
def overview(request: HttpRequest, scope: str = "") -> HttpResponseBase:
    """For the brand's people; for everybody where `privacy.public_overview` says so."""
    if not configuration().privacy.public_overview:
        refused = refusal(request, "figures.see")
        if refused is not None:
            return refused
    edition = api.edition()
    if edition is None or not edition.scopes:
        return render(request, "web/first.html")
    wanted = scope or request.GET.get("channel") or scope_front(edition)
    if scope_find(edition, wanted) is None:
        raise Http404(_("There is no channel of this name."))
    user = viewer(request)
    key = (edition.id, edition.made_at, wanted, language(), user.role if user else "")
    body = BODIES.get(key, lambda: _page(request, edition, wanted))
    return _answer(request, body.raw, body.packed, body.etag)


def _page(request: HttpRequest, edition: api.Edition, scope: str) -> tuple[str, bool]:
    lang = language()
    report = report_build(edition, scope, lang)
    if report is None:
        raise Http404(_("There is no channel of this name."))
    view = view_build(
        report,
        chart_svgs(edition.id, scope, lang),
        definition_url(lang) if docs_folder() else "",
        lambda name: scope_url(lang, name),
    )
    context = {
        "report": report,
        "view": view,
        "languages": languages(scope_url(lang, scope)),
        "canonical": scope_url(lang, scope),
        "channels": [
            {"title": scope_title(info), "url": scope_url(lang, info.name), "here": info.name == scope}
            for info in edition.scopes
        ],
    }
    return render_to_string("web/overview.html", context, request), view.complete


def _answer(request: HttpRequest, raw: bytes, packed: bytes, etag: str) -> HttpResponse:
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
