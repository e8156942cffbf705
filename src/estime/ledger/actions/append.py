"""Append acts to the ledger: all rows of one call in one transaction, each act once however often it is told."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import orjson
from django.db import IntegrityError, connection, transaction

from estime.kernel import clock
from estime.kernel.collection import collection_paused
from estime.kernel.home import secret
from estime.kernel.ids import keyed_hash, uuid7_hex
from estime.ledger import staging
from estime.ledger.checks import all_in_order, check_draft, check_encodable
from estime.ledger.drafts import ActDraft, Origin, Reject
from estime.ledger.errors import KeyTaken
from estime.ledger.guards import ERASED_PREFIX
from estime.ledger.models import Channel

CLOCK_SKEW = timedelta(hours=1)
Row = tuple[int, ActDraft]


class Appended(NamedTuple):
    """What became of the rows of one call: `new + known + erased + len(rejects)` is their number."""

    new: int
    known: int
    erased: int
    rejects: list[Reject]


class Outcome(NamedTuple):
    """What became of one row: created, known, erased or refused. `id`: of the act, for the first two."""

    status: str
    id: str | None = None
    code: str | None = None
    reason: str | None = None


class _Done(NamedTuple):
    """What a transaction wrote. `ids`: line → (act id, whether it is new), only where somebody asked."""

    good: list[Row]
    rejects: list[Reject]
    erased: int
    new: int
    differing: list[int]
    ids: list[tuple[str, bool]]


def append(channel: str, rows: Sequence[Row], *, now: datetime | None = None) -> Appended:
    """Append acts of one channel. Rows that break a rule come back as rejects; the others are in, or none is.

    Raises `KeyTaken` when an export's account keys or act ids are in use here for something else.
    """
    if len(rows) == 1 and _append_one(channel, rows[0], now or clock.now()) is not None:
        return Appended(1, 0, 0, [])
    done = _append(channel, rows, now or clock.now())
    rejects = done.rejects + _changed(done.good, done.differing)
    known = len(done.good) - done.new - len(done.differing)
    return Appended(done.new, known, done.erased, sorted(rejects))


def append_told(channel: str, rows: Sequence[Row], *, now: datetime | None = None) -> dict[int, Outcome]:
    """The same, telling of every row what became of it: by line, which has to be another for each row."""
    done = _append(channel, rows, now or clock.now(), told=True)
    told = {line: Outcome("erased") for line, _ in rows}
    for (line, _), (act_id, fresh) in zip(done.good, done.ids, strict=True):
        told[line] = Outcome("created" if fresh else "known", act_id)
    for refused in done.rejects + _changed(done.good, done.differing):
        told[refused.line] = Outcome("refused", None, refused.code, refused.reason)
    return told


def append_one(channel: str, draft: ActDraft, *, now: datetime | None = None) -> tuple[Appended, int | None]:
    """Append the act of a deed of our own, in as few statements as that takes. Besides: the account’s key, if new.

    The same rules as `append`; where that would have to look closer (a channel or an act that is known otherwise), it
    does so.
    """
    at = now or clock.now()
    account = _append_one(channel, (1, draft), at)
    if account is not None:
        return Appended(1, 0, 0, []), account
    return append(channel, [(1, draft)], now=at), None


def _append_one(channel: str, row: Row, recorded: datetime) -> int | None:
    """The key of the account if the act was new and nothing about it needs a closer look, else None."""
    draft = row[1]
    if draft.origin is not None or not all_in_order([row], recorded + CLOCK_SKEW) or check_encodable(draft):
        return None
    erased = ERASED_PREFIX + keyed_hash(secret(), channel, draft.source_id)
    columns = _columns([row], recorded)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        return staging.write_one(cursor, channel, columns, database_time(recorded), erased)


def _append(channel: str, rows: Sequence[Row], recorded: datetime, *, told: bool = False) -> _Done:
    place = _place(channel)
    with collection_paused(), transaction.atomic():
        good, rejects = _sort_out(rows, recorded + CLOCK_SKEW)
        good, erased = _without_erased(place, good)
        try:
            written = _write(place, good, recorded, told=told)
        except IntegrityError as error:
            if all(draft.origin is None for _, draft in good):
                raise
            raise KeyTaken(
                "An account key or act id of this export means something else here.",
                todo="Import an export into an empty installation, or take its estime: fields out.",
            ) from error
        except UnicodeEncodeError:
            good, unwritable = _without_unwritable(good)
            rejects += unwritable
            written = _write(place, good, recorded, told=told)
    return _Done(good, rejects, erased, *written)


def _place(name: str) -> Channel:
    """The channel, made if it is new. Asked for every batch, so the usual case is one bare query."""
    from estime.ledger.actions.ensure_channel import channel_ensure, check_channel_name

    check_channel_name(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM ledger_channel WHERE name = %s", [name])
        row = cursor.fetchone()
    return channel_ensure(name) if row is None else Channel(pk=row[0], name=name)


def _sort_out(rows: Sequence[Row], latest: datetime) -> tuple[list[Row], list[Reject]]:
    if all_in_order(rows, latest):
        return list(rows), []
    good, rejects = [], []
    for row in rows:
        problem = check_draft(row[1], latest)
        if problem is None:
            good.append(row)
        else:
            rejects.append(reject(row[0], problem, row[1]))
    return good, rejects


def _without_unwritable(rows: list[Row]) -> tuple[list[Row], list[Reject]]:
    good, rejects = [], []
    for line, draft in rows:
        problem = check_encodable(draft)
        if problem is None:
            good.append((line, draft))
        else:
            rejects.append(reject(line, problem, draft))
    return good, rejects


def _without_erased(channel: Channel, rows: list[Row]) -> tuple[list[Row], int]:
    """Leave out what somebody had erased: the keyed hash of its id is all that is left to know it by."""
    if not rows or not _anything_erased(channel):
        return rows, 0
    key = secret()
    hashes = [ERASED_PREFIX + keyed_hash(key, channel.name, draft.source_id) for _, draft in rows]
    found: set[str] = set()
    names = sorted(set(hashes))
    with connection.cursor() as cursor:
        for start in range(0, len(names), 500):
            part = names[start : start + 500]
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(
                f"SELECT source_id FROM ledger_act WHERE channel_id = %s AND source_id IN ({marks})",
                [channel.pk, *part],
            )
            found.update(name for (name,) in cursor.fetchall())
    kept = [row for row, name in zip(rows, hashes, strict=True) if name not in found]
    return kept, len(rows) - len(kept)


def _anything_erased(channel: Channel) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM ledger_account WHERE channel_id = %s AND handle IS NULL LIMIT 1", [channel.pk]
        )
        return cursor.fetchone() is not None


def _write(
    channel: Channel, rows: list[Row], recorded: datetime, *, told: bool
) -> tuple[int, list[int], list[tuple[str, bool]]]:
    if not rows:
        return 0, [], []
    with transaction.atomic(), connection.cursor() as cursor:
        columns = _columns(rows, recorded)
        staging.stage_acts(cursor, columns)
        staging.move_accounts(cursor, channel.pk, database_time(recorded))
        erased = any(draft.actor is None for _, draft in rows)
        if erased:
            staging.move_erased_accounts(cursor, channel.pk, database_time(recorded))
        new = staging.move_acts(cursor, channel.pk, database_time(recorded), erased=erased)
        if new == len(rows):
            return new, [], [(_dashed(name), True) for name in columns["id"]] if told else []
        differing = staging.differing_places(cursor, channel.pk)
        return new, differing, staging.staged_acts(cursor, channel.pk) if told else []


def _dashed(name: str) -> str:
    """32 hex digits as a UUID is written; a batch is answered with hundreds."""
    return f"{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}"


def _columns(rows: list[Row], recorded: datetime) -> dict[str, Sequence[Any]]:
    """The rows turned into columns, without those in which nothing stands.

    An import runs through here once per act: whole columns are handled by C code, which halves its time.
    """
    _, drafts = zip(*rows, strict=True)
    columns: dict[str, Sequence[Any]] = dict(zip(ActDraft._fields, zip(*drafts, strict=True), strict=True))
    count = len(rows)
    origins = columns.pop("origin")
    if origins.count(None) == count:
        columns["id"] = uuid7_hex(count)
    else:
        columns |= _origin_columns(origins, recorded)
    columns["published"] = _as_texts(columns["published"])
    columns["handle"] = columns.pop("actor")
    if columns["extra"].count(None) < count:
        columns["extra"] = [None if extra is None else _as_json(extra) for extra in columns["extra"]]
    return {"line": range(count)} | {
        name: column for name, column in columns.items() if column.count(None) < count
    }


def _origin_columns(origins: Sequence[Origin | None], recorded: datetime) -> dict[str, list[Any]]:
    fresh = uuid7_hex(len(origins))
    return {
        "id": [fresh[i] if o is None else o.act_id.hex for i, o in enumerate(origins)],
        "recorded": [database_time(recorded if o is None else o.recorded) for o in origins],
        "account_key": [None if o is None else o.account_key for o in origins],
    }


def _as_json(extra: dict[str, object]) -> str:
    return orjson.dumps(extra, option=orjson.OPT_SORT_KEYS).decode()


def _as_texts(moments: Sequence[datetime]) -> list[str]:
    if any(moment.tzinfo is not UTC for moment in moments):
        moments = [moment.astimezone(UTC) for moment in moments]
    texts = map(str, moments)
    return list(texts) if connection.vendor != "sqlite" else [text[:-6] for text in texts]


def database_time(moment: datetime) -> str:
    """UTC as the database takes it: `2024-01-31 23:59:59.123456`, on PostgreSQL with its zone."""
    return _as_texts([moment])[0]


def _changed(rows: list[Row], differing: list[int]) -> list[Reject]:
    problem = (
        "act-differs",
        "This id is in the ledger with other content. An act never changes: send an Update act with an id of its own.",
    )
    return [reject(rows[place][0], problem, rows[place][1]) for place in differing]


def reject(line: int, problem: tuple[str, str], draft: NamedTuple) -> Reject:
    """A refused row, with the draft itself for the reader to mend."""
    fields = {
        name: value for name, value in draft._asdict().items() if value is not None and name != "origin"
    }
    raw = orjson.dumps(fields, default=str, option=orjson.OPT_NON_STR_KEYS) if _writable(fields) else b""
    return Reject(line, problem[0], problem[1], raw[:65536].decode("utf-8", "replace"))


def _writable(fields: dict[str, object]) -> bool:
    try:
        orjson.dumps(fields, default=str)
    except TypeError:  # lone surrogates
        return False
    return True
