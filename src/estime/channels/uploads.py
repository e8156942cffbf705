"""Files brought through the page: kept, looked at, and imported when whoever brought them says so.

Invariants: a file is kept until its import came to its end, or so many days unconfirmed as the settings say; the same
content into the same channel, read the same way, is one job however often it is asked for.
"""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import QuerySet

from estime.channels import registry
from estime.channels.errors import UploadGone
from estime.channels.incoming import Arrived, shown_name
from estime.channels.mapping import Mapping
from estime.channels.models import Upload
from estime.channels.options import ReadOptions
from estime.jobs import api as jobs
from estime.kernel import clock
from estime.kernel.configuration import configuration
from estime.kernel.home import uploads_dir
from estime.ledger import api as ledger

PARTS_KEPT = timedelta(days=1)
UNPACKED = 4 << 30
"""Bytes that may come out of one packed upload."""
HELD = (Upload.State.WAITING, Upload.State.ASKED)
OPTIONS = ("timezone", "encoding", "date_format", "delimiter", "account", "observed")


def upload_keep(arrived: Arrived, file_name: str, by: int, *, mends: UUID | None = None) -> Upload:
    """Remember a file that came in whole."""
    uploads_sweep(clock.now())
    return Upload.objects.create(
        by_id=by,
        file_name=shown_name(file_name),
        kept_as=arrived.kept_as,
        size=arrived.size,
        digest=arrived.digest,
        mends_id=mends,
    )


def upload_find(upload_id: UUID, by: int) -> Upload:
    """An upload, for whoever brought it. Raises `UploadGone`."""
    found = Upload.objects.filter(pk=upload_id, by_id=by).first()
    if found is None:
        raise _gone()
    return found


def _gone() -> UploadGone:
    return UploadGone(
        "This file is not kept here any more, or somebody else brought it.", todo="Bring it again."
    )


def upload_path(upload: Upload) -> Path:
    """Where the file is. Raises `UploadGone`."""
    path = uploads_dir() / upload.kept_as
    if upload.state == Upload.State.GONE or not path.is_file():
        raise _gone()
    return path


def upload_options(upload: Upload, told: dict[str, Any]) -> Upload:
    """Set what was said about the file: channel, format, how it is read. Raises what cannot be meant."""
    if told.get("format"):
        registry.named(told["format"])
    if told.get("channel"):
        ledger.check_channel_name(told["channel"])
    read_options({**told, "channel": None})
    upload.options = {name: value for name, value in told.items() if value}
    Upload.objects.filter(pk=upload.pk, state=Upload.State.WAITING).update(options=upload.options)
    return upload


def read_options(told: dict[str, Any]) -> ReadOptions:
    """How to read a source, from what was said about it. Raises a typed error for what cannot be meant."""
    given = {name: told[name] for name in OPTIONS if told.get(name)}
    options = ReadOptions(channel=told.get("channel") or None, **given)
    if told.get("mapping"):
        options = replace(options, mapping=Mapping.model_validate(told["mapping"]))
    _ = options.zone, options.observed_at
    return options


def preview_ask(upload: Upload) -> None:
    """Have a job look at the file as its options say; what an earlier look found is forgotten."""
    with transaction.atomic():
        job = jobs.enqueue(
            "preview",
            {"upload": str(upload.pk), "options": upload.options},
            key=f"{upload.pk}:{_options_digest(upload.options)}",
            by=upload.by_id,
        )
        Upload.objects.filter(pk=upload.pk, state=Upload.State.WAITING).update(preview=None, preview_job=job)


def _options_digest(told: dict[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def import_ask(upload: Upload) -> UUID:
    """Have the file imported; returns the job. Asked for twice, also of the same file brought twice, it is one job."""
    channel = upload.options.get("channel", "")
    if channel:
        ledger.check_channel_name(channel)
    with transaction.atomic():
        held = Upload.objects.select_for_update().get(pk=upload.pk)
        if held.state != Upload.State.WAITING:
            if held.job is None:
                raise _gone()
            return held.job
        upload_path(held)
        same = same_on_its_way(held)
        kind = "mend" if held.mends_id else "import"
        key = f"{held.digest[:40]}:{held.mends_id or channel}:{_options_digest(held.options)}"
        job = same.job if same else jobs.enqueue(kind, {"upload": str(held.pk)}, key=key, by=held.by_id)
        held.state, held.job = Upload.State.ASKED, job
        if same:
            held.state = Upload.State.GONE
        held.save(update_fields=["state", "job"])
    if same:
        (uploads_dir() / held.kept_as).unlink(missing_ok=True)
    assert job is not None  # noqa: S101  (one or the other gave it)
    return job


def same_on_its_way(upload: Upload) -> Upload | None:
    """Another upload of the same content, to the same place, that is being imported, whoever brought it."""
    others = Upload.objects.filter(
        digest=upload.digest, state=Upload.State.ASKED, mends_id=upload.mends_id
    ).exclude(pk=upload.pk)
    for other in others:
        if other.options == upload.options and _at_work(other.job):
            return other
    return None


def upload_drop(upload: Upload) -> None:
    """Let a file go that was not imported."""
    changed = Upload.objects.filter(pk=upload.pk, state=Upload.State.WAITING).update(
        state=Upload.State.GONE, preview=None
    )
    if changed:
        (uploads_dir() / upload.kept_as).unlink(missing_ok=True)


def upload_done(upload: Upload, imported: UUID | None) -> None:
    """The file is in: it and what was seen of it are not needed any more."""
    Upload.objects.filter(pk=upload.pk).update(
        state=Upload.State.DONE, imported_id=imported, preview=None, options={}
    )
    (uploads_dir() / upload.kept_as).unlink(missing_ok=True)


def uploads_sweep(now: datetime) -> int:
    """Take away files that nobody confirmed in time, and pieces of files that never came whole."""
    stale = _stale(now)
    for upload in stale:
        Upload.objects.filter(pk=upload.pk).update(state=Upload.State.GONE, preview=None)
        (uploads_dir() / upload.kept_as).unlink(missing_ok=True)
    strays = _strays(now)
    for path in strays:
        path.unlink(missing_ok=True)
    _looks(now).update(preview=None)
    return len(stale) + len(strays)


def uploads_stale() -> bool:
    """Whether something is to be taken away: cheap enough to be asked every minute."""
    now = clock.now()
    return bool(_stale(now) or _strays(now) or _looks(now).exists())


class Kept(NamedTuple):
    """A file that waits to be imported, and since when."""

    path: Path
    at: datetime


def uploads_kept() -> list[Kept]:
    """Files that are kept now, whoever brought them, oldest first."""
    held = Upload.objects.filter(state__in=HELD).order_by("at").values_list("kept_as", "at")
    return [Kept(uploads_dir() / kept_as, at) for kept_as, at in held]


def _stale(now: datetime) -> list[Upload]:
    """Files older than is kept that no job is at, nor will be."""
    kept = timedelta(days=configuration().privacy.keep_uploads_days)
    old = Upload.objects.filter(state__in=HELD, at__lt=now - kept)
    return [upload for upload in old if not _at_work(upload.job)]


def _looks(now: datetime) -> QuerySet[Upload]:
    """What a dry run found in files that are gone (challenges/uploaded.py), older than is kept."""
    kept = timedelta(days=configuration().privacy.keep_uploads_days)
    return Upload.objects.filter(state=Upload.State.GONE, preview__isnull=False, at__lt=now - kept)


def _at_work(job: UUID | None) -> bool:
    found = jobs.find(job) if job is not None else None
    return found is not None and found.status in ("waiting", "running")


def _strays(now: datetime) -> list[Path]:
    """Files that a kill left without a word of them: pieces, and whole ones that were never remembered."""
    before = (now - PARTS_KEPT).timestamp()
    old = [path for path in uploads_dir().iterdir() if path.is_file() and path.stat().st_mtime < before]
    if not old:
        return []
    names = [path.name for path in old]
    known = set(Upload.objects.filter(kept_as__in=names, state__in=HELD).values_list("kept_as", flat=True))
    return [path for path in old if path.name not in known]
