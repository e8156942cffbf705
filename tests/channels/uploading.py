"""Files brought in as a page brings them, for the tests."""

from collections.abc import Iterable
from typing import Any

from estime.channels import api
from estime.channels.models import Upload
from estime.people.models import User

LIMIT = 200 << 20


def person(email: str = "lead@example.org", role: str = "lead") -> User:
    return User.objects.filter(email=email).first() or User.objects.create_user(email, role=role)


def arrive(content: bytes | str, name: str = "avis.csv", limit: int = LIMIT) -> api.Arrived:
    incoming = api.Incoming(name, limit)
    data = content.encode() if isinstance(content, str) else content
    for start in range(0, len(data), 1 << 16):
        incoming.write(data[start : start + (1 << 16)])
    return incoming.finish()


def bring(content: bytes | str | Iterable[str], name: str = "avis.csv", **options: Any) -> Upload:
    """A file as it stands after the form was sent."""
    if not isinstance(content, bytes | str):
        content = "".join(f"{line}\n" for line in content)
    upload = api.upload_keep(arrive(content, name), name, person().pk)
    return api.upload_options(upload, {"channel": "avis", **options})


def silent(done: int, total: int) -> None:
    """A progress that nobody looks at."""


def looked(upload: Upload) -> dict[str, Any]:
    """What the job of the preview finds."""
    api.preview_job({"upload": str(upload.pk), "options": upload.options}, silent)
    upload.refresh_from_db()
    assert upload.preview is not None
    return dict(upload.preview)


def imported(upload: Upload) -> api.Import:
    """The import of an upload, as its job does it."""
    api.import_ask(upload)
    api.import_job({"upload": str(upload.pk)}, silent)
    upload.refresh_from_db()
    assert upload.imported is not None
    return upload.imported
