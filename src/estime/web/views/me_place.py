"""How your place is seen: what members see of the reading of their own texts, and what they say against it."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estime.cocreation import api as cocreation
from estime.engagement import api as engagement
from estime.kernel.configuration import configuration
from estime.kernel.errors import EstimeError
from estime.people import api as people
from estime.web.access import needs, signed_in
from estime.web.place_words import Quote, own_number, own_sentence, quote_of

ROWS: Final = 20
MEANT: Final = {"for": 1, "neither": 0, "against": -1, "out": None}
MOST: Final = (1 << 63) - 1
LOOKS: Final = 10


@require_safe
@needs("me.own")
@never_cache
def me_place(request: HttpRequest) -> HttpResponse:
    """One's own place, the texts that it is told from, and who looked."""
    return _page(request)


@require_POST
@needs("me.own")
def me_place_object(request: HttpRequest) -> HttpResponseBase:
    """Object to the place as a whole, or ask not to be placed."""
    account, out = _account_needed(request), request.POST.get("wish") == "out"
    try:
        engagement.place_contest(account, request.POST.get("reason", ""), out=out)
    except EstimeError as error:
        return _page(request, f"{error.message} {error.todo}", 422)
    if out:
        messages.success(request, _("You are not placed any more."))
    else:
        messages.success(request, _("Your objection is kept, and stands beside your place."))
    return redirect("me-place")


@require_POST
@needs("me.own")
def me_place_object_withdraw(request: HttpRequest) -> HttpResponseBase:
    """Take the objection back."""
    engagement.place_contest_withdraw(_account_needed(request))
    messages.success(request, _("Your objection is taken back."))
    return redirect("me-place")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("me.own")
@never_cache
def me_place_text(request: HttpRequest, seq: int) -> HttpResponseBase:
    """“This is not what I meant”: one text, and how it is to count."""
    account = _account_needed(request)
    found = engagement.contest_of(account, seq) if 0 < seq <= MOST else None
    if found is None:
        raise Http404(_("There is no text of yours here that was read."))
    error, wish = "", request.POST.get("meant", "")
    if request.method == "POST":
        error = _contested(account, seq, wish, request.POST.get("reason", ""))
        if not error:
            messages.success(request, _("Kept. From the next map on it counts as you meant it."))
            return redirect("me-place")
    quote = quote_of(found)
    shown = {
        "request": request,
        "quote": quote,
        "error": error,
        "wish": wish,
        "reason": request.POST.get("reason", quote.reason),
        "ways": _ways(),
    }
    return render(request, "pages/me-place-text.html", shown, status=422 if error else 200)


@require_POST
@needs("me.own")
def me_place_text_withdraw(request: HttpRequest, seq: int) -> HttpResponseBase:
    """Have a text read as before."""
    engagement.reading_contest_withdraw(_account_needed(request), seq)
    messages.success(request, _("It is read as before."))
    return redirect("me-place")


def _contested(account: int, seq: int, wish: str, reason: str) -> str:
    if wish not in MEANT:
        return _("Choose one of the list.")
    try:
        engagement.reading_contest(account, seq, MEANT[wish], reason)
    except EstimeError as error:
        return f"{error.message} {error.todo}"
    return ""


def _ways() -> list[tuple[str, str, str]]:
    return [
        ("for", _("I meant it kindly toward the brand"), ""),
        ("neither", _("Neither for nor against"), ""),
        ("against", _("I meant it as an objection"), ""),
        ("out", _("Leave this text out"), _("It then says nothing of how you feel.")),
    ]


def _account(request: HttpRequest) -> int | None:
    """The account in the ledger of whoever is signed in; None before they did anything."""
    member = cocreation.member_known(signed_in(request))
    return None if member is None or member.erased else member.account


def _account_needed(request: HttpRequest) -> int:
    account = _account(request)
    if account is None:
        raise Http404(_("You have not done anything here yet, so there is nothing to contest."))
    return account


def _page(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    account, privacy = _account(request), configuration().privacy
    before = request.GET.get("before", "")
    shown: dict[str, Any] = {
        "request": request,
        "on": engagement.places_on(),
        "purpose": privacy.purpose,
        "basis": privacy.legal_basis,
        "error": error,
        "quotes": [],
        "next": "",
        "first": bool(before),
        "place": None,
        "sentence": _("Nothing of you is estimated here."),
    }
    if account is not None:
        start = int(before) if before.isdecimal() and len(before) < 19 else None
        shown |= _told(account, start)
    return render(request, "pages/me-place.html", shown, status=status)


def _told(account: int, before: int | None) -> dict[str, Any]:
    texts = engagement.person_texts(account, ROWS + 1, before)
    place, objection = engagement.person_place(account), engagement.objection_of(account)
    quotes: list[Quote] = [quote_of(each) for each in texts[:ROWS]]
    if place is not None:
        sentence = own_sentence(place)
    elif objection is not None and objection.out:
        sentence = _("You are not placed, as you wish.")
    elif engagement.places_on():
        sentence = _("Your place is not known: there is too little to tell it from.")
    else:
        sentence = _("Nothing of single people is estimated here.")
    return {
        "place": place,
        "objection": objection,
        "sentence": sentence,
        "number": "" if place is None else own_number(place),
        "quotes": quotes,
        "next": f"?before={texts[ROWS - 1].seq}" if len(texts) > ROWS else "",
        "looks": people.looks_of(account, LOOKS, where="place"),
    }
