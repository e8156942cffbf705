"""The channels: what came in through each, when, and what waits there to be mended."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from estime.channels import api as channels_api
from estime.engagement import api as engagement
from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.people.settings_changes import settings_change_record
from estime.readouts.wording import count
from estime.web.access import needs, refusal
from estime.web.addresses import scope_url
from estime.web.frame import language, may, viewer
from estime.web.import_words import MARKS, STATUSES

PAGE = 25
TAKEN = ("upload", "imports", "named")
"""Names of channels whose page stands at an address of its own, as something else has theirs."""
TITLE_LENGTH, ATTRIBUTION_LENGTH = 200, 2000


def channel_url(name: str) -> str:
    """The address of a channel's own page."""
    return reverse("channel-named" if name in TAKEN else "channel-page", args=[name])


@require_safe
@needs("channels.see")
@never_cache
def channels(request: HttpRequest) -> HttpResponse:
    """Every channel: how much, since when, what came last, and what waits."""
    scopes = {scope.name: scope for scope in _scopes()}
    last, waiting = channels_api.imports_last(), channels_api.rejects_waiting()
    rows = [
        _row(channel, scopes.get(channel.name), last.get(channel.name), waiting.get(channel.name, 0))
        for channel in ledger.channels()
    ]
    shown = {
        "sentence": _sentence(rows),
        "lead": _waiting_words(sum(waiting.values())),
        "rows": rows,
        "may_import": may(request, "channels.import"),
    }
    return render(request, "pages/channels.html", shown)


def _scopes() -> list[engagement.ScopeInfo]:
    edition = engagement.edition()
    return [] if edition is None else edition.scopes


def _row(
    channel: Any, scope: engagement.ScopeInfo | None, last: channels_api.Import | None, waiting: int
) -> dict[str, Any]:
    form = channels_api.FORMATS.get(channel.format)
    return {
        "title": str(channel),
        "name": channel.name,
        "url": channel_url(channel.name),
        "overview": scope_url(language(), channel.name) if scope else "",
        "acts_url": _acts_url(channel.name),
        "format": form.name if form else channel.format,
        "acts": scope.acts if scope else None,
        "first": scope.first_act if scope else None,
        "last": scope.last_act if scope else None,
        "archive": bool(scope and scope.archive),
        "import": last and import_row(last),
        "waiting": waiting,
        "waiting_words": _waiting_words(waiting),
    }


def _acts_url(name: str) -> str:
    try:
        return f"{reverse('acts')}?{urlencode({'channel': name})}"
    except NoReverseMatch:
        return ""


def import_row(record: channels_api.Import) -> dict[str, Any]:
    """An import as a list shows it."""
    return {
        "url": reverse("import", args=[record.pk]),
        "file": record.file_name,
        "started": record.started,
        "status": str(STATUSES[record.status]),
        "mark": MARKS[record.status],
        "new": record.new,
        "known": record.known,
        "erased": record.erased,
        "rejected": record.rejected,
        "waiting": channels_api.import_waiting(record),
        "by": str(record.by) if record.by_id and record.by else "",
    }


def _sentence(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return _("Nothing has come in yet.")
    archives = sum(row["archive"] for row in rows)
    told = ngettext(
        "What people do reaches us through %(n)s channel.",
        "What people do reaches us through %(n)s channels.",
        len(rows),
    ) % {"n": count(len(rows))}
    if not archives:
        return told
    if archives == len(rows):
        return told + " " + _("All of it is an archive.")
    more = ngettext("%(n)s of them is an archive.", "%(n)s of them are archives.", archives)
    return told + " " + more % {"n": count(archives)}


def _waiting_words(waiting: int) -> str:
    if not waiting:
        return ""
    told = ngettext("%(n)s refused row waits to be mended.", "%(n)s refused rows wait to be mended.", waiting)
    return told % {"n": count(waiting)}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("channels.see")
@never_cache
def channel(request: HttpRequest, name: str) -> HttpResponseBase:
    """One channel: everything that was imported into it, and what it is called."""
    found = next((each for each in ledger.channels() if each.name == name), None)
    if found is None:
        raise Http404(_("There is no channel of this name."))
    if request.method == "POST":
        return _describe(request, found)
    return _channel_page(request, found)


def _channel_page(request: HttpRequest, found: Any, errors: dict[str, str] | None = None) -> HttpResponse:
    name = found.name
    scope = next((each for each in _scopes() if each.name == name), None)
    records = channels_api.imports(name, _cursor(request.GET), PAGE + 1)
    waiting = channels_api.rejects_waiting().get(name, 0)
    last = records[PAGE - 1] if len(records) > PAGE else None
    told = request.POST if errors else {"title": found.title, "attribution": found.attribution}
    shown = {
        "channel": _row(found, scope, None, waiting),
        "imports": [import_row(record) for record in records[:PAGE]],
        "next": f"?before={last.started.isoformat()}_{last.pk}".replace("+", "%2B") if last else "",
        "first": channel_url(name) if "before" in request.GET else "",
        "totals": channels_api.imports_total(name),
        "accounts": _accounts(name),
        "attribution": found.attribution,
        "form": {name: told.get(name, "") for name in ("title", "attribution")},
        "errors": errors or {},
        "may_change": may(request, "settings.change"),
        "may_import": may(request, "channels.import"),
        "may_see_persons": may(request, "persons.see"),
    }
    return render(request, "pages/channel.html", shown, status=422 if errors else 200)


def _accounts(name: str) -> list[dict[str, Any]]:
    """The brand's accounts on a channel, and whether the ledger knows them."""
    handles = [a.handle for a in configuration().brand.accounts if a.channel == name]
    return [
        {"handle": handle, "known": bool(ledger.account_keys([(name, handle)]))} for handle in sorted(handles)
    ]


def _cursor(query: QueryDict) -> tuple[datetime, UUID] | None:
    """Where the page before ended; an address that somebody made up begins at the beginning."""
    told = re.fullmatch(r"(\S+)_([0-9a-f-]{36})", query.get("before", ""))
    if told is None:
        return None
    try:
        moment = datetime.fromisoformat(told[1])
        return (moment, UUID(told[2])) if moment.tzinfo else None
    except ValueError:
        return None


def _describe(request: HttpRequest, found: Any) -> HttpResponseBase:
    refused = refusal(request, "settings.change")
    if refused is not None:
        return refused
    user = viewer(request)
    title, attribution = (request.POST.get(name, "").strip() for name in ("title", "attribution"))
    errors = {}
    if len(title) > TITLE_LENGTH or "\0" in title:
        errors["title"] = _("At most %(n)s characters.") % {"n": TITLE_LENGTH}
    if len(attribution) > ATTRIBUTION_LENGTH or "\0" in attribution:
        errors["attribution"] = _("At most %(n)s characters.") % {"n": ATTRIBUTION_LENGTH}
    if errors:
        return _channel_page(request, found, errors)
    before = {"title": found.title, "attribution": found.attribution}
    after = {"title": title, "attribution": attribution}
    if before != after:
        changes = {f"channel.{found.name}.{key}": (before[key], after[key]) for key in before}
        with settings_change_record(user.pk if user else None, changes):
            ledger.channel_describe(found.name, title, attribution)
            engagement.scope_describe(found.name, title, attribution)
        messages.success(request, _("Saved."))
    return redirect(channel_url(found.name))
