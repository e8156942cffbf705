"""Writing readings: many rows in one statement, and a reading that is there already is replaced."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import connection

from estime.ledger.api import Written
from estime.listening.models import Followed
from estime.listening.scoring import NOT_TOWARD, Scores

_TYPES: Final = {
    "seq": "bigint", "channel": "bigint", "account": "bigint", "day": "integer", "lang": "smallint",
    "negative": "smallint", "neutral": "smallint", "positive": "smallint", "emotions": "bytea", "felt": "smallint",
    "unclear": "boolean", "target": "smallint", "target_id": "bigint", "toward": "smallint",
    "near": "bigint", "version": "smallint", "step": "bigint",
}  # fmt: skip
_NAMES: Final = ", ".join(_TYPES)
# What was read again keeps its step: to those who have it already it comes with all others, when all was read again.
_REPLACED: Final = ", ".join(f"{name} = excluded.{name}" for name in _TYPES if name not in ("seq", "step"))
_CONFLICT: Final = f"ON CONFLICT (seq) DO UPDATE SET {_REPLACED}"


def readings_keep(texts: Sequence[Written], scores: Scores, followed: Followed) -> None:
    """Keep what was read in these texts as the step that `followed` is at, inside the caller's transaction."""
    rows = _rows(texts, scores, followed.version, followed.step)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        raw: Any = cursor.cursor  # the driver's own cursor: Django's wrapper would rewrite and log every row
        if connection.vendor == "sqlite":
            marks = ", ".join("?" * len(_TYPES))
            raw.connection.executemany(
                f"INSERT INTO listening_reading ({_NAMES}) VALUES ({marks}) {_CONFLICT}", rows
            )
            return
        declared = ", ".join(f"{name} {kind}" for name, kind in _TYPES.items())
        cursor.execute("SET LOCAL client_min_messages = warning")  # "already exists, skipping" is no news
        cursor.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS listening_staging ({declared}) ON COMMIT DELETE ROWS"
        )
        with raw.copy(f"COPY listening_staging ({_NAMES}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            f"INSERT INTO listening_reading ({_NAMES}) SELECT {_NAMES} FROM listening_staging ORDER BY seq {_CONFLICT}"
        )


def _rows(texts: Sequence[Written], scores: Scores, version: int, step: int) -> Iterator[tuple[Any, ...]]:
    shares, packed, wide = scores.shares.tolist(), scores.emotions.tobytes(), scores.emotions.shape[1]
    columns = (scores.lang, scores.felt, scores.unclear, scores.target, scores.target_id, scores.near)
    toward = [None if value == NOT_TOWARD else value for value in scores.toward.tolist()]
    told = zip(texts, shares, *(column.tolist() for column in columns), strict=True)
    for at, (text, three, lang, felt, unclear, target, target_id, near) in enumerate(told):
        emotions = packed[at * wide : (at + 1) * wide]
        yield (
            text.seq, text.channel, text.account, text.day, lang, *three, emotions, felt, unclear, target, target_id,
            toward[at], near, version, step,
        )  # fmt: skip
