"""A challenge sent as a file: kept, brought by a job, and what came of it told to whoever sent it, and nobody else.

1. The file is read in a process of its own, within limits, and alone in its folder: some readers look beside a file
   for its companions, and must find nobody else's. It goes once it was brought.
2. What is wrong with the file stands in what is told; what is nobody's fault (the database, the disk) fails the job,
   which is run again. Brought again it is known: the file is only away once its result stands.
3. Of the rows nothing is kept here. What was refused stands in the rejects file, where erasure finds it; of a dry run
   the first reasons, as long as a preview.
"""

import logging
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils.translation import gettext_lazy as _

from estime.channels.challenges.choosing import ChallengeOptions
from estime.channels.challenges.importing import (
    ChallengeImported,
    Overrides,
    challenge_import,
    check_channel,
)
from estime.channels.challenges.mapping import ChallengeMapping, challenge_mapping_read
from estime.channels.challenges.registry import named
from estime.channels.confined import confined
from estime.channels.errors import UploadGone
from estime.channels.incoming import Arrived, arrived_drop
from estime.channels.jobs import IMPORT_SECONDS
from estime.channels.models import Import, Upload
from estime.channels.refused import RefusedPage, refused_page
from estime.channels.source import Source
from estime.channels.uploads import same_on_its_way, upload_keep, upload_path
from estime.cocreation.api import Member, Space
from estime.jobs import api as jobs
from estime.kernel.errors import EstimeError, StorageFull
from estime.kernel.home import uploads_dir

KIND: Final = "challenge-import"
_LONGEST_NAME: Final = 200
_LOG = logging.getLogger("estime.channels")


@dataclass(frozen=True)
class Wish:
    """What whoever sends a challenge says of it: as the options of `estime challenge import`. `mapping`: its YAML."""

    format: str = ""
    channel: str = ""
    mapping: str = ""
    title: str = ""
    known: str = ""
    closes: str = ""
    timezone: str = ""
    date_format: str = ""
    encoding: str = ""
    component: str = ""
    states: dict[str, str] = field(default_factory=dict)
    dry_run: bool = False

    def options(self) -> ChallengeOptions:
        """How to read it. Raises what cannot be meant."""
        options = ChallengeOptions(
            timezone=self.timezone or None,
            date_format=self.date_format or None,
            encoding=self.encoding or None,
            observed=self.closes or None,
            component=self.component,
            states=self.states,
        )
        _ = options.zone, options.observed_at, Source(Path(), options.encoding)
        return options

    def mapped(self) -> ChallengeMapping | None:
        """The mapping. Raises `MappingInvalid`."""
        return challenge_mapping_read(self.mapping) if self.mapping else None

    def check(self) -> None:
        """Raises a typed error for what cannot be meant, whatever the file holds."""
        if self.format:
            named(self.format)
        if self.channel:
            check_channel(self.channel)
        self.options()
        self.mapped()


@dataclass(frozen=True)
class Told:
    """An upload and what came of it. `result` is None until it was brought; `error`: why nothing of it could be."""

    upload: Upload
    status: str
    result: dict[str, Any] | None = None
    error: dict[str, str] | None = None


def challenge_upload(arrived: Arrived, file_name: str, by: Member, space: Space, wish: Wish) -> Upload:
    """Have a file that came in whole brought as a challenge. The same file that is on its way already is one."""
    assert by.user_id is not None  # noqa: S101  a token has an owner
    with transaction.atomic():
        upload = upload_keep(arrived, file_name, by.user_id)
        upload.options = {"challenge": {"space": space.pk, **asdict(wish)}}
        same = same_on_its_way(upload)
        if same is not None and same.by_id == upload.by_id and same.file_name == upload.file_name:
            upload.delete()
            arrived_drop(arrived)
            return same
        upload.job = jobs.enqueue(KIND, {"upload": str(upload.pk)}, key=str(upload.pk), by=upload.by_id)
        upload.state = Upload.State.ASKED
        upload.save(update_fields=["options", "state", "job"])
    return upload


def challenge_upload_find(upload_id: UUID, by: Member) -> Told:
    """What came of an upload, for whoever sent it. Raises `UploadGone`."""
    upload = Upload.objects.select_related("imported").filter(pk=upload_id, by_id=by.user_id).first()
    told = upload.options if upload is not None else {}
    if upload is None or "challenge" not in told:
        raise UploadGone("There is no such import of yours.", todo="Check its id, or send the file again.")
    if "error" in told:
        return Told(upload, "failed", error=told["error"])
    if "result" in told:
        return Told(upload, told["result"]["status"], {**told["result"], "first_rejects": _first(upload)})
    job = jobs.find(upload.job) if upload.job is not None else None
    if job is None or upload.state == Upload.State.GONE:
        raise UploadGone("This file is not kept here any more.", todo="Send it again.")
    if job.status == "failed":
        return Told(upload, "failed", error=_error(job.error, job.message, job.todo))
    return Told(upload, "running" if job.status == "running" else "waiting")


def challenge_upload_rejects(told: Told, start: int, limit: int) -> RefusedPage:
    """A page of the rows that were refused and wait to be mended in the source."""
    if told.upload.imported is None:
        return RefusedPage([], None)
    return refused_page(told.upload.imported, "", start, limit)


def _first(upload: Upload) -> list[dict[str, Any]]:
    if upload.imported is None:
        return list((upload.preview or {}).get("first_rejects", ()))
    found = refused_page(upload.imported, "", 0, 10).rows
    return [{name: getattr(each.reject, name) for name in ("line", "code", "reason")} for each in found]


def _error(code: str, message: str, todo: str) -> dict[str, str]:
    return {"code": code, "message": message, "todo": todo}


def challenge_import_job(data: dict[str, jobs.JSON], progress: jobs.Progress) -> object:
    """Bring an uploaded challenge. A file that cannot be read says so in what is told of it, and fails no job."""
    upload = Upload.objects.filter(pk=UUID(str(data["upload"]))).first()
    if upload is None or upload.state != Upload.State.ASKED:
        return _("Imported")
    try:
        result = _brought(upload)
    except (
        DatabaseError,
        OSError,
        StorageFull,
    ):  # nobody's fault, and none of the file's: brought again later
        raise
    except EstimeError as error:
        _over(upload, {"error": _error(error.code, str(error.message), str(error.todo))})
        return _("The challenge could not be read")
    except Exception as error:  # a file that breaks its reader: whoever sent it is told, the log says where
        _LOG.exception("a file broke its reader", extra={"fields": {"upload": str(upload.pk)}})
        told = _error("unexpected", f"The file cannot be read ({type(error).__name__}).", "")
        _over(upload, {"error": told})
        return _("The challenge could not be read")
    _over(upload, {"result": result.told(), "channel": result.channel}, result)
    if result.id is not None:
        jobs.enqueue("refresh", {}, key="refresh")
    words = _("New: %(new)s · known already: %(known)s · refused: %(refused)s")
    return words, {"new": result.new, "known": result.known, "refused": result.rejected}


def _brought(upload: Upload) -> ChallengeImported:
    told = dict(upload.options["challenge"])
    space = Space.objects.get(pk=told.pop("space"))
    wish = Wish(**{one.name: told[one.name] for one in fields(Wish)})
    by = Member.objects.select_related("user").get(user=upload.by_id)
    options = wish.options()
    with TemporaryDirectory(prefix="estime-") as folder, confined(IMPORT_SECONDS):
        path = Path(folder) / _file_name(upload.file_name)
        path.symlink_to(upload_path(upload))
        return challenge_import(
            path,
            space,
            channel=wish.channel,
            format=wish.format,
            mapping=wish.mapped(),
            options=options,
            overrides=Overrides(wish.title, wish.known, options.observed_at),
            dry_run=wish.dry_run,
            by=by,
        )


def _file_name(shown: str) -> str:
    """Its own name, by which readers know formats, surveys and what has no other name; short enough for any disk."""
    name = shown.encode("utf-8", "replace")[-_LONGEST_NAME:].decode("utf-8", "ignore").replace("/", "_")
    return name if name.strip(". ") else "file"


def _over(upload: Upload, told: dict[str, Any], result: ChallengeImported | None = None) -> None:
    """Write down what came of it, then let the file go."""
    imported = result.id if result is not None else None
    with transaction.atomic():
        if imported is not None:
            Import.objects.filter(pk=imported).update(job=upload.job)
        upload.options = {**upload.options, **told}
        upload.state = Upload.State.DONE if imported is not None else Upload.State.GONE
        upload.imported_id = imported
        if result is not None and imported is None:
            upload.preview = {"first_rejects": result.rejects_told()}
        upload.save(update_fields=["options", "state", "imported", "preview"])
    (uploads_dir() / upload.kept_as).unlink(missing_ok=True)
