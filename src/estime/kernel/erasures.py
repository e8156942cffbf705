"""When somebody was last erased (not who): older copies hold them still, and `estime doctor` tells of those."""

from datetime import datetime
from typing import Final

from estime.kernel.clock import now
from estime.kernel.notes import note_moment, note_read, note_write

ERASED: Final = "last-erasure.json"
"""In ESTIME_HOME."""


def erasure_remember() -> None:
    """Note that somebody is erased now; before it happens, so that a kill leaves no copy that nobody is told of."""
    note_write(ERASED, {"at": now().isoformat()})


def last_erasure() -> datetime | None:
    """When somebody was last erased here."""
    return note_moment(note_read(ERASED).get("at"))
