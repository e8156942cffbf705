"""The engagement map of a channel: the readout's sections about it, and how it is kept."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from estime.engagement import api
from estime.kernel.configuration import configuration
from estime.readouts.pages import Addresses, Topic, view_build
from estime.readouts.queries import chart_svgs
from estime.readouts.report import MAPPED, report_build, scope_find, scope_front, scope_title
from estime.web.access import needs
from estime.web.addresses import definition_url, docs_folder, scope_url
from estime.web.frame import language, may
from estime.web.opening import acts_url
from estime.web.views.first import first


@require_safe
@needs("figures.see")
@never_cache
def map_page(request: HttpRequest, scope: str = "") -> HttpResponseBase:
    """Who is attached and who acts, over time; of groups only."""
    edition = api.edition()
    if edition is None or not edition.scopes:
        return first(request)
    if not scope:
        return redirect(map_url(language(), scope_front(edition)))
    if scope_find(edition, scope) is None:
        raise Http404(_("There is no channel of this name."))
    return _page(request, edition, scope)


def _page(request: HttpRequest, edition: api.Edition, scope: str) -> HttpResponse:
    lang, privacy = language(), configuration().privacy
    report = report_build(edition, scope, lang)
    if report is None:
        raise Http404(_("There is no channel of this name."))
    report = report._replace(sections=tuple(s for s in report.sections if s.id in MAPPED))
    to = Addresses(
        definition=definition_url(lang) if docs_folder() else "",
        scope=lambda name: scope_url(lang, name),
        acts=(lambda acts: acts_url(lang, acts)) if may(request, "acts.see") else None,
        file=lambda section, ending: f"{scope_url(lang, scope)}{section}.{ending}",
    )
    view = view_build(report, chart_svgs(edition.id, scope, lang), to)
    shown = {
        "report": report,
        "truth": view.topics[0].finding if view.topics else "",
        "view": view._replace(topics=tuple(_once(topic) for topic in view.topics)),
        "channels": [
            {"title": scope_title(info), "url": map_url(lang, info.name), "here": info.name == scope}
            for info in edition.scopes
        ],
        "overview": scope_url(lang, scope),
        "privacy": privacy,
        "contests": api.contests_counted(),
    }
    return render(request, "web/map.html", shown)


def _once(topic: Topic) -> Topic:
    """The page opens with what the map shows: it does not say so twice."""
    return topic._replace(finding=SafeString("")) if topic.section.id == MAPPED[0] else topic


def map_url(lang: str, scope: str) -> str:
    """The map beside the overview of the same scope."""
    return f"{scope_url(lang, scope)}map/"
