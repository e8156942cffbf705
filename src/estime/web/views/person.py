"""A person's page: what one account did, in figures that open to their acts; and who looked.

Nothing here decides anything about anybody. Every view of it is noted and stands at its foot.
"""

from datetime import datetime
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from estime.engagement import api as engagement
from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.ledger.api import AccountCard, Tally
from estime.people import api as people
from estime.people.api import Seen
from estime.readouts import wording
from estime.web.access import needs
from estime.web.act_rows import Rows
from estime.web.addresses import docs_folder
from estime.web.frame import language, may, viewer
from estime.web.moments import day
from estime.web.person_chart import bars, bars_svg
from estime.web.person_questions import questions_of
from estime.web.person_words import (
    acts_words,
    address,
    behaviour_rows,
    exchange_rows,
    presence_words,
    spontaneous_words,
)
from estime.web.remembered import Remembered

NEWEST: Final = 10
LOOKS: Final = 5
LOOKS_PAGE: Final = 50
PARTNERS: Final = 5
FIGURES: Final = Remembered(256)
WHERE: Final = {
    "person": gettext_lazy("this page"),
    "acts": gettext_lazy("the list of their acts"),
    "act": gettext_lazy("one of their acts"),
    "search": gettext_lazy("what a search for their name finds"),
    "export": gettext_lazy("a file of acts"),
    "question": gettext_lazy("a question of theirs"),
    "place": gettext_lazy("their place on the map"),
    "rest": gettext_lazy("a program, through the interface"),
}


@require_safe
@needs("persons.see")
@never_cache
def person(request: HttpRequest, key: int) -> HttpResponse:
    """One account's page, and the look at it."""
    card = _card(key)
    user = viewer(request)
    if user is not None and card.handle is not None:
        people.look_record(user, key, "person")
    context = {
        "request": request,
        "card": card,
        "erased": card.handle is None,
        "sees_looks": may(request, "looks.see"),
        "looks": _looks(key, LOOKS) if may(request, "looks.see") else [],
        "looks_url": reverse("looks", args=[key]),
        "place_url": reverse("person-place", args=[key]) if engagement.places_on() else "",
    }
    if card.handle is not None:
        context |= _remembered(card)
        context["questions"] = questions_of(key) if may(request, "question.answer") else None
    return render(request, "pages/person.html", context)


@require_safe
@needs("looks.see")
@never_cache
def looks(request: HttpRequest, key: int) -> HttpResponse:
    """Everybody who looked, the last first."""
    card = _card(key)
    before = _before(request.GET.get("before", ""))
    found = people.looks_of(key, LOOKS_PAGE + 1, before)
    more = found[LOOKS_PAGE - 1] if len(found) > LOOKS_PAGE else None
    here = reverse("looks", args=[key])
    context = {
        "request": request,
        "sentence": _("Who looked at %(who)s") % {"who": _named(card)},
        "person_url": reverse("person", args=[key]) if may(request, "persons.see") else "",
        "looks": [_shown(seen) for seen in found[:LOOKS_PAGE]],
        "first": here if before else "",
        "next": f"{here}?before={int(more.at.timestamp() * 1_000_000)}-{more.id}" if more else "",
    }
    return render(request, "pages/looks.html", context)


def _card(key: int) -> AccountCard:
    card = ledger.account_card(key) if 0 < key < 1 << 63 else None
    if card is None:
        raise Http404(_("There is no account of this number."))
    return card


def _named(card: AccountCard) -> str:
    return card.handle or _("somebody who was erased")


def _looks(key: int, limit: int) -> list[dict[str, object]]:
    return [_shown(seen) for seen in people.looks_of(key, limit)]


def _shown(seen: Seen) -> dict[str, object]:
    return {"by": seen.by, "at": seen.at, "where": WHERE.get(seen.where, seen.where)}


def _before(told: str) -> tuple[datetime, int] | None:
    at, _dash, last = told.partition("-")
    if not (at.isdecimal() and last.isdecimal() and len(at) < 19 and len(last) < 19):
        return None
    return ledger.moment_of(int(at)), int(last)


def _brand(card: AccountCard) -> bool:
    return any(
        (ours.channel, ours.handle) == (card.channel, card.handle) for ours in configuration().brand.accounts
    )


def _remembered(card: AccountCard) -> dict[str, Any]:
    """The figures, computed once for each state of the index, the measures and the settings."""
    edition = engagement.edition_id()
    if edition is None:  # figures are told as of now
        return _figures(card)
    of = (
        ledger.index_version(),
        edition,
        engagement.digests_of(),
        card,
        configuration(),
        get_current_timezone_name(),
    )
    told: dict[str, Any] = FIGURES.get((card.key, language()), of, lambda: _figures(card))
    return told


def _figures(card: AccountCard) -> dict[str, Any]:
    acts = ledger.OfAccount(card.key)
    return acts.settled(lambda: _told(card, acts))


def _told(card: AccountCard, acts: ledger.OfAccount) -> dict[str, Any]:
    tally = acts.tally(engagement.PASSIVE)
    measured = engagement.person_measures(card.key, card.channel)
    exchange = ledger.exchange(acts, PARTNERS)
    shown, ours, active = bars(tally.months), _brand(card), address(card.key, active="1")
    return {
        "sentence": _sentence(card, tally),
        "lead": "" if ours else presence_words(measured),
        "brand": ours,
        "numbers": _numbers(card, tally, acts.received()),
        "measured": measured,
        "behaviour_total": wording.number(measured.behaviour, 2),
        "behaviour": [] if ours else behaviour_rows(card.key, measured),
        "definition": f"/{language()}/definitions/behaviour/" if docs_folder() else "",
        "partners": exchange_rows(card.key, exchange),
        "partners_since": exchange.since,
        "bars": [(bar, f"{active}&since={bar.since}&until={bar.until}") for bar in reversed(shown)],
        "svg": bars_svg(shown, _bars_words(tally)),
        "rows": Rows(True).of(ledger.acts_listed(acts.newest(NEWEST))),
        "all_url": address(card.key),
        "behind": ledger.index_behind(),
    }


def _sentence(card: AccountCard, tally: Tally) -> str:
    if card.first is None or card.last is None:
        return _("%(who)s has not done anything on %(channel)s yet.") % {
            "who": card.handle,
            "channel": card.title,
        }
    told = {
        "who": card.handle,
        "channel": card.title,
        "acts": acts_words(tally.acts),
        "first": day(card.first),
        "last": day(card.last),
    }
    if told["first"] == told["last"]:
        return _("%(who)s on %(channel)s: %(acts)s on %(last)s.") % told
    return _("%(who)s on %(channel)s: %(acts)s from %(first)s to %(last)s.") % told


def _numbers(card: AccountCard, tally: Tally, received: int) -> list[tuple[str, str, str, str]]:
    """(what, how many, in small words, the address of exactly these acts)"""
    share, spontaneous_url = spontaneous_words(card.key, tally)
    return [
        (_("Everything they did"), acts_words(tally.acts), "", address(card.key)),
        (
            _("Active"),
            acts_words(tally.active),
            _("without views, joinings, leavings and what was taken back"),
            address(card.key, active="1"),
        ),
        (
            _("Answers they gave to others"),
            acts_words(tally.answers),
            "",
            address(card.key, active="1", answers="1"),
        ),
        (
            _("Answers they received from others"),
            acts_words(received),
            "",
            address(None, active="1", answers_to=str(card.key)),
        ),
        (_("Of their own accord"), share, _("active acts without an incentive"), spontaneous_url),
    ]


def _bars_words(tally: Tally) -> str:
    busiest = max(tally.months.values(), default=0)
    told = ngettext(
        "Active acts over time, at most %(count)s a month.",
        "Active acts over time, at most %(count)s a month.",
        busiest,
    )
    return told % {"count": busiest}
