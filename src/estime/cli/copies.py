"""Copies of what the ledger holds that lie outside of it: backups made here, files that wait to be imported.

An erasure does not reach them. So it is noted which backups were made here, and when somebody was last erased (not
who), and both are told until nothing older is left. A backup that was taken elsewhere is not seen.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from estime.cli.output import counted
from estime.kernel.erasures import last_erasure
from estime.kernel.notes import note_moment, note_read, note_write

LAST: Final = "last-backup.json"
"""In ESTIME_HOME: the last backup, and under `earlier` those before it."""
REMEMBERED: Final = 400


class Backup(NamedTuple):
    """A backup that was made here, and is still where it was written."""

    file: Path
    made: datetime


class Older(NamedTuple):
    """Copies from before an erasure."""

    backups: list[Path]
    uploads: list[Path]

    def in_words(self) -> str:
        """How many there are, such as "2 backups and 1 file that waits to be imported"; "" if none."""
        told = []
        if count := len(self.backups):
            told.append("1 backup" if count == 1 else f"{count} backups")
        if count := len(self.uploads):
            told.append(f"{counted(count, 'file')} brought through the page")
        return " and ".join(told)


def backup_remember(told: dict[str, Any]) -> None:
    """Note a backup just made; one is no worse for not being noted."""
    earlier = [{"file": str(one.file), "made": one.made.isoformat()} for one in backups_there()]
    kept = [one for one in earlier if one["file"] != told["file"]][-REMEMBERED:]
    note_write(LAST, {**told, "earlier": kept})


def backups_there() -> list[Backup]:
    """Every backup made here that still exists, oldest first."""
    note = note_read(LAST)
    listed = note.get("earlier", [])
    found = [_backup(one) for one in [*(listed if isinstance(listed, list) else []), note]]
    return sorted((one for one in found if one and one.file.exists()), key=lambda one: one.made)


def last_backup() -> datetime | None:
    """When the last backup was made here, wherever it is now."""
    return note_moment(note_read(LAST).get("made"))


def older_than_erasure() -> Older:
    """Copies from before the last erasure."""
    at = last_erasure()
    return Older([], []) if at is None else older_than(at)


def older_than(at: datetime) -> Older:
    """Copies made before a moment."""
    from estime.channels import api as channels

    uploads = [one.path for one in channels.uploads_kept() if one.at <= at]
    return Older([one.file for one in backups_there() if one.made <= at], uploads)


def listed(paths: Sequence[Path], most: int = 5) -> str:
    """The first of them, and how many more."""
    more = f" and {len(paths) - most} more" if len(paths) > most else ""
    return ", ".join(map(str, paths[:most])) + more


def _backup(told: Any) -> Backup | None:
    made = note_moment(told.get("made")) if isinstance(told, dict) else None
    file = told.get("file") if made else None
    return Backup(Path(file), made) if made and isinstance(file, str) else None
