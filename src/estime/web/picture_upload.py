"""A picture in a form: held in memory up to what a picture may weigh, by the pages that ask for one."""

from io import BytesIO
from typing import Any, Final

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

from estime.kernel.configuration import configuration

FIELD: Final = "picture"


class OnePicture(FileUploadHandler):
    """Takes one picture. `too_large`: it was more than may be, and nothing of it is kept."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.limit = configuration().cocreation.picture_mb << 20
        self.too_large = False
        self._held: BytesIO | None = None
        self._taken = False

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        """Refuse by the length that is told, before anything is read; a little more than the picture is the form."""
        self.too_large = content_length > self.limit + (1 << 20)

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, file_name, *args, **kwargs)
        if self.too_large or self._taken or field_name != FIELD or not file_name:
            raise SkipFile
        self._taken, self._held = True, BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._held is None:
            return
        if start + len(raw_data) > self.limit:
            self._held, self.too_large = None, True
            raise StopUpload(connection_reset=False)
        self._held.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        if self._held is None or not file_size:
            return None
        self._held.seek(0)
        return InMemoryUploadedFile(self._held, FIELD, "picture", "", file_size, None)


def take_one_picture(request: HttpRequest) -> OnePicture:
    """Have this request's picture held. Before anything reads the form: views that call it check CSRF themselves."""
    handler = OnePicture(request)
    request.upload_handlers = [handler]
    return handler
