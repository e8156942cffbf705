"""The acts of the ledger: searched, filtered, page by page. Filters stand in the address; words in it are sealed."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from estime.ledger import api as ledger
from estime.ledger.api import ActPage, Count, Cursor, Standing
from estime.people import api as people
from estime.readouts import wording
from estime.web.access import needs
from estime.web.act_filters import LONGEST, NAMES, Asked, acts_url, asked
from estime.web.act_rows import Rows
from estime.web.act_words import account_name, kind_name
from estime.web.frame import may, viewer
from estime.web.looked_for import looked_for
from estime.web.moments import day, moment
from estime.web.sealed import seal

ROWS: Final = 50
FIELDS: Final = ("channel", "type", "since", "until", "brand", "active", "without_likes")
"""What the form offers; other fields come from links and are carried along."""


@require_safe
@needs("acts.see")
@never_cache
def acts(request: HttpRequest) -> HttpResponse:
    """A page of acts, newest first."""
    sees = may(request, "persons.see")
    rows = Rows(sees)
    want = asked(request.GET.dict(), sees=sees, channels=[channel.name for channel in rows.channels])
    rows.looked_for(want.told.words, want.values.get("text", ""))
    standing = ledger.standing()
    page = None if want.errors else ledger.acts_page(want.told, limit=ROWS, **_cursors(request))
    if page is not None and page.acts and sees and want.told.account is not None:
        _seen(request, want.told.account)
    if page is not None and not page.newer:
        looked_for(request, want.told.words, page.acts)
    context = {
        "request": request,
        "asked": want,
        "rows": rows.of(page.acts) if page else [],
        "page": page,
        "sentence": _sentence(want, page, standing, len(rows.channels)),
        "lead": _lead(want, page, standing),
        "form": _form(rows),
        "carried": [(name, value) for name, value in want.values.items() if name not in (*FIELDS, "text")],
        "chips": _chips(want, sees),
        "older": _beside(want, "before", page.older) if page else "",
        "newer": _beside(want, "after", page.newer) if page else "",
        "exports": [(ending, want.url("acts-export", format=ending)) for ending in ("csv", "jsonl")],
        "behind": _behind(standing),
        "sees": sees,
        "nothing": standing.acts == 0 and not standing.waiting,
    }
    return render(request, "pages/acts.html", context)


@require_POST
@needs("acts.see")
def acts_find(request: HttpRequest) -> HttpResponseBase:
    """Read the form; lead to the address that asks for it."""
    sent = {name: request.POST.get(name, "").strip() for name in NAMES if name != "text"}
    words = request.POST.get("words", "").strip()[:LONGEST]
    return redirect(acts_url(**sent, text=seal(words) if words else ""))


@require_POST
@needs("persons.see")
def person_find(request: HttpRequest) -> HttpResponseBase:
    """From a handle, which no address may hold, to the person's page."""
    channel, handle = request.POST.get("channel", ""), request.POST.get("handle", "").strip()
    if handle.startswith("@") and ledger.account_by_handle(channel, handle) is None:
        handle = handle[1:]
    key = ledger.account_by_handle(channel, handle) if handle else None
    if key is None:
        messages.error(request, _("Nobody on this channel is called exactly so. Capital letters matter."))
        return redirect("acts")
    return redirect("person", key)


def _cursors(request: HttpRequest) -> dict[str, Cursor]:
    """`before` or `after`, as written by `_beside`; what is no cursor is the first page."""
    for name in ("before", "after"):
        at, _dash, seq = request.GET.get(name, "").partition("-")
        if at.isdecimal() and seq.isdecimal() and len(at) < 19 and len(seq) < 19:
            return {name: (int(at), int(seq))}
    return {}


def _beside(want: Asked, name: str, cursor: Cursor | None) -> str:
    return "" if cursor is None else want.url(**{name: f"{cursor[0]}-{cursor[1]}"})


def _seen(request: HttpRequest, account: int) -> None:
    user = viewer(request)
    if user is not None:
        people.look_record(user, account, "acts")


def count_words(count: Count) -> str:
    """How many acts, honestly: counted, "more than", or "at most" where texts may still rule some out."""
    if count.more and count.about:
        return _("Perhaps more than %(count)s acts") % {"count": wording.count(ledger.COUNTED)}
    if count.more:
        return _("More than %(count)s acts") % {"count": wording.count(ledger.COUNTED)}
    told = ngettext("%(count)s act", "%(count)s acts", count.acts) % {"count": wording.count(count.acts)}
    return _("At most %(acts)s") % {"acts": told} if count.about and count.acts else told


def _sentence(want: Asked, page: ActPage | None, standing: Standing, channels: int) -> str:
    if page is None:
        return _("Something in this filter cannot be read.")
    if want.narrowed:
        return _("%(acts)s, newest first") % {"acts": count_words(page.total)}
    if standing.newest is None:
        return _("No act can be found here yet.")
    told = ngettext(
        "%(acts)s acts on %(count)s channel; the newest of %(day)s.",
        "%(acts)s acts on %(count)s channels; the newest of %(day)s.",
        channels,
    )
    return told % {
        "acts": wording.count(standing.acts),
        "count": wording.count(channels),
        "day": day(standing.newest),
    }


def _lead(want: Asked, page: ActPage | None, standing: Standing) -> str:
    if page is None:
        return _("Mend the field that says so below, and search again.")
    if page.stopped is not None:
        return _("The texts were read back to %(moment)s; “Older” goes on from there.") % {
            "moment": moment(page.stopped)
        }
    if want.words and want.told.words != want.words:
        return _("Your role does not look for people: words that begin with @ were left out.")
    if page.ignored:
        return _("This cannot be looked for and was left out: %(words)s") % {
            "words": " ".join(page.ignored)[:120]
        }
    if want.narrowed:
        return ""
    return _(
        "An act is one thing that one account did at one time on one channel. Every figure comes from these."
    )


def _behind(standing: Standing) -> str:
    """What is in the ledger and cannot be found yet, said as it is."""
    if standing.gone:
        told = ngettext(
            "%(count)s act is being listed anew after an erasure and stands here again in a moment.",
            "%(count)s acts are being listed anew after an erasure and stand here again in a moment.",
            standing.gone,
        )
        return told % {"count": wording.count(standing.gone)}
    if not standing.waiting:
        return ""
    if standing.indexed is None:
        return _("The list is being made for the first time: what is in the ledger comes in bit by bit.")
    return _(
        "Acts have come in since %(moment)s that are not in this list yet. They will be in a minute or two."
    ) % {"moment": moment(standing.indexed)}


def _form(rows: Rows) -> dict[str, Any]:
    channels = [("", _("All channels")), *((c.name, str(c)) for c in rows.channels)]
    kinds = sorted(((kind, kind_name(kind)) for kind in ledger.kinds_present()), key=lambda told: told[1])
    return {
        "channels": channels,
        "kinds": [("", _("Everything")), *kinds],
        "sides": [("", _("Everybody")), ("0", _("Members")), ("1", _("The brand"))],
        "longest": LONGEST,
    }


def _chips(want: Asked, sees: bool) -> list[tuple[str, str]]:
    """Narrowings that have no field in the form: in words, with the address without each."""
    told: list[tuple[str, str]] = []
    for name, value in want.values.items():
        words = "" if name in want.errors else _narrowing(name, value, sees)
        if words:
            told.append((words, want.url(**{name: ""})))
    return told


def _narrowing(name: str, value: str, sees: bool) -> str:
    if name in ("account", "answers_to"):
        card = ledger.account_handle(int(value))
        person = account_name(int(value)) if not (sees and card) else str(card)
        told = _("Of %(who)s") if name == "account" else _("Answers to %(who)s")
        return told % {"who": person}
    return {
        "answers": _("Answers to others"),
        "thread": _("One thread"),
        "of": _("Done to one thing"),
        "reply_to": _("Answers to one text"),
        "incentive": _("Prompted by an incentive") if value == "1" else _("Without an incentive"),
    }.get(name, "")
