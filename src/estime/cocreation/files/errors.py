"""Why a file is not taken. Told in the language of whoever brought it."""

from typing import ClassVar

from estime.kernel.errors import EstimeError


class FileTooLarge(EstimeError):
    """The file has more bytes than is taken in (`cocreation.file_mb`)."""

    code: ClassVar[str] = "file-too-large"


class FileUnknown(EstimeError):
    """The file is of a kind that is not taken in, or is not what its name says."""

    code: ClassVar[str] = "file-unknown"


class FileBroken(EstimeError):
    """The file holds nothing, is cut off or damaged."""

    code: ClassVar[str] = "file-broken"


class ArchiveRefused(EstimeError):
    """A zip could harm whoever unpacks it; `data["why"]` says how."""

    code: ClassVar[str] = "archive-refused"


class FilmTellsPlace(EstimeError):
    """A film says where it was made."""

    code: ClassVar[str] = "film-tells-place"


class FileGone(EstimeError):
    """There is no such file, or it was taken away."""

    code: ClassVar[str] = "file-gone"
