"""Acts whole, as they stand in the ledger: for programs, and for the page of one act."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from estime.ledger.search import rows


class ActRow(NamedTuple):
    """An act as it stands in the ledger; `extra` is the JSON text."""

    seq: int
    id: str
    channel: str
    source_id: str
    account: int
    handle: str | None
    type: str
    object_id: str | None
    object_type: str | None
    in_reply_to: str | None
    context: str | None
    published: datetime
    recorded: datetime
    content: str | None
    lang: str | None
    value: float | None
    unit: str | None
    incentive: str | None
    on_behalf_of: str | None
    extra: str | None


_QUERY = (
    "SELECT t.seq, t.id, c.name, t.source_id, t.actor_id, a.handle, t.type, t.object_id, t.object_type, t.in_reply_to,"
    " t.context, t.published, t.recorded, t.content, t.lang, t.value, t.unit, t.incentive, t.on_behalf_of, t.extra"
    ' FROM ledger_act t JOIN ledger_account a ON a."key" = t.actor_id JOIN ledger_channel c ON c.id = t.channel_id'
)


def acts_whole(seqs: Sequence[int]) -> list[ActRow]:
    """The acts at these positions, in this order."""
    found = {row[0]: row for row in rows.select_in(_QUERY + " WHERE t.seq IN {marks}", seqs)}
    return [_row(found[seq]) for seq in seqs if seq in found]


def act_find(act_id: UUID) -> ActRow | None:
    """One act by its id."""
    told = act_id.hex if connection.vendor == "sqlite" else act_id
    with connection.cursor() as cursor:
        cursor.execute(_QUERY + " WHERE t.id = %s", [told])
        row = cursor.fetchone()
    return None if row is None else _row(row)


def _row(told: Iterable[Any]) -> ActRow:
    row = ActRow(*told)
    name = row.id if isinstance(row.id, UUID) else UUID(hex=row.id)
    return row._replace(id=str(name), published=_moment(row.published), recorded=_moment(row.recorded))


def _moment(told: str | datetime) -> datetime:
    if isinstance(told, datetime):
        return told.astimezone(UTC)
    return datetime.fromisoformat(told).replace(tzinfo=UTC)
