"""What was read in one person's texts, for whoever explains it to them or to others."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from estime.listening.models import Reading


class OneReading(NamedTuple):
    """What was read in the text of one act; the shares are thousandths, `day` counts from 1970 (UTC).

    `toward`: what it feels for the brand or its products, in thousandths; None if it is about others, or unclear.
    """

    seq: int
    account: int
    day: int
    negative: int
    neutral: int
    positive: int
    unclear: bool
    toward: int | None


_COLUMNS: Final = ("seq", "account", "day", "negative", "neutral", "positive", "unclear", "toward")


def readings_of(account: int, limit: int, before: int | None = None) -> list[OneReading]:
    """Readings of somebody's texts that are clear and directed, newest first, from before an act on."""
    rows = Reading.objects.filter(account=account, toward__isnull=False)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    return [_told(row) for row in rows.order_by("-seq").values_list(*_COLUMNS)[:limit]]


def reading_find(account: int, seq: int) -> OneReading | None:
    """The reading of one text, if it is theirs."""
    row = Reading.objects.filter(account=account, pk=seq).values_list(*_COLUMNS).first()
    return None if row is None else _told(row)


def _told(row: Sequence[Any]) -> OneReading:
    seq, account, day, negative, neutral, positive, unclear, toward = row
    return OneReading(seq, account, day, negative, neutral, positive, bool(unclear), toward)
