"""Refused messages of what sends by itself (Segment’s libraries): nobody reads our answers, so they wait like rows.

They stand in an import of their own kind, without a file that was imported: one for each channel, until somebody has
dealt with all of it. Invariants: a row that is counted is in the file and on the disk; one that a kill left
uncounted is written over by the next; the same message sent again soon is kept once; a program that runs wild fills
MOST_ROWS and no more, and the page says how many were not kept.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.db import transaction
from django.db.models import F

from estime.channels.models import Import
from estime.channels.refused import rejects_path
from estime.channels.rejects import refused_from, reject_line
from estime.kernel import clock
from estime.ledger import api as ledger
from estime.ledger.drafts import Reject

MOST_ROWS: Final = 10_000
MOST_BYTES: Final = 32 * 1024 * 1024
RECENT: Final = 256 * 1024
"""How far back in the file the same message is looked for."""


def rejects_keep(channel: str, name: str, format: str, rejects: Sequence[Reject]) -> None:
    """Keep what a sender called `name` could not get in. When this returns, it is on the disk."""
    if not rejects:
        return
    with transaction.atomic():
        record = _record(channel, name, format)
        path = rejects_path(record)
        begun = end = int(record.options.get("bytes", 0))
        known = {(row.reject.code, row.reject.raw) for row in refused_from(path, max(0, end - RECENT))}
        lines: list[bytes] = []
        for reject in rejects:
            if (reject.code, reject.raw) in known:
                continue
            known.add((reject.code, reject.raw))
            record.rows += 1
            line = reject_line(reject._replace(line=record.rows))
            if record.rejected == MOST_ROWS or end + len(line) > MOST_BYTES:
                continue
            record.rejected += 1
            record.codes.setdefault(reject.code, [0, end])[0] += 1
            end += len(line)
            lines.append(line)
        _write(path, begun, lines)
        record.options["bytes"] = end
        record.message = _message(record)
        record.finished = clock.now()
        record.save()


def _record(channel: str, name: str, format: str) -> Import:
    """The one that is filled: of which something waits. What was dealt with is not taken up again."""
    waiting = Import.objects.select_for_update().filter(
        channel=channel, format=format, closed=None, rejected__gt=F("settled")
    )
    found = waiting.order_by("-started").first()
    if found is not None:
        return found
    ledger.channel_ensure(channel)
    record = Import(
        channel=channel, file_name=name, format=format, started=clock.now(), status=Import.Status.PARTIAL
    )
    record.rejects_file = f"{record.pk}.jsonl"
    record.save(force_insert=True)
    return record


def _write(path: Path, end: int, lines: list[bytes]) -> None:
    """What stands behind `end` was never counted: a kill came between."""
    if not lines:
        return
    path.touch(mode=0o600)
    with path.open("r+b") as stream:
        stream.truncate(end)
        stream.seek(end)
        stream.writelines(lines)
        stream.flush()
        os.fsync(stream.fileno())


def _message(record: Import) -> str:
    left_out = record.rows - record.rejected
    return f"{left_out:,} more were refused and not kept: mend what sends them." if left_out else ""
