"""The brand's own accounts: named one by one, and found by how they begin."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.readouts.wording import count
from estime.web.access import needs
from estime.web.settings_saving import settings_save, settings_sent
from estime.web.settings_tabs import settings_frame


@require_http_methods(["GET", "HEAD", "POST"])
@needs("settings.see")
@never_cache
def settings_accounts(request: HttpRequest) -> HttpResponseBase:
    """The brand's own accounts: left out of members' figures; their answers are the brand's."""
    answer, errors = settings_sent(request, "settings-accounts", _change_accounts)
    if answer is not None:
        return answer
    named = [(account.channel, account.handle) for account in configuration().brand.accounts]
    titles = {channel.name: str(channel) for channel in ledger.channels()}
    rows = [
        {"channel": c, "title": titles.get(c, c), "handle": h, "known": bool(ledger.account_keys([(c, h)]))}
        for c, h in named
    ]
    missing = sum(not row["known"] for row in rows)
    shown = {
        "rows": rows,
        "missing": _missing_words(missing) if missing else "",
        "channels": list(titles.items()),
        "told": {
            "channel": request.POST.get("channel", request.GET.get("channel", "")),
            "handle": request.POST.get("handle", ""),
        },
        "found": _search(request),
        **settings_frame(request, "settings-accounts", errors),
    }
    return render(request, "pages/settings-accounts.html", shown, status=422 if errors.get("handle") else 200)


def _missing_words(missing: int) -> str:
    words = ngettext(
        "%(n)s of them is not found in what came in: check how its channel writes it.",
        "%(n)s of them are not found in what came in: check how their channels write them.",
        missing,
    )
    return words % {"n": count(missing)}


def _search(request: HttpRequest) -> list[str] | None:
    """Handles that begin so, for whoever looks for an account; None when nobody does."""
    if request.method != "POST" or request.POST.get("do") != "search":
        return None
    return ledger.handles_like(request.POST.get("channel", ""), request.POST.get("handle", "").strip(), 20)


def _change_accounts(request: HttpRequest) -> dict[str, str]:
    told, do = request.POST, request.POST.get("do", "")
    if do == "search":
        return {"search": ""}
    accounts = [{"channel": a.channel, "handle": a.handle} for a in configuration().brand.accounts]
    this = {"channel": told.get("channel", ""), "handle": told.get("handle", "").strip()}
    if do == "remove":
        accounts = [account for account in accounts if account != this]
    elif (
        not this["handle"]
        or len(this["handle"]) > 1024
        or this["channel"] not in {c.name for c in ledger.channels()}
    ):
        return {"handle": _("Choose a channel, and write the handle as the channel writes it.")}
    elif this in accounts:
        messages.info(request, _("This account is named already."))
        return {}
    else:
        accounts.append(this)
    return settings_save(request, {"brand.accounts": accounts or None})
