"""Small notes in ESTIME_HOME, as JSON: what an installation remembers of itself. None is worse for being lost."""

import json
from contextlib import suppress
from datetime import datetime
from typing import Any

from estime.kernel.home import home


def note_read(name: str) -> dict[str, Any]:
    """A note; empty where there is none that can be read."""
    try:
        told = json.loads((home() / name).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def note_write(name: str, told: dict[str, Any]) -> None:
    """Beside, then in its place: whoever reads meanwhile reads the one or the other."""
    part = home() / f"{name}.part"
    with suppress(OSError):
        part.write_text(json.dumps(told), "utf-8")
        part.replace(home() / name)


def note_moment(told: Any) -> datetime | None:
    """A time as a note has it; None where it is none, or has no zone."""
    try:
        found = datetime.fromisoformat(told)
    except (ValueError, TypeError):
        return None
    return found if found.tzinfo else None
