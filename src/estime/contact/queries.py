"""Reads of questions: those that are owed, how many and the oldest; and what one person asked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, F, Q

from estime.contact.actions.mark import MAY_HOLD
from estime.contact.models import Entry, Question
from estime.contact.moments import Moment, moments, patience
from estime.kernel.debts import ALL, Cursor, Only
from estime.ledger import api as ledger


class Asked(NamedTuple):
    """A question as a list shows it; `channel` is its channel's name, `as_of` see `kernel.debts.Debt`.

    `holder_gone`: whoever it was handed to may not answer any more.
    """

    act: int
    account: int
    channel: str
    published: datetime
    due: datetime
    as_of: datetime | None
    why: str
    holder: int | None
    holder_name: str
    holder_gone: bool
    handed_by: str
    written: bool
    version: int
    came_back: bool


class _Part(NamedTuple):
    """Some rows of one channel, read in the order of its index."""

    place: Moment
    conditions: list[str]
    values: list[Any]


def questions_count(now: datetime) -> tuple[int, int]:
    """How many questions are owed, and how many of them late; two queries."""
    places = owed_places(now)
    return _count(places, patience()) if places else (0, 0)


def owed_places(now: datetime) -> list[Moment]:
    """Channels whose questions are owed: those that live, and those that are shown as they stood."""
    return [place for place in moments(now) if place.past or not place.archive]


def _count(places: Sequence[Moment], wait: timedelta) -> tuple[int, int]:
    parts = [_part(place, []) for place in places]
    inner = " UNION ALL ".join(
        f"SELECT count(*) AS owed, sum(CASE WHEN published <= %s THEN 1 ELSE 0 END) AS late{_from(part)}"
        for part in parts
    )
    values = [v for part in parts for v in (_moment(part.place.now - wait), *part.values)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sum(owed), sum(late) FROM ({inner}) AS counted", values)
        owed, late = cursor.fetchone()
    return int(owed or 0), int(late or 0)


def channels_owing(now: datetime) -> list[str]:
    """The channels on which somebody waits for an answer; two queries."""
    parts = [_part(place, []) for place in owed_places(now)]
    if not parts:
        return []
    inner = " UNION ALL ".join(
        f"SELECT {at} AS at WHERE EXISTS (SELECT 1{_from(part)})" for at, part in enumerate(parts)
    )
    with connection.cursor() as cursor:
        cursor.execute(inner, [value for part in parts for value in part.values])
        return [parts[at].place.name for (at,) in cursor.fetchall()]


def questions_oldest(
    now: datetime, viewer: int, after: Cursor | None, limit: int, only: Only = ALL
) -> list[Asked]:
    """The oldest questions that are owed, after a cursor by (due, act); a fixed number of queries.

    Each channel's part is read from its index and the parts are merged, so that none is read further than it is shown.
    """
    if only.place:  # only co-creation tells several places of a channel apart
        return []
    places = [place for place in owed_places(now) if not only.channel or place.name == only.channel]
    return _oldest(places, viewer, after, limit, only)


def archived_oldest(now: datetime, after: Cursor | None, limit: int) -> list[Asked]:
    """Open questions of archives, oldest first: nobody is waiting for them today."""
    return _oldest(_archived(now), 0, after, limit, ALL)


def archived_count(now: datetime) -> int:
    """How many questions of archives had no answer when their record stopped, and are not told as owed."""
    places = _archived(now)
    return _count(places, patience())[0] if places else 0


def _archived(now: datetime) -> list[Moment]:
    """The part of each archive that is not told as owed: all of it, or what is older than its last months."""
    return [
        place._replace(now=place.since or place.now, since=None, until=place.since)
        for place in moments(now)
        if place.archive
    ]


def _oldest(
    places: Sequence[Moment], viewer: int, after: Cursor | None, limit: int, only: Only
) -> list[Asked]:
    if not places:
        return []
    wait = patience()
    conditions, values = _wanted(viewer, _asked_after(after, wait), only)
    parts = [_part(place, conditions, values) for place in places]
    first = f"ORDER BY published, act LIMIT {int(limit)}"
    inner = " UNION ALL ".join(
        f"SELECT act, published FROM (SELECT act, published{_from(part)} {first}) AS part{at}"
        for at, part in enumerate(parts)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT act FROM ({inner}) AS picked {first}",
            [v for part in parts for v in part.values],
        )
        acts = [act for (act,) in cursor.fetchall()]
    return _asked(acts, {place.channel: place for place in places}, wait) if acts else []


def _asked_after(after: Cursor | None, wait: timedelta) -> tuple[datetime, int] | None:
    """Raises ValueError for a cursor that no list gave out."""
    if after is None:
        return None
    act = int(after[1] or 0)
    if not 0 <= act < 2**63:
        raise ValueError("no act has this number")
    return after[0] - wait, act


def _wanted(viewer: int, after: tuple[datetime, int] | None, only: Only) -> tuple[list[str], list[Any]]:
    conditions, values = [], []
    if only.mine is not None:
        conditions.append("holder_id = %s" if only.mine else "(holder_id IS NULL OR holder_id <> %s)")
        values.append(viewer)
    if after is not None:
        conditions.append("(published, act) > (%s, %s)")
        values += [_moment(after[0]), after[1]]
    return conditions, values


def _part(place: Moment, conditions: list[str], values: list[Any] | None = None) -> _Part:
    bounds = [
        (f"published {sign} %s", when) for sign, when in ((">", place.since), ("<=", place.until)) if when
    ]
    told = [condition for condition, _ in bounds]
    return _Part(
        place,
        ["channel = %s", "owed", *told, *conditions],
        [place.channel, *(_moment(when) for _, when in bounds), *(values or [])],
    )


def _from(part: _Part) -> str:
    return f" FROM contact_question WHERE {' AND '.join(part.conditions)}"


def _moment(when: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(when)


def _asked(acts: Sequence[int], places: dict[int, Moment], wait: timedelta) -> list[Asked]:
    rows = Question.objects.filter(pk__in=acts).select_related("holder", "handed_by")
    back = Entry.objects.filter(question__in=acts, deed="came_back", version=F("question__version"))
    returned = set(back.values_list("question_id", flat=True))
    found = {row.pk: _one(row, places[row.channel], wait, row.pk in returned) for row in rows}
    return [found[act] for act in acts if act in found]


def _one(row: Question, place: Moment, wait: timedelta, came_back: bool) -> Asked:
    return Asked(
        act=row.pk,
        account=row.account,
        channel=place.name,
        published=row.published,
        due=row.published + wait,
        as_of=place.now if place.past else None,
        why=row.why,
        holder=row.holder_id,
        holder_name=str(row.holder) if row.holder else "",
        holder_gone=row.holder is not None and not row.holder.may(MAY_HOLD),
        handed_by=str(row.handed_by) if row.handed_by else "",
        written=bool(row.words),
        version=row.version,
        came_back=came_back,
    )


class AskedBy(NamedTuple):
    """A question of one person as their page shows it; `standing`: see `wording.STANDINGS`."""

    act: int
    published: datetime
    standing: str
    text: str | None


class OfPerson(NamedTuple):
    """What one person asked the brand: how many questions, how many of them without an answer, and the newest."""

    asked: int
    owed: int
    questions: list[AskedBy]


def questions_of(account: int, limit: int) -> OfPerson:
    """What this account asked the brand: those without an answer first, then the newest; three queries at most."""
    rows = Question.objects.filter(account=account).exclude(why="")
    told = rows.aggregate(asked=Count("pk"), owed=Count("pk", filter=Q(owed=True)))
    if not told["asked"]:
        return OfPerson(0, 0, [])
    shown = list(rows.order_by("-owed", "-published", "-act")[:limit])
    texts = ledger.acts_shown([row.pk for row in shown])
    questions = [AskedBy(row.pk, row.published, standing_of(row), texts[row.pk].text) for row in shown]
    return OfPerson(told["asked"], told["owed"], questions)


def standing_of(row: Question) -> str:
    """Where a question that addresses the brand stands, as a key of `wording.STANDINGS`."""
    if row.withdrawn:
        return "withdrawn"
    if row.answer is not None:
        return "answered"
    return row.state
