"""Reads of the whole ledger, through Arrow: for refreshes and exports, never for a page."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import pyarrow as pa
from django.db import connection

from estime.ledger.drafts import ActDraft, Origin
from estime.ledger.models import Observation
from estime.ledger.sources import arrow_reader

_OBSERVED: "tuple[pa.Field[Any], ...]" = (
    pa.field("channel", pa.string()),
    pa.field("object_id", pa.string()),
    pa.field("object_type", pa.string()),
    pa.field("metric", pa.string()),
    pa.field("value", pa.float64()),
    pa.field("observed", pa.timestamp("us", "UTC")),
    pa.field("published", pa.timestamp("us", "UTC")),
    pa.field("recorded", pa.timestamp("us", "UTC")),
)


def observations() -> pa.Table:
    """Every total that platforms told, as a table."""
    rows = Observation.objects.order_by("pk").values_list(
        "channel__name", "object_id", "object_type", "metric", "value", "observed", "published", "recorded"
    )
    columns = list(zip(*rows, strict=True)) or [()] * len(_OBSERVED)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, _OBSERVED, strict=True)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(_OBSERVED))


_TEXTS = "object_id object_type in_reply_to context content lang unit incentive on_behalf_of extra".split()


_WORDS = ["source_id", "handle", "type", *_TEXTS, "id", "channel", "published", "recorded"]
_ACT = pa.schema(
    [pa.field(name, pa.string()) for name in _WORDS]
    + [pa.field("value", pa.float64()), pa.field("account_key", pa.int64())]
)


def acts_as_drafts() -> Iterator[list[ActDraft]]:
    """Every act as the draft it would be appended from, in ledger order, in batches of constant memory."""
    text = " || ''" if connection.vendor == "sqlite" else ""
    texts = ", ".join(f"t.{name}" for name in _TEXTS)
    query = f"""
        SELECT t.source_id, a.handle, t.type, {texts}, t.id, c.name AS channel, t.published{text} AS published,
         t.recorded{text} AS recorded, t.value, a."key" AS account_key
        FROM ledger_act t JOIN ledger_account a ON a."key" = t.actor_id JOIN ledger_channel c ON c.id = t.channel_id
        ORDER BY t.seq
    """
    with arrow_reader(query, _ACT) as reader:
        for batch in reader:
            yield [_draft(row) for row in batch.to_pylist()]


def _draft(row: dict[str, Any]) -> ActDraft:
    told = {name: row[name] for name in (*_TEXTS, "handle")}
    extra = told.pop("extra")
    return ActDraft(
        source_id=row["source_id"],
        actor=told.pop("handle"),
        type=row["type"],
        published=_moment(row["published"]),
        value=row["value"],
        extra=None if extra is None else orjson.loads(extra),
        origin=Origin(row["channel"], _uuid(row["id"]), _moment(row["recorded"]), row["account_key"]),
        **told,
    )


def _uuid(told: str | bytes | UUID) -> UUID:
    if isinstance(told, UUID):
        return told
    return UUID(bytes=told) if isinstance(told, bytes) else UUID(told)


def _moment(told: str | datetime) -> datetime:
    return (
        told.astimezone(UTC)
        if isinstance(told, datetime)
        else datetime.fromisoformat(told).replace(tzinfo=UTC)
    )
