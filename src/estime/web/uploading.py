"""Files in a request: written to our own folder piece by piece by pages that ask for one, refused elsewhere."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

from estime.channels import api as channels
from estime.kernel.errors import EstimeError

FIELD = "file"
_PIECE = 256 * 1024


def limit() -> int:
    """How many bytes one file may have."""
    return int(settings.ESTIME_UPLOAD_MB) << 20


class NoFiles(FileUploadHandler):
    """What every page does that asks for no file: whatever comes is passed over and never written."""

    chunk_size = _PIECE

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Nothing is taken."""

    def file_complete(self, file_size: int) -> None:
        return None


class Kept(UploadedFile):  # type: ignore[type-arg]  # not subscriptable at run time
    """A file that is whole and kept: `arrived` says where. Its content is not opened here."""

    def __init__(self, arrived: channels.Arrived, name: str) -> None:
        super().__init__(None, name, None, arrived.size)
        self.arrived = arrived

    def close(self) -> None:
        """Nothing is open."""


class OneFile(FileUploadHandler):
    """Takes one file into our folder. What goes wrong is kept in `error`, for the page to say."""

    chunk_size = _PIECE

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.error: EstimeError | None = None
        self.kept: channels.Arrived | None = None
        self._incoming: channels.Incoming | None = None
        self._taken = False

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Refuse by the length that is told, before anything is written; a little more than the file is the form."""
        if content_length > limit() + (1 << 20):
            self.error = channels.too_large(limit())

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, file_name, *args, **kwargs)
        if self.error is not None or self._taken or field_name != FIELD:
            raise SkipFile
        self._taken = True
        try:
            self._incoming = channels.Incoming(file_name, limit())
        except EstimeError as error:
            self.error = error
            raise SkipFile from error

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._incoming is None:
            return
        try:
            self._incoming.write(raw_data)
        except EstimeError as error:
            self.error, self._incoming = error, None
            raise StopUpload(connection_reset=False) from error

    def file_complete(self, file_size: int) -> Kept | None:
        if self._incoming is None:
            return None
        incoming, self._incoming = self._incoming, None
        try:
            self.kept = incoming.finish()
        except EstimeError as error:
            self.error = error
            return None
        return Kept(self.kept, self.file_name or "")

    def upload_interrupted(self) -> None:
        if self._incoming is not None:
            self._incoming.drop()
            self._incoming = None

    def remember(self, by: int, mends: UUID | None = None) -> channels.Upload | None:
        """The file as an upload of this person; None if none came whole. Raises what went wrong with it."""
        _ = self.request.FILES if self.request is not None else None  # reads the form, if nothing has yet
        if self.error is not None:
            raise self.error
        if self.kept is None:
            return None
        upload = channels.upload_keep(self.kept, self.file_name or "", by, mends=mends)
        self.kept = None
        return upload

    def discard(self) -> None:
        """What was kept and not remembered goes: the form was refused."""
        if self.kept is not None:
            channels.arrived_drop(self.kept)
            self.kept = None


def take_one_file(request: HttpRequest) -> OneFile:
    """Have this request's file kept. Before anything reads the form: views that call it check CSRF themselves."""
    handler = OneFile(request)
    request.upload_handlers = [handler]
    return handler
