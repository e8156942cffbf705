"""When somebody was last erased (not who): older copies hold them still, and `estime doctor` tells of those."""

import json
from contextlib import suppress
from datetime import datetime
from typing import Final

from estime.kernel.clock import now
from estime.kernel.home import home

ERASED: Final = "last-erasure.json"
"""In ESTIME_HOME."""


def erasure_remember() -> None:
    """Note that somebody is erased now; before it happens, so that a kill leaves no copy that nobody is told of."""
    part = home() / f"{ERASED}.part"
    with suppress(OSError):
        part.write_text(json.dumps({"at": now().isoformat()}), "utf-8")
        part.replace(
            home() / ERASED
        )  # in its place at once: whoever reads meanwhile reads the one or the other


def last_erasure() -> datetime | None:
    """When somebody was last erased here."""
    try:
        found = datetime.fromisoformat(json.loads((home() / ERASED).read_text("utf-8"))["at"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return found if found.tzinfo else None
