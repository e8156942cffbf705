"""The validity report of a channel: how far it can be trusted who stays, as the last job of its kind found it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from estime.engagement import api
from estime.jobs import api as jobs
from estime.readouts.pages import Addresses, view_build
from estime.readouts.report import scope_find, scope_front, scope_title
from estime.readouts.validity import validity_report
from estime.web.access import needs, signed_in
from estime.web.addresses import scope_url
from estime.web.frame import language, may
from estime.web.views.first import first

KIND = "validate"
LOOKED_AT = 50
"""Among so many newest jobs one that is under way is looked for."""


@require_safe
@needs("figures.see")
@never_cache
def validity_page(request: HttpRequest, scope: str = "") -> HttpResponseBase:
    """How well durability foretold the past, and how many are expected again; of groups only."""
    edition = api.edition()
    if edition is None or not edition.scopes:
        return first(request)
    if not scope:
        return redirect(validity_url(language(), scope_front(edition)))
    if scope_find(edition, scope) is None:
        raise Http404(_("There is no channel of this name."))
    return _page(request, edition, scope)


def _page(request: HttpRequest, edition: api.Edition, scope: str) -> HttpResponse:
    lang = language()
    found = api.validity_of(scope)
    report = None if found is None else validity_report(found.told, lang)
    drawn = {} if found is None else found.drawn.get(lang, {})
    info = scope_find(edition, scope)
    shown = {
        "title": scope_title(info) if info else scope,
        "report": report,
        "view": None if report is None else view_build(report, drawn, Addresses()),
        "channels": [
            {"title": scope_title(each), "url": validity_url(lang, each.name), "here": each.name == scope}
            for each in edition.scopes
        ],
        "overview": scope_url(lang, scope),
        "may_compute": may(request, "jobs.retry"),
        "going": any(
            job.kind == KIND and job.status in ("waiting", "running") for job in jobs.recent(LOOKED_AT)
        ),
    }
    return render(request, "web/validity.html", shown)


@require_POST
@needs("jobs.retry")
def validity_compute(request: HttpRequest) -> HttpResponseBase:
    """Ask for all reports anew; asking twice is asking once."""
    jobs.enqueue(KIND, {}, key=KIND, by=signed_in(request).pk)
    messages.success(
        request, _("The reports are computed anew. That takes some minutes; this page shows them then.")
    )
    return redirect("validity")


def validity_url(lang: str, scope: str) -> str:
    """The report beside the overview of the same scope."""
    return f"{scope_url(lang, scope)}validity/"
