"""What the brand owes in co-creation, on the desk of everything owed (kernel/debts.py, docs/to-keep.md).

3,000 ideas without an answer are one line: their challenge, which opens a list to work through.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.cocreation.days import number_words
from estime.cocreation.members import CHANNEL
from estime.cocreation.models import (
    TARGETS,
    Appeal,
    Challenge,
    Contest,
    Decision,
    Interpellation,
    Merge,
    Objection,
    Pledge,
    Poll,
    Report,
)
from estime.cocreation.moments_due import zone_of
from estime.cocreation.queries import owed
from estime.cocreation.queries.merges_owed import contests_open, proposals_waiting
from estime.cocreation.queries.moderation import appeals_open, report_numbers, reports_open
from estime.cocreation.queries.votes import objections_open
from estime.cocreation.wording import REASON_NAMES
from estime.kernel.configuration import configuration
from estime.kernel.debts import ALL, Cursor, Debt, Debts, Only

_MOST_SHOWN: Final = 280
Tell = Callable[[Sequence[Any]], list[Debt]]


class _Debts:
    """Fits `kernel.debts.Debts`. `rows` at a moment; `due`: the column that says when; `tell`: rows as debts.

    `spaces`: by which ways a row leads to its space; the first that is there.
    """

    permission = "desk.see"

    def __init__(
        self,
        kind: str,
        rows: Callable[[datetime], QuerySet[Any]],
        due: str,
        tell: Tell,
        *spaces: str,
    ) -> None:
        self.kind, self._rows, self._due, self._tell = kind, rows, due, tell
        self._spaces = spaces
        titles = [F(f"{way}__title") for way in spaces]
        self._place = titles[0] if len(titles) == 1 else Coalesce(*titles)

    def count(self, now: datetime) -> tuple[int, int]:
        """How many are owed, and how many of them are late."""
        late = Count("pk", filter=Q(**{f"{self._due}__lte": now}))
        told = self._rows(now).aggregate(owed=Count("pk"), late=late)
        return told["owed"], told["late"]

    def oldest(
        self, now: datetime, viewer: int, after: Cursor | None, limit: int, only: Only = ALL
    ) -> list[Debt]:
        """The oldest after a cursor. None was handed to anybody: a promise is its challenge's team's."""
        if only.mine or (only.channel and only.channel != CHANNEL):
            return []
        return self._told(owed.after(self._within(now, only), self._due, after)[:limit])

    def _within(self, now: datetime, only: Only) -> QuerySet[Any]:
        """What is owed, of one space where one is asked for."""
        rows = self._rows(now)
        if not only.place:
            return rows
        return rows.filter(reduce(or_, (Q(**{f"{way}__slug": only.place}) for way in self._spaces)))

    def _told(self, rows: QuerySet[Any]) -> list[Debt]:
        """Rows as debts, each with the title of its space."""
        found = list(rows.annotate(space_title=self._place))
        titles = {str(row.pk): row.space_title for row in found}
        return [debt._replace(place=titles[debt.id] or "") for debt in self._tell(found)]


class _AgainDebts(_Debts):
    """Days, not moments: a day to look again begins at midnight in the brand's time zone."""

    def count(self, now: datetime) -> tuple[int, int]:
        number = self._rows(now).count()
        return number, number

    def oldest(
        self, now: datetime, viewer: int, after: Cursor | None, limit: int, only: Only = ALL
    ) -> list[Debt]:
        """As of all others; the cursor's moment is the midnight of a day."""
        if after is None:
            return super().oldest(now, viewer, None, limit, only)
        if only.mine or (only.channel and only.channel != CHANNEL):
            return []
        moment, last = after
        here = moment.astimezone(zone_of(""))
        on_time = here.time() == time(0)
        day = here.date() if on_time else here.date() + timedelta(days=1)
        number = (int(last) if last else 0) if on_time else 0
        rows = self._within(now, only).filter(again__gte=day).exclude(again=day, pk__lte=number)
        return self._told(rows.order_by("again", "pk")[:limit])


class _ReportDebts(_Debts):
    """The first open report of each thing, by `at`: the day by which it is owed comes so much later for all of them."""

    def count(self, now: datetime) -> tuple[int, int]:
        """Things, not reports."""
        late = Q(at__lte=now - _moderated_within())
        told = Report.objects.filter(settled=None).aggregate(
            **{f"owed_{name}": Count(name, distinct=True) for name in TARGETS},
            **{f"late_{name}": Count(name, distinct=True, filter=late) for name in TARGETS},
        )
        return sum(told[f"owed_{name}"] for name in TARGETS), sum(told[f"late_{name}"] for name in TARGETS)

    def oldest(
        self, now: datetime, viewer: int, after: Cursor | None, limit: int, only: Only = ALL
    ) -> list[Debt]:
        """As of all others."""
        after = None if after is None else (after[0] - _moderated_within(), after[1])
        return super().oldest(now, viewer, after, limit, only)


def _moderated_within() -> timedelta:
    return timedelta(days=configuration().cocreation.moderate_within_days)


def _line(kind: str, row: Any, since: datetime, due: datetime, title: str, **more: str) -> Debt:
    quote = more.get("quote", "")
    cut = quote if len(quote) <= _MOST_SHOWN else quote[:_MOST_SHOWN].rsplit(" ", 1)[0] + "…"
    return Debt(kind, str(row.pk), since, title, more.get("detail", ""), cut, CHANNEL, due)


def _questions(rows: Sequence[Interpellation]) -> list[Debt]:
    told = []
    for row in rows:
        words = ngettext("%(n)s person asks it.", "%(n)s people ask it.", row.joined) % {
            "n": number_words(row.joined)
        }
        told.append(
            _line("interpellation", row, row.reached or row.at, row.due or row.at,
                  _("Answer a question asked in public"), detail=words, quote=row.title)
        )  # fmt: skip
    return told


def _answers(rows: Sequence[Challenge]) -> list[Debt]:
    counts = owed.unanswered_counts([row.pk for row in rows])
    told = []
    for row in rows:
        number = counts.get(row.pk, 0)
        words = ngettext(
            "%(n)s contribution has no answer yet.", "%(n)s contributions have no answer yet.", number
        )
        due: datetime = row.due  # type: ignore[attr-defined]  # annotated
        told.append(
            _line("answers", row, row.opened or row.created, due, _("Answer what members gave"),
                  detail=words % {"n": number_words(number)}, quote=row.title)
        )  # fmt: skip
    return told


def _pledges(rows: Sequence[Pledge]) -> list[Debt]:
    return [
        _line("pledge", row, row.at, row.due, _("Keep a promise"),
              detail=_("Promised by %(name)s.") % {"name": row.name}, quote=row.what)
        for row in rows
    ]  # fmt: skip


def _again(rows: Sequence[Decision]) -> list[Debt]:
    told = []
    for row in rows:
        assert row.again is not None  # noqa: S101  the database holds it for this outcome
        due = datetime.combine(row.again, time(0), zone_of("")).astimezone(UTC)
        told.append(
            _line("again", row, row.at, due, _("Look again, as promised"),
                  detail=_("%(name)s said so.") % {"name": row.name}, quote=row.contribution.title)
        )  # fmt: skip
    return told


def _votes(rows: Sequence[Poll]) -> list[Debt]:
    return [
        _line("vote", row, row.counted or row.closes, row.due, _("Do what was decided"),  # type: ignore[attr-defined]
              detail=_("The vote is counted; nothing says yet what was made of it."), quote=row.title)
        for row in rows
    ]  # fmt: skip


def _objections(rows: Sequence[Objection]) -> list[Debt]:
    return [
        _line("objection", row, row.at, row.due, _("Answer an objection to a vote"),  # type: ignore[attr-defined]
              detail=_("Until then the vote “%(title)s” is not sealed.") % {"title": row.poll.title}, quote=row.words)
        for row in rows
    ]  # fmt: skip


def _outcomes(rows: Sequence[Challenge]) -> list[Debt]:
    return [
        _line("outcome", row, row.answer_by or row.created, row.answer_by or row.created, _("Say what was made of it"),
              detail=_("Its day is over, and nothing says what came of it."), quote=row.title)
        for row in rows
    ]  # fmt: skip


def _reports(rows: Sequence[Report]) -> list[Debt]:
    numbers = report_numbers(rows)
    told = []
    for row in rows:
        number = numbers.get(row.pk, 1)
        people = ngettext("%(n)s person reported it.", "%(n)s people reported it.", number)
        told.append(
            _line("report", row, row.at, row.due, _("Look at what was reported"),  # type: ignore[attr-defined]
                  detail=people % {"n": number_words(number)}, quote=str(REASON_NAMES[row.reason]))
        )  # fmt: skip
    return told


def _appeals(rows: Sequence[Appeal]) -> list[Debt]:
    return [
        _line("appeal", row, row.at, row.due, _("Answer an appeal"),  # type: ignore[attr-defined]
              detail=_("By somebody else than %(name)s, who hid it.") % {"name": row.hiding.name})
        for row in rows
    ]  # fmt: skip


def _merges(rows: Sequence[Merge]) -> list[Debt]:
    return [
        _line("merge", row, row.at, row.due, _("Decide whether these go together"),  # type: ignore[attr-defined]
              detail=_("Not all of their authors answered."), quote=row.head.title)
        for row in rows
    ]  # fmt: skip


def _contests(rows: Sequence[Contest]) -> list[Debt]:
    return [
        _line("contest", row, row.at, row.due, _("Answer an author who was brought together"),  # type: ignore[attr-defined]
              detail=_("%(name)s contests it.") % {"name": row.member.name or _("An author")}, quote=row.words)
        for row in rows
    ]  # fmt: skip


def _again_rows(now: datetime) -> QuerySet[Decision]:
    return owed.look_again(now.astimezone(zone_of("")).date()).select_related("contribution")


interpellation_debts: Debts = _Debts(
    "interpellation", lambda now: owed.questions_owed(), "due", _questions, "space"
)
answers_debts: Debts = _Debts("answers", lambda now: owed.challenges_unanswered(), "due", _answers, "space")
pledge_debts: Debts = _Debts(
    "pledge", lambda now: owed.pledges_open(), "due", _pledges,
    "contribution__space", "challenge__space", "interpellation__space",
)  # fmt: skip
again_debts: Debts = _AgainDebts("again", _again_rows, "again", _again, "contribution__space")
vote_debts: Debts = _Debts("vote", lambda now: owed.votes_to_honour(), "due", _votes, "challenge__space")
outcome_debts: Debts = _Debts("outcome", owed.outcomes_missing, "answer_by", _outcomes, "space")
report_debts: Debts = _ReportDebts("report", lambda now: reports_open(), "at", _reports, "space")
objection_debts: Debts = _Debts(
    "objection", lambda now: objections_open(), "due", _objections, "poll__challenge__space"
)
appeal_debts: Debts = _Debts(
    "appeal", lambda now: appeals_open().select_related("hiding"), "due", _appeals, "hiding__space"
)
merge_debts: Debts = _Debts(
    "merge", lambda now: proposals_waiting(now).select_related("head"), "due", _merges, "head__space"
)
contest_debts: Debts = _Debts(
    "contest", lambda now: contests_open().select_related("member"), "due", _contests, "merge__head__space"
)
