"""What texts are asked for: conditions on readings (SQL) and on acts (the ledger's own filter). No text is read here.

A `place` is where a text stands in the order that readings are kept in: (day, seq). It is the order of the ledger to
within a day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.db import connection

from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.listening.affect_names import EMOTION_NAMES, LANGUAGE_NAMES, POLARITY_NAMES

Place = tuple[int, int]
ENDLESS: Final[Place] = (1 << 30, 0)
ALWAYS: Final[Place] = (-(1 << 30), 0)
EPOCH: Final = date(1970, 1, 1)
CLEAR: Final = 500
"""A polarity is told from so many thousandths on."""
_AT_ONCE: Final = 500
_NOT_TEXTS: Final = ("Update", "Delete", "Remove", "Undo")  # an Update says again what was said


@dataclass(frozen=True)
class TextFilter:
    """Which texts; everything that is set must hold. Days are days of UTC, both included.

    `words`: as a person types them. `lang`, `polarity`, `emotion`: by their names (`affect_names`). `target`: 1 brand,
    2 product, 3 member, 4 third party; `target_id`: which of them, 0 for any. `brand`: by the brand's accounts or on
    its behalf, or not. `alike`: near-duplicates of the text of this act. `fresh`: read after the first of two steps and
    up to the second.
    """

    words: str = ""
    channel: str = ""
    since: date | None = None
    until: date | None = None
    lang: str = ""
    polarity: str = ""
    emotion: str = ""
    unclear: bool | None = None
    target: int = 0
    target_id: int = 0
    brand: bool | None = None
    alike: int = 0
    fresh: tuple[int, int] | None = None

    @property
    def of_reading(self) -> bool:
        """Whether something is asked that only readings tell."""
        told = (self.lang, self.polarity, self.emotion, self.target, self.alike, self.fresh)
        return any(told) or self.unclear is not None


def of_ledger(told: TextFilter) -> ledger.ActFilter:
    """What of a filter the ledger tells: texts that stand, in its words, times and channel."""
    named = [(account.channel, account.handle) for account in configuration().brand.accounts]
    return ledger.ActFilter(
        channel=told.channel,
        texts=True,
        standing=True,
        without=_NOT_TEXTS,
        words=told.words,
        since=_begins(told.since) if told.since else None,
        until=_begins(told.until + timedelta(days=1)) if told.until and told.until < date.max else None,
        brand=told.brand,
        brand_accounts=() if told.brand is None else tuple(key for _, key in ledger.account_keys(named)),
    )


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def conditions(told: TextFilter) -> Iterator[tuple[str, list[Any]]]:
    """What of a filter readings tell, as SQL with its parameters."""
    yield from _within(told)
    if told.lang:
        yield "lang = %s", [LANGUAGE_NAMES.index(told.lang)]
    if told.polarity:
        yield f"NOT unclear AND {POLARITY_NAMES[POLARITY_NAMES.index(told.polarity)]} >= {CLEAR}", []
    if told.emotion:
        yield "(felt & %s) <> 0", [1 << EMOTION_NAMES.index(told.emotion)]
    if told.unclear is not None:
        yield "unclear" if told.unclear else "NOT unclear", []
    if told.target:
        yield "target > 0 AND target = %s", [told.target]
    if told.target_id:
        yield "target_id = %s", [told.target_id]


def _within(told: TextFilter) -> Iterator[tuple[str, list[Any]]]:
    """Where and when, and which step brought it."""
    if told.channel:
        yield "channel = %s", [_channel(told)]
    if told.since:
        yield "day >= %s", [(told.since - EPOCH).days]
    if told.until:
        yield "day <= %s", [(told.until - EPOCH).days]
    if told.alike:
        yield "near = (SELECT o.near FROM listening_reading o WHERE o.seq = %s)", [told.alike]
    if told.fresh is not None:
        yield "step > %s AND step <= %s", list(told.fresh)


def _channel(told: TextFilter) -> int:
    """The channel's number; 0, which is no channel's, for one that is not there."""
    return ledger.channel_formats().get(told.channel, (0, ""))[0]


def places(told: TextFilter, before: Place, floor: Place, most: int) -> list[Place]:
    """Up to `most` places of readings that fit, newest first, from before one place down to another one."""
    conds, values = _where(told)
    where = " AND ".join(["(day, seq) < (%s, %s)", "(day, seq) >= (%s, %s)", *conds])
    query = f"SELECT day, seq FROM listening_reading{_by(told)} WHERE {where} ORDER BY day DESC, seq DESC LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(query, [*before, *floor, *values, most])
        return [(day, seq) for day, seq in cursor.fetchall()]


def fitting(told: TextFilter, seqs: Sequence[int]) -> set[int]:
    """Those of some acts whose readings fit."""
    conds, values = _where(told)
    found: set[int] = set()
    with connection.cursor() as cursor:
        for start in range(0, len(seqs), _AT_ONCE):
            part = seqs[start : start + _AT_ONCE]
            marks = ", ".join(["%s"] * len(part))
            these = f"WITH r AS MATERIALIZED (SELECT * FROM listening_reading WHERE seq IN ({marks}))"
            # materialized, or SQLite walks the index of a condition instead of looking up so few rows
            cursor.execute(
                f"{these} SELECT seq FROM r WHERE {' AND '.join(conds or ['true'])}", [*part, *values]
            )
            found.update(seq for (seq,) in cursor.fetchall())
    return found


def _where(told: TextFilter) -> tuple[list[str], list[Any]]:
    found = list(conditions(told))
    return [sql for sql, _ in found], [value for _, values in found for value in values]


def floor_of(told: TextFilter, before: Place, count: int) -> Place | None:
    """The place that so many readings of the same list lie below another one; None if there are fewer."""
    if told.alike or told.fresh is not None:  # few enough by an index of their own
        return None
    where, values = "(day, seq) < (%s, %s)", list(before)
    if told.target:
        where, values = f"target > 0 AND target = %s AND {where}", [told.target, *values]
    elif told.channel:
        where, values = f"channel = %s AND {where}", [_channel(told), *values]
    query = (
        f"SELECT day, seq FROM listening_reading{_by(told)} WHERE {where}"
        f" ORDER BY day DESC, seq DESC LIMIT 1 OFFSET {count}"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        row = cursor.fetchone()
    return None if row is None else (row[0], row[1])


def _by(told: TextFilter) -> str:
    """The index to walk: SQLite, which knows nothing of how rows are spread, would take another one now and then."""
    if connection.vendor != "sqlite":
        return ""
    name = "near" if told.alike else "step" if told.fresh is not None else "whom" if told.target else ""
    return f" INDEXED BY listening_reading_{name or ('when' if told.channel else 'newest')}"
