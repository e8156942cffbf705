"""What workers do for the pages of channels: look into an uploaded file, import it, correct refused rows.

Each runs in a process of its own, with bounds on memory and time. Each may be killed anywhere and run again: imports
know every row by its id, corrections pass over what is settled, and a file goes only after the word that it is in.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from estime.channels.actions import Asked, import_path
from estime.channels.confined import confined
from estime.channels.corrected_file import correct_from_file
from estime.channels.corrections import Corrected, correct_all
from estime.channels.errors import TruncatedSource, UploadGone
from estime.channels.models import Import, Upload
from estime.channels.preview import preview_of
from estime.channels.result import ImportResult
from estime.channels.uploads import (
    UNPACKED,
    read_options,
    upload_done,
    upload_path,
    uploads_sweep,
)
from estime.jobs import api as jobs
from estime.kernel import clock
from estime.kernel.errors import EstimeError
from estime.ledger import api as ledger

PREVIEW_SECONDS = 60
IMPORT_SECONDS = 2 * 3600
_LOG = logging.getLogger("estime.channels")
Data = dict[str, jobs.JSON]


def preview_job(data: Data, progress: jobs.Progress) -> object:
    """Look into an upload; what is found, or what goes wrong, is told in the preview itself."""
    upload = _upload(data)
    told = data.get("options")
    if upload.state != Upload.State.WAITING or upload.options != told:
        return _("Nothing to look at any more")
    options = replace(read_options(upload.options), file_name=upload.file_name, unpacked=UNPACKED)
    path = upload_path(upload)
    try:
        with confined(PREVIEW_SECONDS):
            found = preview_of(path, options, str(upload.options.get("format") or ""))
    except (DatabaseError, OSError):  # nobody's fault, and none of the file's: looked at again later
        raise
    except EstimeError as error:
        found = {"error": {"code": error.code, "message": error.message, "todo": error.todo}}
    except (
        Exception
    ) as error:  # a file that breaks its reader must not leave the page waiting; the log says where
        _LOG.exception("a file broke its reader", extra={"fields": {"upload": str(upload.pk)}})
        found = {"error": {"code": "unexpected", "message": _broke(error), "todo": ""}}
    Upload.objects.filter(pk=upload.pk, state=Upload.State.WAITING, options=upload.options).update(
        preview=found
    )
    return _("Looked into a file")


def _broke(error: Exception) -> str:
    return f"The file cannot be read ({type(error).__name__})."


def import_job(data: Data, progress: jobs.Progress) -> object:
    """Import an upload. A file that was cut short is in as far as it goes, and the import says so."""
    upload = _upload(data)
    if upload.state == Upload.State.DONE:
        return _told(upload.imported)
    path = upload_path(upload)
    options = replace(read_options(upload.options), file_name=upload.file_name, unpacked=UNPACKED)
    asked = Asked(upload.by_id, upload.job)
    try:
        with confined(IMPORT_SECONDS):
            result = import_path(
                path,
                channel=options.channel,
                format=str(upload.options.get("format") or "") or None,
                options=options,
                progress=_bytes(progress),
                asked=asked,
            )
    except TruncatedSource as error:
        stopped = error.data.get("result")
        if not isinstance(stopped, ImportResult):
            raise
        result = stopped
    _title(upload)
    upload_done(upload, result.id)
    jobs.enqueue("refresh", {}, key="refresh")
    return _numbers(result.new, result.known, result.rejected)


def _title(upload: Upload) -> None:
    title = str(upload.options.get("title") or "")
    channel = upload.options.get("channel")
    if title and channel:
        ledger.channel_ensure(str(channel), title=title)


def _bytes(progress: jobs.Progress) -> Callable[[int, int, int], None]:
    return lambda done, total, rows: progress(done, total)


def _told(record: Import | None) -> object:
    if record is None:
        return _("Imported")
    return _numbers(record.new, record.known, record.rejected)


def _numbers(new: int, known: int, rejected: int) -> object:
    words = _("New: %(new)s · known already: %(known)s · refused: %(refused)s")
    return words, {"new": new, "known": known, "refused": rejected}


def mend_job(data: Data, progress: jobs.Progress) -> object:
    """Correct refused rows: by a file that was mended elsewhere, or all of one code in one way."""
    if "upload" in data:
        return _mend_by_file(data, progress)
    told = data["correction"]
    by = data.get("by")
    with confined(IMPORT_SECONDS):
        done = correct_all(
            UUID(str(data["import"])),
            str(data["code"]),
            told if isinstance(told, dict) else {},
            by if isinstance(by, int) else None,
            progress,
        )
    return _settled(done)


def _mend_by_file(data: Data, progress: jobs.Progress) -> object:
    upload = _upload(data)
    if upload.state == Upload.State.DONE or upload.mends_id is None:
        return _("Corrected")
    path: Path = upload_path(upload)
    options = replace(read_options(upload.options), unpacked=UNPACKED)
    with confined(IMPORT_SECONDS):
        done = correct_from_file(upload.mends_id, path, options, upload.by_id, progress)
    upload_done(upload, upload.mends_id)
    return _settled(done)


def _settled(done: Corrected) -> object:
    if done.settled:
        jobs.enqueue("refresh", {}, key="refresh")
    words = _("Settled: %(settled)s · refused again: %(again)s")
    return words, {"settled": done.settled, "again": done.again}


def tidy_job(data: Data, progress: jobs.Progress) -> object:
    """Take away uploaded files that nobody confirmed."""
    uploads_sweep(clock.now())
    return _("Files that nobody confirmed are gone")


def _upload(data: Data) -> Upload:
    found = Upload.objects.filter(pk=UUID(str(data["upload"]))).first()
    if found is None:
        raise UploadGone("This file is not kept here any more.", todo="Bring it again.")
    return found
