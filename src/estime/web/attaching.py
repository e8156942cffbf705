"""A file in a form of the *Coulisses*: written to a temporary file up to what one may weigh, by the page that asks."""

from typing import Any, Final

from django.core.files.uploadhandler import SkipFile, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

from estime.kernel.configuration import configuration

FIELD: Final = "file"


class OneAttachment(TemporaryFileUploadHandler):
    """Takes one file. `too_large`: it was more than may be, and nothing of it is kept."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.limit = configuration().cocreation.file_mb << 20
        self.too_large = False
        self._taken = False

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        """Refuse by the length that is told, before anything is read; a little more than the file is the form."""
        self.too_large = content_length > self.limit + (1 << 20)

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        if self.too_large or self._taken or field_name != FIELD or not file_name:
            raise SkipFile
        self._taken = True
        super().new_file(field_name, file_name, *args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > self.limit:
            self.too_large = True
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)


def take_one_attachment(request: HttpRequest) -> OneAttachment:
    """Have this request's file held. Before anything reads the form: views that call it check CSRF themselves."""
    handler = OneAttachment(request)
    request.upload_handlers = [handler]
    return handler
