"""One correction for all refused rows of one code: a zone, a way of writing dates, words for types, a decimal mark.

Rows are taken in steps of a thousand, each step in one transaction: killed anywhere, the same correction run again goes
on where it stopped.
"""

from collections import Counter
from itertools import islice
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson

from estime.channels.errors import CorrectionInvalid
from estime.channels.mending import broken_of, mend, mendable
from estime.channels.models import Import
from estime.channels.moments import zone_named
from estime.channels.refused import leave_out, open_rows
from estime.channels.rejects import Refused
from estime.jobs.api import Progress
from estime.ledger.vocabulary import ACTIVITY_TYPES

STEP = 1_000
WORDS_LISTED = 50
ROWS_LOOKED_AT = 20_000

POSSIBLE: Final[dict[str, tuple[str, ...]]] = {
    "time-without-zone": ("zone",),
    "bad-time": ("dates", "zone"),
    "unknown-type": ("types",),
    "bad-number": ("decimal",),
}
"""Which corrections can help all rows of a code at once."""
_TYPES = {*ACTIVITY_TYPES, "vote"}


class Corrected(NamedTuple):
    """What a correction of many rows did."""

    settled: int
    again: int


def check_correction(code: str, told: dict[str, Any]) -> dict[str, Any]:
    """The correction as it is kept with a job. Raises `CorrectionInvalid` or `TimezoneUnknown`."""
    if reason := str(told.get("leave") or "").strip():
        return {"leave": reason[:1000]}
    known = POSSIBLE.get(code, ())
    given: dict[str, Any] = {}
    if "zone" in known and told.get("timezone"):
        zone_named(str(told["timezone"]))
        given["timezone"] = str(told["timezone"])
    if "dates" in known and told.get("date_format"):
        given["date_format"] = str(told["date_format"])[:80]
    if "decimal" in known and told.get("decimal") in (".", ","):
        given["decimal"] = told["decimal"]
    if "types" in known:
        words = told.get("types")
        chosen = {str(k): str(v) for k, v in words.items() if v} if isinstance(words, dict) else {}
        if not set(chosen.values()) <= _TYPES:
            raise CorrectionInvalid("This is no kind of act.", todo="Choose one of the list.")
        if chosen:
            given["types"] = chosen
    if not given:
        raise CorrectionInvalid(
            "The correction says nothing.", todo="Choose what these rows are to be read as."
        )
    return given


def correct_all(
    import_id: UUID, code: str, told: dict[str, Any], by: int | None, progress: Progress
) -> Corrected:
    """Correct every row of a code that waits, or leave all of them out for a reason."""
    record = Import.objects.get(pk=import_id)
    first = record.codes.get(code, [0, 0])[1]
    total, looked, settled = record.codes.get(code, [0])[0], 0, 0
    rows = open_rows(record, code, first)
    while part := list(islice(rows, STEP)):
        looked += len(part)
        settled += _corrected(record, part, told, by)
        progress(min(looked, total), total)
    return Corrected(settled, looked - settled)


def _corrected(record: Import, part: list[Refused], told: dict[str, Any], by: int | None) -> int:
    if "leave" in told:
        return leave_out(record.pk, [(row.place, row.reject.code) for row in part], by, told["leave"])
    if not mendable(record):
        raise CorrectionInvalid(
            "The rows of an export of Estime cannot be brought in one by one.",
            todo="Mend the export and import it again, or leave them out with a reason.",
        )
    rows = [broken_of(record, row.place, row.reject) for row in part]
    return mend(record.pk, rows, by, told).inside


def words_of(record: Import, code: str = "unknown-type") -> list[tuple[str, int]]:
    """The words that stand for no type in the rows that wait, most frequent first; from so many rows as are read."""
    first = record.codes.get(code, [0, 0])[1]
    found = Counter(filter(None, map(_word, islice(open_rows(record, code, first), ROWS_LOOKED_AT))))
    return found.most_common(WORDS_LISTED)


def _word(row: Refused) -> str:
    try:
        raw = orjson.loads(row.reject.raw)
    except ValueError:
        return ""
    return str(raw.get("type") or "") if isinstance(raw, dict) else ""
