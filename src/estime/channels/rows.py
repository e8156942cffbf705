"""What a reader yields: a draft with its line, or a reject."""

from collections.abc import Callable
from typing import Any

import orjson

from estime.ledger.drafts import ActDraft, ObservationDraft, Reject

Draft = ActDraft | ObservationDraft
Row = tuple[int, ActDraft | ObservationDraft] | Reject

RAW_LIMIT = 64 * 1024
"""How much of a rejected row is kept, in characters."""


class Untranslatable(Exception):
    """A row that cannot be translated: caught by the reader and turned into a Reject."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def reject(line: int, code: str, reason: str, raw: bytes | str) -> Reject:
    """Make a Reject whose raw text is safe to write and not longer than the limit."""
    if isinstance(raw, bytes):
        raw = raw[:RAW_LIMIT].decode("utf-8", "replace")
    return Reject(line, code, reason, raw[:RAW_LIMIT])


def attempt(line: int, row: Any, translate: Callable[[Any], list[Draft]]) -> list[Row]:
    """Translate one row; why it cannot be translated becomes a Reject."""
    try:
        return [(line, draft) for draft in translate(row)]
    except Untranslatable as error:
        raw = (
            row if isinstance(row, bytes | str) else orjson.dumps(row, default=str).decode("utf-8", "replace")
        )
        return [reject(line, error.code, error.reason, raw)]
