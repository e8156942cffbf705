"""Bring a challenge in from a path: read, translated, written in one go, with what was refused kept to be mended.

The import stands in the same list as every other one, and its refused rows in the same kind of file: whoever has
somebody erased finds them there. A row is mended in the source, which is then brought again: what is in is known.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from estime.channels.actions import AGAIN
from estime.channels.challenges.mapping import ChallengeMapping, challenge_mapping_load
from estime.channels.challenges.read import Read
from estime.channels.challenges.registry import challenge_read, guess, named
from estime.channels.models import Import
from estime.channels.options import ReadOptions
from estime.channels.rejects import RejectsFile
from estime.cocreation import api as cocreation
from estime.cocreation.api import About, Brought, Member, Space
from estime.kernel import clock
from estime.kernel.errors import EstimeError
from estime.kernel.home import rejects_dir
from estime.ledger import api as ledger
from estime.ledger.drafts import Reject
from estime.ledger.errors import BadChannelName

_WHY: Final = (
    ("place-missing", "What this belongs to is not in the source, or was refused itself."),
    ("answered-missing", "The comment that this one answers is not in the source, or was refused itself."),
    ("option-missing", "What was voted on is not in the source, or was refused itself."),
    ("vote-closed", "The vote of this challenge is closed here: it stays as it was when it closed."),
    ("answered-here", "It was answered here meanwhile: that answer stands."),
    ("name-too-long", "Its id is too long: at most 200 characters, with what comes before it."),
    ("out-of-time", "Its time lies before 1970 or in days to come."),
    ("too-many", "Its number is larger than any that is meant."),
    ("no-cost", "What it costs is nothing, or larger than any amount that is meant."),
    ("text-too-long", "Its text has more than a million characters."),
)
_TOLD: Final = (
    *("challenge", "fresh", "title", "channel", "format", "file_name", "status"),
    *("new", "known", "erased", "rejected", "counts", "notes", "seconds"),
)
WHY: Final = dict(_WHY)
"""Why a row is not in the challenge though its act is an act."""


@dataclass(frozen=True)
class Overrides:
    """What whoever brings it says of the whole, before what the source says."""

    title: str = ""
    known: str = ""
    closes: datetime | None = None

    def of(self, about: About) -> About:
        told: dict[str, Any] = {"title": self.title, "known": self.known, "closes": self.closes}
        return replace(about, **{name: value for name, value in told.items() if value})


@dataclass
class ChallengeImported:
    """What came of it. `new`, `known`, `erased`: acts and things of the source; `counts`: what stands in it now."""

    channel: str
    format: str
    file_name: str
    id: UUID | None = None
    status: str = "done"
    challenge: int = 0
    fresh: bool = False
    title: str = ""
    new: int = 0
    known: int = 0
    erased: int = 0
    rejected: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    first_rejects: list[Reject] = field(default_factory=list)
    rejects_path: Path | None = None
    seconds: float = 0.0

    def told(self) -> dict[str, Any]:
        """The result for programs: by `--json` and over REST. It names no path and no row."""
        return {name: getattr(self, name) for name in _TOLD}

    def rejects_told(self) -> list[dict[str, Any]]:
        """The first rows that were refused, with line and reason."""
        return [{"line": one.line, "code": one.code, "reason": one.reason} for one in self.first_rejects]


def check_channel(name: str) -> None:
    """Raises `BadChannelName`, also for co-creation's own: whoever took part here would be spoken for by a file."""
    ledger.check_channel_name(name)
    if name == cocreation.CHANNEL:
        raise BadChannelName(
            f"“{name}” is this site's own channel: what was lived elsewhere happened on another.",
            todo="Name another channel, or none.",
        )


def challenge_import(
    path: Path,
    space: Space,
    *,
    channel: str = "",
    format: str = "",
    mapping: ChallengeMapping | Path | str | None = None,
    options: ReadOptions | None = None,
    overrides: Overrides | None = None,
    dry_run: bool = False,
    by: Member | None = None,
) -> ChallengeImported:
    """Bring a challenge into a space. The same again changes nothing; single bad rows never raise.

    Raises a typed error where the source cannot be read at all, and what `challenge_bring` raises.
    """
    begun = time.monotonic()
    options = options or ReadOptions()
    loaded = (
        mapping
        if isinstance(mapping, ChallengeMapping) or mapping is None
        else challenge_mapping_load(mapping)
    )
    form = named("mapped") if loaded is not None else named(format) if format else guess(path, options)
    channel = channel or form.channel
    check_channel(channel)
    read = challenge_read(path, form, options, loaded)
    about = (overrides or Overrides()).of(read.about)
    result = ChallengeImported(channel, form.name, path.name, title=about.title, notes=read.notes)
    record = None if dry_run else _begin(result, options, by)
    try:
        brought = cocreation.challenge_bring(by, space, channel, about, read.rows, dry_run=dry_run)
    except BaseException as error:
        _failed(record, error)
        raise
    _told(result, brought)
    result.id = record.id if record is not None else None
    result.status = "dry-run" if dry_run else "partial" if result.rejected or read.rejects else "done"
    _keep(result, _rejected(read, brought), record)
    result.seconds = time.monotonic() - begun
    return result


def _begin(result: ChallengeImported, options: ReadOptions, by: Member | None) -> Import:
    ledger.channel_ensure(result.channel, format=result.format)
    return Import.objects.create(
        channel=result.channel, file_name=result.file_name[:255], format=result.format, started=clock.now(),
        by_id=by.user_id if by is not None else None,
        options={"challenge": True, **({"timezone": options.timezone} if options.timezone else {})},
    )  # fmt: skip


def _failed(record: Import | None, error: BaseException) -> None:
    if record is not None:
        record.status, record.finished, record.stopped = Import.Status.FAILED, clock.now(), True
        record.message = error.message if isinstance(error, EstimeError) else type(error).__name__
        record.save(update_fields=["status", "finished", "stopped", "message"])


def _told(result: ChallengeImported, brought: Brought) -> None:
    result.challenge, result.fresh, result.counts = brought.challenge, brought.fresh, brought.counts
    result.new, result.known, result.erased = brought.new, brought.known, brought.erased


def _rejected(read: Read, brought: Brought) -> list[Reject]:
    """Everything that was refused, with its reason in words, in the order of the lines."""
    told = [one._replace(reason=one.reason or WHY.get(one.code, "")) for one in brought.rejects]
    return sorted([*read.rejects, *told], key=lambda one: (one.line, one.code))


def _keep(result: ChallengeImported, refused: Sequence[Reject], record: Import | None) -> None:
    path = rejects_dir() / f"{record.id}.jsonl" if record is not None else None
    with RejectsFile(path) as rejects:
        for one in refused:
            rejects.add(one)
    result.rejected, result.first_rejects = rejects.count, rejects.first
    result.rejects_path = path if rejects.count else None
    if record is None:
        return
    record.finished, record.status = clock.now(), Import.Status(result.status)
    record.rows = result.new + result.known + result.erased + result.rejected
    record.new, record.known, record.erased = result.new, result.known, result.erased
    record.rejected, record.rejects_file, record.codes = rejects.count, rejects.name, rejects.codes
    record.rejects_digest, record.types = rejects.digest, result.counts
    record.save()
    earlier = Import.objects.filter(
        channel=record.channel, file_name=record.file_name, format=record.format, closed=None,
        started__lt=record.started,
    )  # fmt: skip
    earlier = earlier.exclude(pk=record.pk)
    earlier.filter(stopped=True).update(stopped=False)
    earlier.filter(Q(rejects_digest=record.rejects_digest) & ~Q(rejects_digest="")).update(
        closed=clock.now(), closed_reason=AGAIN
    )
