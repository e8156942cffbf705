"""The overview page. It reads stored figures and drawn charts only; rendering happens once per edition."""

from collections.abc import Mapping
from typing import NamedTuple

from django.contrib.messages import get_messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from estime.engagement import api
from estime.kernel.configuration import configuration
from estime.readouts.crowd import PERSONS, scopes_of_few
from estime.readouts.pages import Addresses, view_build
from estime.readouts.queries import chart_svgs
from estime.readouts.report import report_build, scope_find, scope_front, scope_title
from estime.readouts.together import MEASURES
from estime.web.access import open_to_all, refusal
from estime.web.addresses import ALL, definition_url, docs_folder, scope_url
from estime.web.bodies import Bodies, Body
from estime.web.brand import brand_name
from estime.web.frame import language, languages, may, spaces_in_public, top_html, viewer
from estime.web.opening import acts_url
from estime.web.views.first import first

BODIES = Bodies()
NOTICES = b'<main id="content">'
"""Where the notices of one person go into a body that is kept for all of a role."""


class Shown(NamedTuple):
    """What whoever is looking may see of an edition. `few`: scopes kept from strangers. `now`: figures that told it."""

    edition: api.Edition
    few: frozenset[str] = frozenset()
    now: tuple[api.Figure, ...] | None = None


@require_safe
@open_to_all
def overview(request: HttpRequest, scope: str = "") -> HttpResponseBase:
    """For the brand's people; for everybody where `privacy.public_overview` says so."""
    refused = refused_to(request)
    if refused is not None:
        return refused
    edition = api.edition()
    if edition is None or not edition.scopes:
        return first(request)
    wanted = scope or request.GET.get("channel") or scope_front(edition)
    if scope_find(edition, wanted) is None:
        raise Http404(_("There is no channel of this name."))
    body = BODIES.get(_key(request, edition, wanted), lambda: _page(request, edition, wanted))
    return _answer(request, body)


def refused_to(request: HttpRequest) -> HttpResponseBase | None:
    """None for whoever may see figures."""
    if configuration().privacy.public_overview:
        return None
    return refusal(request, "figures.see")


def shown_to(request: HttpRequest, edition: api.Edition) -> Shown:
    """Strangers do not see groups of fewer than `privacy.smallest_group` persons."""
    if may(request, "figures.see"):
        return Shown(edition)
    now = tuple(api.figures_now((*PERSONS, *MEASURES)))  # what the report needs of all channels comes with it
    few = scopes_of_few(configuration().privacy.smallest_group, now)
    left = [info for info in edition.scopes if info.name not in few]
    return Shown(edition._replace(scopes=left), few, now)


def _key(request: HttpRequest, edition: api.Edition, scope: str) -> tuple[object, ...]:
    told, user = configuration(), viewer(request)
    seen = (brand_name(), told.brand.accent, told.site.languages, told.privacy.smallest_group)
    who = user.role if user else spaces_in_public()
    return (edition.id, edition.made_at, scope, language(), who, seen)


def _page(request: HttpRequest, edition: api.Edition, scope: str) -> tuple[str, bool]:
    lang, shown = language(), shown_to(request, edition)
    if scope in shown.few:
        return _too_few(request, shown, scope), True
    report = report_build(shown.edition, scope, lang, shown.now)
    if report is None:
        raise Http404(_("There is no channel of this name."))
    view = view_build(report, chart_svgs(edition.id, scope, lang), _addresses(request, lang, scope))
    context = {"report": report, "view": view, "left_out": _left_out(shown) if scope == ALL else ""}
    if may(request, "figures.see") and any(section.id == "map" for section in report.sections):
        context["map_url"] = f"{scope_url(lang, scope)}map/"
    if may(request, "figures.see"):
        context["validity_url"] = f"{scope_url(lang, scope)}validity/"
    return _rendered(request, "web/overview.html", shown, scope, context), view.complete


def _addresses(request: HttpRequest, lang: str, scope: str) -> Addresses:
    opens = may(request, "acts.see")
    return Addresses(
        definition=definition_url(lang) if docs_folder() else "",
        scope=lambda name: scope_url(lang, name),
        acts=(lambda acts: acts_url(lang, acts)) if opens else None,
        file=lambda section, ending: f"{scope_url(lang, scope)}{section}.{ending}",
    )


def _rendered(
    request: HttpRequest, template: str, shown: Shown, scope: str, context: Mapping[str, object]
) -> str:
    address = scope_url(language(), scope)
    frame = {
        "header": top_html(request, address),
        "messages": (),  # a body is kept for others too: what is told to one person is put in when it is sent
        "languages": languages(address),
        "canonical": address,
        "channels": [
            {
                "title": scope_title(info),
                "url": scope_url(language(), info.name),
                "here": info.name == scope,
            }
            for info in shown.edition.scopes
        ],
    }
    return render_to_string(template, {**frame, **context}, request)


def _too_few(request: HttpRequest, shown: Shown, scope: str) -> str:
    fewest = configuration().privacy.smallest_group
    return _rendered(request, "web/few.html", shown, scope, {"fewest": fewest})


def _left_out(shown: Shown) -> str:
    if not shown.few:
        return ""
    fewest = configuration().privacy.smallest_group
    told = ngettext(
        "{n} channel of fewer than {fewest} people is not shown in public.",
        "{n} channels of fewer than {fewest} people are not shown in public.",
        len(shown.few),
    )
    return told.format(n=len(shown.few), fewest=fewest)


def _answer(request: HttpRequest, body: Body) -> HttpResponse:
    told = list(get_messages(request))
    if told:
        notices = render_to_string("web/_notices.html", {"messages": told}).encode()
        response = HttpResponse(body.raw.replace(NOTICES, NOTICES + notices, 1))
        response["Cache-Control"] = "private, no-store"
        return response
    squeeze = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(body.packed if squeeze else body.raw, content_type="text/html; charset=utf-8")
    if squeeze:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ("Accept-Encoding",))
    return conditional(request, response, body.etag)


def conditional(request: HttpRequest, response: HttpResponse, etag: str) -> HttpResponse:
    """The response, or 304 for whoever has it already. Its time alone is no validator: code and language change too."""
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache" if viewer(request) is None else "private, no-cache"
    unchanged = get_conditional_response(request, etag=etag, response=response)
    return unchanged if isinstance(unchanged, HttpResponse) else response
