"""*À tenir / To keep*: everything that the brand owes, from every part that knows of debts, as one list.

Each provider (kernel/debts.py) tells its own debts in order; here they are merged. The list is ordered by
(`debt_moment`, kind): what turned late longest ago stands first, and what has no date counts as owed since it began. A
page asks each provider for no more rows than it shows, and the next page begins where it ended, whatever was settled
in between.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.kernel.debts import Cursor, Debt, Debts, Only, debt_moment
from estime.people.models import User
from estime.readouts import wording as w

ROWS = 25
MINE = 10
_MARK = "~"


class Tally(NamedTuple):
    """How much of one kind is owed, and how much of it is late."""

    kind: str
    owed: int
    late: int


class Wanted(NamedTuple):
    """Which part of the list is asked for. `after`: where the page before ended (`Desk.next`).

    `place`: one of the places of the channel (`Only.place`).
    """

    kind: str = ""
    channel: str = ""
    place: str = ""
    mine: bool = False
    after: str = ""

    @property
    def everything(self) -> bool:
        """Whether this is the list's beginning, with nothing left out."""
        return self == EVERYTHING


EVERYTHING = Wanted()


class Desk(NamedTuple):
    """One page of what is owed: first what was handed to the viewer, then all else, then where the next page begins."""

    tallies: tuple[Tally, ...]
    mine: tuple[Debt, ...]
    debts: tuple[Debt, ...]
    next: str


def providers() -> tuple[Debts, ...]:
    """Every provider that `ESTIME_DEBTS` names, loaded once."""
    return _loaded(tuple(settings.ESTIME_DEBTS))


@cache
def _loaded(paths: tuple[str, ...]) -> tuple[Debts, ...]:
    found: tuple[Debts, ...] = tuple(import_string(path) for path in paths)
    kinds = [provider.kind for provider in found]
    if len(set(kinds)) != len(kinds):
        raise ValueError(f"Two providers of ESTIME_DEBTS tell the same kind of debt: {kinds}.")
    return found


def desk_build(now: datetime, viewer: User, wanted: Wanted = EVERYTHING, rows: int = ROWS) -> Desk:
    """What `viewer` may see of what is owed. A cursor that makes no sense begins from the beginning."""
    seen = [provider for provider in providers() if viewer.may(provider.permission)]
    tallies = tuple(Tally(provider.kind, *provider.count(now)) for provider in seen)
    asked = [provider for provider in seen if not wanted.kind or provider.kind == wanted.kind]
    if (
        not wanted.channel and not wanted.after
    ):  # of one channel a provider tells what it does not count, an archive's
        owed = {tally.kind for tally in tallies if tally.owed}
        asked = [provider for provider in asked if provider.kind in owed]
    mine: list[Debt] = []
    if not wanted.mine and not wanted.after:
        mine = _merged(asked, now, viewer.pk, None, MINE, Only(wanted.channel, True, wanted.place))
    rest = Only(wanted.channel, wanted.mine, wanted.place)
    try:
        debts = _merged(asked, now, viewer.pk, _cursor(wanted.after), rows + 1, rest)
    except ValueError:  # somebody wrote an address by hand
        debts = _merged(asked, now, viewer.pk, None, rows + 1, rest)
    shown = debts[:rows]
    return Desk(tallies, tuple(mine), tuple(shown), _told(shown[-1]) if len(debts) > rows else "")


class _Place(NamedTuple):
    """Where a page ended."""

    moment: datetime
    kind: str
    id: str


def _merged(
    asked: Sequence[Debts], now: datetime, viewer: int, after: _Place | None, limit: int, only: Only
) -> list[Debt]:
    found: list[Debt] = []
    for provider in asked:
        found += provider.oldest(now, viewer, _after(provider.kind, after), limit, only)
    # Sorting is stable: within a kind the provider's own order stands.
    return sorted(found, key=lambda debt: (debt_moment(debt), debt.kind))[:limit]


def _after(kind: str, place: _Place | None) -> Cursor | None:
    """Where a provider goes on: kinds are told one after the other at the same moment."""
    if place is None:
        return None
    if kind == place.kind:
        return place.moment, place.id
    return (place.moment, "") if kind > place.kind else (place.moment + timedelta(microseconds=1), "")


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _told(debt: Debt) -> str:
    microseconds = (debt_moment(debt) - _EPOCH) // timedelta(microseconds=1)
    return f"{microseconds}{_MARK}{debt.kind}{_MARK}{debt.id}"


def _cursor(told: str) -> _Place | None:
    moment, _, rest = told[:200].partition(_MARK)
    kind, _, name = rest.partition(_MARK)
    known = {provider.kind for provider in providers()}
    if not moment.isdecimal() or len(moment) > 17 or kind not in known or not name:
        return None
    return _Place(_EPOCH + timedelta(microseconds=int(moment)), kind, name)


def owed_sentence(tally: Tally) -> str:
    """What the brand owes in answers, as a sentence; in the words of the paragraph of truth."""
    owed, late = tally.owed, tally.late
    if not owed:
        return _("We owe no answer.")
    answers = ngettext("{n} answer", "{n} answers", owed).format(n=w.count(owed)).replace(" ", w.NBSP)
    if not late:
        none = ngettext("We owe {answers}, not late.", "We owe {answers}, none of them late.", owed)
        return none.format(answers=answers)
    if late == owed:
        told = ngettext("and it is late", "all of them late", owed)
    else:
        told = ngettext("{n} of them late", "{n} of them late", late).format(n=w.count(late))
    return _("We owe {answers}, {late}.").format(answers=answers, late=told)


def when_told(debt: Debt, now: datetime) -> tuple[str, bool]:
    """How a debt's moment reads beside it ("3 days late", "tomorrow"), and whether it is late."""
    moment = debt.as_of or now
    if debt.due is None:
        return _since(moment - debt.since), False
    left = debt.due - moment
    if left <= timedelta():
        return _overdue(w.days_late(debt.due, moment)), True
    return _ahead(left), False


def _overdue(days: int) -> str:
    if days < 1:
        return _("Late since today")
    return ngettext("%(n)s day late", "%(n)s days late", days) % {"n": w.count(days)}


def _ahead(left: timedelta) -> str:
    days = left.days
    if days < 1:
        return _("Within a day")
    return ngettext("In %(n)s day", "In %(n)s days", days) % {"n": w.count(days)}


def _since(gone: timedelta) -> str:
    days = gone.days
    if days < 1:
        return _("Since today")
    return ngettext("For %(n)s day", "For %(n)s days", days) % {"n": w.count(days)}
