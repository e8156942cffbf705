"""Reading the ledger forward, for whatever watches acts come in: each act once, none missed, in constant memory.

A reader keeps a *position* and asks for the acts from there to a later one (docs/decisions/0003-late-commits.md):

* SQLite writes one transaction at a time, so `seq` follows commit order and is the position.
* PostgreSQL does not. There each act carries the id of the transaction that wrote it (`xid`), and a position is a
  horizon: every transaction below it has ended. An act whose commit lands late lies above it and comes next time.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from estime.ledger.models import Account, Act, Channel

_AT_ONCE = 2_000

_COLUMNS = (
    "seq channel_id actor_id type object_type source_id object_id in_reply_to context published content"
    " on_behalf_of extra"
).split()


class Told(NamedTuple):
    """An act as a watcher reads it. `published` and `extra` are as the database gives them (see `as_moment`)."""

    seq: int
    channel: int
    account: int
    type: str
    object_type: str | None
    source_id: str
    object_id: str | None
    in_reply_to: str | None
    context: str | None
    published: Any
    content: str | None
    on_behalf_of: str | None
    extra: Any


class Shown(NamedTuple):
    """An act as a page shows it. `text` is None where there is none, or where it was erased."""

    seq: int
    channel: int
    account: int
    type: str
    published: datetime
    text: str | None
    object_id: str | None
    in_reply_to: str | None
    context: str | None
    extra: str | None
    handle: str | None


def reading_horizon() -> int:
    """The position up to which acts can be read without ever missing a late one."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT coalesce(max(seq), 0) FROM ledger_act")
        else:
            cursor.execute(
                "SELECT CASE WHEN EXISTS (SELECT 1 FROM ledger_act)"
                " THEN pg_snapshot_xmin(pg_current_snapshot())::text::bigint ELSE 0 END"
            )
        return int(cursor.fetchone()[0])


def reading_step(before: int, upto: int, acts: int) -> int:
    """A position after `before` and at most `upto`, with about `acts` acts in between.

    What one transaction wrote stays together: on PostgreSQL a step holds at least one import's batch.
    """
    if connection.vendor == "sqlite":
        return min(before + acts, upto)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xid::text::bigint FROM ledger_act WHERE xid >= %s::text::xid8 AND xid < %s::text::xid8"
            " ORDER BY xid OFFSET %s LIMIT 1",
            [str(before), str(upto), acts],
        )
        row = cursor.fetchone()
    return upto if row is None else min(max(int(row[0]), before) + 1, upto)


def acts_between(before: int, upto: int) -> str:
    """The condition, on a table called t, for the acts after one position and up to another."""
    if connection.vendor == "sqlite":
        return f"t.seq > {int(before)} AND t.seq <= {int(upto)}"
    return f"t.xid >= '{int(before)}'::xid8 AND t.xid < '{int(upto)}'::xid8"


def texts_between(before: int, upto: int, channels: Sequence[int]) -> Iterator[list[Told]]:
    """What was written on these channels, and what was taken back, in ledger order. Votes are no texts."""
    places = ", ".join(str(int(channel)) for channel in channels) or "NULL"
    # On SQLite a time is asked for as a text, else Django parses each one.
    as_told = {"published": "t.published || ''"} if connection.vendor == "sqlite" else {}
    columns = ", ".join(as_told.get(name, f"t.{name}") for name in _COLUMNS)
    query = (
        f"SELECT {columns} FROM ledger_act t"
        f" WHERE {acts_between(before, upto)} AND t.channel_id IN ({places})"
        " AND t.type IN ('Create', 'Question', 'Undo', 'Delete')"
        " AND coalesce(t.object_type, '') <> 'Vote' ORDER BY t.seq"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(_AT_ONCE):
            yield [Told(*row) for row in rows]


def latest_between(before: int, upto: int, channels: Sequence[int]) -> dict[int, datetime]:
    """When the latest act of each of these channels happened, of whatever kind, among those between two positions."""
    places = ", ".join(str(int(channel)) for channel in channels) or "NULL"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.channel_id, max(t.published) FROM ledger_act t"
            f" WHERE {acts_between(before, upto)} AND t.channel_id IN ({places}) GROUP BY t.channel_id"
        )
        return {channel: as_moment(latest) for channel, latest in cursor.fetchall()}


def as_moment(told: str | datetime) -> datetime:
    """A time as a database gives it in plain SQL."""
    return told if isinstance(told, datetime) else datetime.fromisoformat(told).replace(tzinfo=UTC)


def erased_counts(channels: Sequence[int]) -> dict[int, int]:
    """How many accounts of each of these channels were erased: whoever derives something from acts sees it move."""
    counts = dict.fromkeys(channels, 0)
    for channel in channels:
        counts[channel] = Account.objects.filter(channel_id=channel, handle__isnull=True).count()
    return counts


def acts_shown(seqs: Sequence[int]) -> dict[int, Shown]:
    """These acts, by their position in the ledger; one query."""
    return {act.seq: act for act in _shown(Act.objects.filter(seq__in=list(seqs)))}


def act_named(channel: int, name: str) -> Shown | None:
    """The act that has this id on its channel, if the ledger has it."""
    return next(_shown(Act.objects.filter(channel_id=channel, source_id=name)), None)


def _shown(acts: Any) -> Iterator[Shown]:
    columns = (
        "seq channel_id actor_id type published content object_id in_reply_to context extra actor__handle"
    )
    for row in acts.values_list(*columns.split()):
        yield Shown(*row)


def channel_formats() -> dict[str, tuple[int, str]]:
    """Each channel's id and the format it was first imported from, by its name."""
    return {name: (pk, kind) for pk, name, kind in Channel.objects.values_list("pk", "name", "format")}


def channel_names(channels: Collection[int]) -> dict[int, str]:
    """The names of these channels."""
    return dict(Channel.objects.filter(pk__in=list(channels)).values_list("pk", "name"))


def channel_titles() -> dict[str, str]:
    """What people call each channel, by its name."""
    return {name: title or name for name, title in Channel.objects.values_list("name", "title")}
