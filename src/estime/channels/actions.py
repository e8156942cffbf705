"""Importing a path: rows go to the ledger batch by batch, each batch wholly or not at all.

Invariants: what was reported as in is in; whatever stops an import (a cut file, a full disk, Ctrl-C, a
kill), the same command run again completes it, because every row is known by its id. A dry run leaves no
trace.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import orjson
from django.db import DatabaseError, transaction
from django.db.models import Q

from estime.channels import registry
from estime.channels.errors import ChannelNeeded, ImportInterrupted, TruncatedSource
from estime.channels.mapping import Mapping, mapping_load
from estime.channels.models import Import
from estime.channels.options import ReadOptions
from estime.channels.rejects import RejectsFile
from estime.channels.result import ImportResult
from estime.channels.rows import Row
from estime.channels.source import Source, check_path
from estime.kernel import clock
from estime.kernel.collection import collection_paused
from estime.kernel.errors import EstimeError, StorageFull, disk_full
from estime.kernel.home import rejects_dir
from estime.ledger import api as ledger
from estime.ledger.drafts import ActDraft, ObservationDraft, Reject

BATCH_ROWS = 50_000
BATCH_TEXT = 64 * 1024 * 1024
"""Characters of text in one batch, so that long texts cannot fill the memory."""
PROGRESS_EVERY = 2_000
AGAIN = "again"
"""Why an import is closed that a later one of the same file took over."""
CONTENT = "content"
"""Under which the digest of what was read is kept with the import."""
EVERY_CHANNEL = "*"
"""What stands for the channel of a source that names its channels itself."""


class Asked(NamedTuple):
    """Who asked for an import, by which job: nobody and none when it is a command."""

    by: int | None = None
    job: UUID | None = None


Progress = Callable[[int, int, int], None]
"""Called with bytes read, bytes in all, and rows read so far."""


def import_path(
    path: Path,
    *,
    channel: str | None = None,
    format: str | None = None,
    mapping: Mapping | Path | str | None = None,
    dry_run: bool = False,
    options: ReadOptions | None = None,
    progress: Progress | None = None,
    asked: Asked | None = None,
) -> ImportResult:
    """Import a file or folder into a channel. Our own export (`estime`) names its channels itself.

    Raises a typed error when the source cannot be read at all, and also when it, the disk or the user stops
    half way: then `error.data["result"]` holds the numbers of what is in. Single bad rows never raise.
    """
    path = Path(path)
    if channel is not None:
        ledger.check_channel_name(channel)
    check_path(path)
    loaded = mapping if isinstance(mapping, Mapping) or mapping is None else mapping_load(mapping)
    options = replace(options or ReadOptions(), channel=channel, dry_run=dry_run)
    options = replace(options, mapping=loaded) if loaded is not None else options
    try:
        form = registry.named(format) if format else registry.guess(path, options)
        result = ImportResult(_place(channel, form, path), form.name, options.file_name or path.name)
        source = Source(path, options.encoding or (options.mapping.encoding if options.mapping else None))
        source.meter.limit = options.unpacked
        rows = islice(registry.read(path, form, options, source), options.rows)
        record = None if dry_run else _begin(result, options, asked or Asked())
        reject_path = rejects_dir() / f"{record.id}.jsonl" if record else None
        with RejectsFile(reject_path) as rejects:
            run = _Run(result, rejects, dry_run, source, progress)
            _guarded(run, rows, record)
    except EstimeError as error:
        raise _named(error, path.name, options.file_name) from error.__cause__
    return result


def _named(error: EstimeError, kept: str, told: str | None) -> EstimeError:
    """The error with the name that people know the file by."""
    if told and told != kept:
        error.message = error.message.replace(kept, told)
        error.args = (error.message,)
    return error


def as_told(options: ReadOptions) -> dict[str, object]:
    """What was said about a source, as it is kept with the import: refused rows are read the same way again."""
    named = ("timezone", "encoding", "date_format", "delimiter", "account", "observed")
    told: dict[str, object] = {name: value for name in named if (value := getattr(options, name))}
    if options.mapping is not None:
        told["mapping"] = options.mapping.model_dump(mode="json", exclude_defaults=True)
    return told


def _place(channel: str | None, form: registry.Format, path: Path) -> str:
    if form.names_channels:
        return EVERY_CHANNEL
    if channel is None:
        raise ChannelNeeded(
            f"“{path.name}” ({form.name}) does not say where its acts happened.",
            todo="Name the channel, such as --channel forum.",
        )
    return channel


def _begin(result: ImportResult, options: ReadOptions, asked: Asked) -> Import:
    # An import that was killed could not say so. Should it still be running, it writes its own end over this.
    Import.objects.filter(
        channel=result.channel, file_name=result.file_name[:255], status=Import.Status.RUNNING
    ).update(
        status=Import.Status.FAILED, message="Cut off; imported again.", finished=clock.now(), stopped=True
    )
    record = Import.objects.create(
        channel=result.channel,
        file_name=result.file_name[:255],
        format=result.format,
        started=clock.now(),
        by_id=asked.by,
        job=asked.job,
        options=as_told(options),
    )
    result.id = record.id
    return record


Draft = tuple[int, ActDraft | ObservationDraft]


class _Run:
    """The batches of one import and what became of them."""

    def __init__(
        self,
        result: ImportResult,
        rejects: RejectsFile,
        dry_run: bool,
        source: Source,
        progress: Progress | None,
    ) -> None:
        self.result = result
        self.rejects = rejects
        self.begun = time.monotonic()
        self._dry_run = dry_run
        self._source = source
        self._progress = progress
        self._size = source.size()
        self._acts: list[tuple[int, ActDraft]] = []
        self._observations: list[tuple[int, ObservationDraft]] = []
        self._text = 0

    def take(self, rows: Iterator[Row]) -> None:
        """Read everything; whatever stops the reading, whole rows read before are written first."""
        try:
            self._read(rows)
        except TruncatedSource:
            self.write()
            raise
        self.write()
        self._tell()

    def _read(self, rows: Iterator[Row]) -> None:
        acts, observations, result = self._acts, self._observations, self.result
        for row in rows:
            result.rows += 1
            if isinstance(row, Reject):
                self.rejects.add(row)
            elif isinstance(row[1], ActDraft):
                acts.append(row)  # type: ignore[arg-type]  # just asked
                content, extra = row[1].content, row[1].extra
                self._text += (len(content) if content else 0) + (_size(extra) if extra else 0)
            else:
                observations.append(row)  # type: ignore[arg-type]  # what else there is
            if len(acts) + len(observations) >= BATCH_ROWS or self._text >= BATCH_TEXT:
                self.write()
            if result.rows % PROGRESS_EVERY == 0:
                self._tell()

    @property
    def found(self) -> dict[str, object]:
        """What the reader found out about the whole source."""
        return self._source.found

    def content(self) -> str:
        """What was read, as a digest: the same for the same file, or for a folder of the same files. Gone since: ""."""
        root, told = self._source.path, hashlib.sha256()
        files = sorted(path for path in root.rglob("*") if path.is_file()) if root.is_dir() else [root]
        for path in files:
            told.update(path.relative_to(root).as_posix().encode())
            try:
                with path.open("rb") as file:
                    told.update(hashlib.file_digest(file, "sha256").digest())
            except OSError:
                return ""
        return told.hexdigest()

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(min(self._source.meter.done, self._size), self._size, self.result.rows)

    def write(self) -> None:
        """Hand the batch to the ledger; a dry run takes it back at once.

        A channel is for good: one into whose file nobody could look is not made.
        """
        with transaction.atomic():
            if self.result.channel != EVERY_CHANNEL and self.result.rows:
                ledger.channel_ensure(self.result.channel, format=self.result.format)
            appended = [
                *(ledger.append(name, acts) for name, acts in _by_channel(self.result.channel, self._acts)),
                *(
                    ledger.observe(name, rows)
                    for name, rows in _observed(self.result.channel, self._observations)
                ),
            ]
            if self._dry_run:
                transaction.set_rollback(True)
        refused: Counter[int] = Counter()
        for part in appended:
            self.result.new += part.new
            self.result.known += part.known
            self.result.erased += part.erased
            for reject in part.rejects:
                self.rejects.add(reject)
                refused[reject.line] += 1
        drafts: list[Draft] = [*self._acts, *self._observations]
        if refused:
            drafts = _left(drafts, refused)
        self.result.types.update(_type(draft) for _, draft in drafts)
        self._acts.clear()
        self._observations.clear()
        self._text = 0

    def finish(self, status: str, message: str = "") -> None:
        """Set the numbers of the result."""
        result = self.result
        message = message.replace(self._source.path.name, result.file_name)
        result.rejected, result.first_rejects = self.rejects.count, self.rejects.first
        result.rejects_path = rejects_dir() / self.rejects.name if self.rejects.name else None
        result.status, result.message = status, message
        result.seconds = time.monotonic() - self.begun


def _left(drafts: list[Draft], refused: Counter[int]) -> list[Draft]:
    """Those that were not refused. Lines may repeat (files of a folder, two acts of a row): so many each, not all."""
    left = []
    for line, draft in drafts:
        if refused[line]:
            refused[line] -= 1
        else:
            left.append((line, draft))
    return left


def _type(draft: ActDraft | ObservationDraft) -> str:
    """What the result counts it as."""
    if isinstance(draft, ObservationDraft):
        return f"observation: {draft.metric}"
    return f"{draft.type} (Vote)" if draft.object_type == "Vote" and draft.type == "Create" else draft.type


def _size(extra: dict[str, object]) -> int:
    return len(orjson.dumps(extra, default=str))


def _by_channel(
    channel: str, acts: list[tuple[int, ActDraft]]
) -> Iterator[tuple[str, list[tuple[int, ActDraft]]]]:
    """Acts of our own export go back to the channel they came from; all others to the one named."""
    groups: dict[str, list[tuple[int, ActDraft]]] = {}
    for row in acts:
        origin = row[1].origin
        groups.setdefault(channel if origin is None else origin.channel, []).append(row)
    return iter(groups.items())


def _observed(
    channel: str, rows: list[tuple[int, ObservationDraft]]
) -> Iterator[tuple[str, list[tuple[int, ObservationDraft]]]]:
    """Totals of our own export, too, go back to their channel."""
    groups: dict[str, list[tuple[int, ObservationDraft]]] = {}
    for row in rows:
        groups.setdefault(row[1].channel or channel, []).append(row)
    return iter(groups.items())


def completed_imports() -> set[tuple[str, str]]:
    """(channel, file name) of every import that came to its end, with or without refused rows."""
    ended = Import.objects.filter(status__in=[Import.Status.DONE, Import.Status.PARTIAL])
    return set(ended.values_list("channel", "file_name"))


def _guarded(run: _Run, rows: Iterator[Row], record: Import | None) -> None:
    """Run, and turn every way in which it may stop into a recorded state and a typed error."""
    again = "Import the same again: rows that are already in are recognised, the others follow."
    result = run.result
    try:
        with collection_paused():
            run.take(rows)
    except TruncatedSource as error:
        run.finish("partial", error.message)
        _record(record, run)
        raise TruncatedSource(
            f"{error.message} {result.inside:,} rows are in.", todo=error.todo, result=result
        ) from error
    except KeyboardInterrupt as error:
        run.finish("failed", "Stopped by hand.")
        _record(record, run)
        raise ImportInterrupted(
            f"Stopped; {result.inside:,} rows are safely in.", todo=again, result=result
        ) from error
    except (DatabaseError, OSError) as error:
        run.finish("failed", type(error).__name__)
        _record(record, run)
        if not disk_full(error):
            raise
        raise StorageFull(
            f"The disk is full; {result.inside:,} rows are safely in.",
            todo=f"Make room. {again}",
            result=result,
        ) from error
    except BaseException as error:  # recorded, whatever it is, and raised
        run.finish("failed", error.message if isinstance(error, EstimeError) else type(error).__name__)
        _record(record, run)
        raise
    run.finish("dry-run" if record is None else "partial" if run.rejects.count else "done")
    _record(record, run)


def _record(record: Import | None, run: _Run) -> None:
    """Keep the numbers. A full disk may refuse even that, which must not hide the first error."""
    if record is None:
        return
    result = run.result
    record.finished = clock.now()
    record.rows, record.new, record.known, record.erased = (
        result.rows,
        result.new,
        result.known,
        result.erased,
    )
    record.rejected, record.status, record.message = result.rejected, result.status, result.message
    record.rejects_file, record.rejects_digest = run.rejects.name, run.rejects.digest
    record.stopped = result.status == "failed" or bool(result.message)
    record.codes, record.types = run.rejects.codes, dict(result.types)
    record.options |= run.found
    if not record.stopped:
        record.options[CONTENT] = run.content()
    try:
        record.save()
        if record.status != Import.Status.FAILED:
            _close_earlier(record)
    except DatabaseError:
        if result.status != "failed":
            raise


def _close_earlier(record: Import) -> None:
    """What an earlier import of the same file left open, and this one did, waits no longer.

    A failed or cut one is completed by this. Rows refused before are in, or wait again here, if the content is the
    same (then only how it is read has changed) or if this import refused exactly the same.
    """
    earlier = Import.objects.filter(
        channel=record.channel, file_name=record.file_name, closed=None, started__lt=record.started
    ).exclude(pk=record.pk)
    the_same = ~Q(rejects_digest="") & Q(rejects_digest=record.rejects_digest)
    if content := record.options.get(CONTENT):
        the_same |= Q(options__content=content, stopped=False)
    earlier.filter(the_same).update(closed=clock.now(), closed_reason=AGAIN)
    if not record.stopped:
        earlier.filter(stopped=True).update(stopped=False)
