"""Access tokens of the REST API: make one, see which there are, revoke one. And the page that explains error codes."""

import re
import secrets
from datetime import timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estime.kernel.clock import now
from estime.ledger import api as ledger
from estime.people.api import shown_lately
from estime.people.models import AccessToken, User
from estime.people.sealing import sealing_key
from estime.people.tokens import (
    LEAVING,
    SCOPES,
    TokenRefused,
    check_token,
    token_make,
    token_revoke,
    tokens_seen_by,
)
from estime.web.access import needs, open_to_all, signed_in
from estime.web.addresses import docs_folder
from estime.web.prose import prose_html
from estime.web.settings_tabs import tabs

_NEW = "token_new"
_ONCE = "token_once"
_SHOWN = 100
_DAYS = ("30", "90", "365", "0")


def _scope_words() -> dict[str, tuple[str, str]]:
    return {
        "acts:write": (_("Send acts"), _("Also what a Segment write key needs.")),
        "acts:read": (_("Read acts"), _("What was done, under account numbers.")),
        "persons:read": (_("Read who acted"), _("Handles and people. Each look is noted.")),
        "figures:read": (_("Read figures"), ""),
        "readouts:read": (_("Read reports"), ""),
        "spaces:read": (_("Read in spaces"), _("What you can read there yourself, your drafts too.")),
        "spaces:write": (_("Take part"), _("Contribute, comment, support and ask, in your name.")),
        "votes:cast": (_("Vote"), _("And read your own ballot.")),
        "spaces:lead": (
            _("Lead challenges and answer"),
            _("Your own challenges; those of the brand, answers and promises as far as your role allows."),
        ),
        "spaces:moderate": (_("Moderate"), _("Look at reports, hide and show again.")),
        "surveys:read": (_("Read what people answered"), _("Sums of at least ten people.")),
        "listening:read": (
            _("Read texts and how they read"),
            _("Topics, brand and products, saved searches and their alerts, too."),
        ),
        "listening:write": (_("Save searches"), _("Change and delete one’s own.")),
        "affect:read": (_("Have texts read"), _("Texts that the program sends; nothing of them is kept.")),
        "me:leave": (
            _("Leave for good"),
            _("Erase all that is yours. Give it to no program that need not be able to."),
        ),
    }


def _channels(person: User) -> list[tuple[str, str]]:
    """The channels that a token can be bound to: nothing to choose for whoever sees none."""
    if not person.may("channels.see"):
        return []
    return [("", _("all channels")), *((c.name, str(c)) for c in ledger.channels())]


def _day_words() -> list[tuple[str, str]]:
    words = (_("after 30 days"), _("after 90 days"), _("after a year"), _("never"))
    return list(zip(_DAYS, words, strict=True))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("tokens.own")
@never_cache
def tokens(request: HttpRequest) -> HttpResponseBase:
    """One's own tokens, or everybody's for administrators; and the form for a new one."""
    person = signed_in(request)
    told: dict[str, Any] = {"name": "", "scopes": [], "channel": "", "days": "90"}
    errors: dict[str, str] = {}
    if request.method == "POST":
        told = _told(request)
        errors = _made(request, person, told)
        if not errors:
            return redirect("tokens")
    words = _scope_words()
    shown = {
        "tabs": tabs(request, "tokens"),
        "new": _new(request),
        "rows": [_row(token, person, words) for token in tokens_seen_by(person)[:_SHOWN]],
        "everybody": person.may("staff.manage"),
        "scopes": [(scope, *words[scope]) for scope, need in SCOPES.items() if person.may(need)],
        "channels": _channels(person),
        "days": _day_words(),
        "told": told,
        "errors": errors,
        "once": secrets.token_urlsafe(12),
    }
    return render(request, "pages/tokens.html", shown, status=422 if errors else 200)


@require_POST
@needs("tokens.own")
def token_revoked(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Revoke a token that one may see; again is harmless."""
    token = get_object_or_404(tokens_seen_by(signed_in(request)), pk=pk)
    token_revoke(token, signed_in(request))
    messages.success(request, _("“%(name)s” is revoked: it opens nothing any more.") % {"name": token.name})
    return redirect("tokens")


@require_safe
@open_to_all
def error_codes(request: HttpRequest) -> HttpResponseBase:
    """Every error code, explained: where the `type` of a problem of the API leads. The page is in English."""
    folder = docs_folder()
    page = folder.parent / "errors.md" if folder else None
    if page is None or not page.is_file():
        raise Http404
    written = re.sub(
        r"\[([^]]+)\]\((?!https?:)[^)]+\)", r"\1", page.read_text("utf-8")
    )  # other pages are not here
    text = re.sub(
        r"<tr><td><code>([a-z0-9-]+)</code>", r'<tr id="\1"><td><code>\1</code>', prose_html(written)
    )
    shown = {"text": mark_safe(text)}  # noqa: S308  our own page, escaped by prose_html
    return render(request, "pages/tokens-errors.html", shown)


def _told(request: HttpRequest) -> dict[str, Any]:
    posted = request.POST
    days = posted.get("days", "90")
    return {
        "name": posted.get("name", "").strip()[:200],
        "scopes": posted.getlist("scopes"),
        "channel": posted.get("new_channel", "").strip() or posted.get("channel", ""),
        "new_channel": posted.get("new_channel", "").strip(),
        "days": days if days in _DAYS else "90",
    }


def _made(request: HttpRequest, person: User, told: dict[str, Any]) -> dict[str, str]:
    """Make the token; returns what is wrong instead, by field. The same form sent twice makes one token."""
    once = request.POST.get("once", "")
    if once and once == request.session.get(_ONCE):
        return {}
    errors = _errors(told)
    if LEAVING in told["scopes"] and not shown_lately(request, person):
        errors["scopes"] = _(
            "“Leave for good” is for you alone to give: open “Leave and erase” under “Me”, show that it is you,"
            " then come back."
        )
    if errors:
        return errors
    days = int(told["days"])
    expires = now() + timedelta(days=days) if days else None
    wish = (told["name"], sorted(set(told["scopes"])), told["channel"])
    try:
        check_token(person, *wish, expires)
        made, secret = token_make(person, *wish[:2], channel=wish[2], expires=expires, by=person)
    except TokenRefused:
        return {
            "": _("This token cannot be made: your role does not allow it, or you have too many. Revoke one.")
        }
    sealed = Fernet(sealing_key()).encrypt(secret.encode()).decode()
    request.session[_NEW] = {"pk": made.pk, "sealed": sealed}
    request.session[_ONCE] = once
    return {}


def _errors(told: dict[str, Any]) -> dict[str, str]:
    errors = {}
    if not told["name"] or len(told["name"]) > 100:
        errors["name"] = _("Say in up to 100 characters what it is for, such as “shop”.")
    if not told["scopes"]:
        errors["scopes"] = _("Choose at least one.")
    if not re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9_-]{0,63})?", told["channel"]):
        errors["new_channel"] = _("A channel’s name has up to 64 letters, digits, “-” and “_”.")
    return errors


def _new(request: HttpRequest) -> dict[str, Any] | None:
    """The secret of the token just made: shown once, then forgotten."""
    kept = request.session.pop(_NEW, None)
    if not isinstance(kept, dict):
        return None
    try:
        secret = Fernet(sealing_key()).decrypt(str(kept["sealed"]).encode(), ttl=600).decode()
    except (InvalidToken, KeyError):
        return None
    token = AccessToken.objects.filter(pk=kept.get("pk", 0), revoked=None).first()
    return None if token is None else {"name": token.name, "secret": secret}


def _row(token: AccessToken, person: User, words: dict[str, tuple[str, str]]) -> dict[str, Any]:
    over = token.expires is not None and token.expires <= now()
    state = (
        ("failed", _("revoked"))
        if token.revoked
        else ("waiting", _("expired"))
        if over
        else ("done", _("in use"))
    )
    return {
        "name": token.name,
        "start": token.start,
        "owner": str(token.owner) if token.owner_id != person.pk else "",
        "scopes": [words[scope][0] for scope in token.scopes.split() if scope in words],
        "channel": token.channel,
        "made": token.made,
        "expires": token.expires,
        "last_used": token.last_used,
        "state": state,
        "revoke": "" if token.revoked else reverse("token-revoke", args=[token.pk]),
    }
