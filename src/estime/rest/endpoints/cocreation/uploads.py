"""One file in a multipart body: written down up to what one may weigh, whatever else is sent."""

from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import (
    FileUploadHandler,
    SkipFile,
    StopUpload,
    TemporaryFileUploadHandler,
)
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from estime.channels import api as channels
from estime.rest.errors import BodyTooLarge, BodyUnreadable, Invalid, LengthNeeded, MediaTypeUnknown

FIELD: Final = "file"
_BESIDE: Final = 64 * 1024
"""What the other fields and the frame of a body may weigh."""


class OneFile(TemporaryFileUploadHandler):
    """Takes the one file. `too_large`: it was more than may be, and nothing of it is kept."""

    def __init__(self, request: HttpRequest, limit: int) -> None:
        super().__init__(request)
        self.limit, self.too_large, self._taken = limit, False, False

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        if self._taken or field_name != FIELD or not file_name:
            raise SkipFile
        self._taken = True
        super().new_file(field_name, file_name, *args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > self.limit:
            self.too_large = True
            raise StopUpload(connection_reset=True)
        super().receive_data_chunk(raw_data, start)


class KeptFile(FileUploadHandler):
    """Takes the one file into the installation’s folder, for a job to read. `arrived`: once it is there whole."""

    def __init__(self, request: HttpRequest, limit: int) -> None:
        super().__init__(request)
        self.limit, self.too_large = limit, False
        self.arrived: channels.Arrived | None = None
        self.shown = ""
        self._incoming: channels.Incoming | None = None

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        if self.shown or field_name != FIELD or not file_name:
            raise SkipFile
        super().new_file(field_name, file_name, *args, **kwargs)
        self.shown = file_name
        self._incoming = channels.Incoming(file_name, self.limit)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._incoming is None:
            return
        if start + len(raw_data) > self.limit:
            self.too_large = True
            raise StopUpload(connection_reset=True)
        self._incoming.write(raw_data)

    def file_complete(self, file_size: int) -> None:
        if self._incoming is not None:
            self.arrived, self._incoming = self._incoming.finish(), None

    def discard(self) -> None:
        """Nothing of it stays, whole or in part."""
        if self._incoming is not None:
            self._incoming.drop()
        if self.arrived is not None:
            channels.arrived_drop(self.arrived)
        self.arrived = self._incoming = None


def file_sent(request: HttpRequest, limit: int) -> "UploadedFile[Any]":
    """The file of a body. Raises what is wrong with it."""
    handler = OneFile(request, limit)
    _read(request, handler)
    found = request.FILES.get(FIELD)
    if found is None:
        raise _no_file()
    return found


def file_kept(request: HttpRequest, limit: int) -> KeptFile:
    """The file of a body, kept. Whoever asks has it discarded if it is not wanted after all. Raises what is wrong."""
    handler = KeptFile(request, limit)
    try:
        _read(request, handler)
        if handler.arrived is None:
            raise _no_file()
    except BaseException:
        handler.discard()
        raise
    return handler


def _read(request: HttpRequest, handler: OneFile | KeptFile) -> None:
    limit = handler.limit
    if not request.headers.get("Content-Type", "").lower().startswith("multipart/form-data"):
        raise MediaTypeUnknown(
            "A file comes as multipart/form-data.", todo=f"Send it in the field “{FIELD}”."
        )
    told = request.headers.get("Content-Length", "")
    if not told:
        raise LengthNeeded(
            "The body does not say how long it is, and was not read.", todo="Send the header Content-Length."
        )
    if not (told.isascii() and told.isdecimal()):
        raise BodyUnreadable("Content-Length is no number.", todo="Send it right.")
    if int(told) > limit + _BESIDE:
        raise _too_large(limit)
    request.upload_handlers = [handler]
    try:
        _ = request.FILES
    except MultiPartParserError as error:
        raise BodyUnreadable("The body is not multipart/form-data.", todo="Send it anew.") from error
    except UnreadablePostError as error:
        raise BodyUnreadable("The body was cut short.", todo="Send it again: nothing was kept.") from error
    if handler.too_large:
        raise _too_large(limit)


def _no_file() -> Invalid:
    return Invalid(
        f"There is no file in the field “{FIELD}”.",
        todo="Send one.",
        errors=[{"at": f"body.{FIELD}", "message": "There is no file."}],
    )


def field_sent(request: HttpRequest, name: str, most: int) -> str:
    """A text of the body. Raises `Invalid`."""
    text = request.POST.get(name, "")
    if len(text) > most or "\x00" in text:
        told = f"At most {most} characters, and no NUL."
        raise Invalid(
            f"This cannot be understood: {name}.",
            todo=told,
            errors=[{"at": f"body.{name}", "message": told}],
        )
    return text


def multipart(*fields: str, **told: dict[str, Any]) -> dict[str, Any]:
    """How such a body is told in the API’s documentation. `told`: fields of which more is to be said."""
    texts = {**{name: {"type": "string"} for name in fields}, **told}
    return {
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "properties": {FIELD: {"type": "string", "format": "binary"}, **texts},
                        "required": [FIELD],
                    }
                }
            },
        }
    }


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(f"A file of more than {limit >> 20} MiB is not taken.", todo="Make it smaller.")
