"""Why a picture is not taken. Told in the language of whoever brought it."""

from typing import ClassVar

from estime.kernel.errors import EstimeError


class PictureTooLarge(EstimeError):
    """The picture has more bytes than is taken in (`cocreation.picture_mb`)."""

    code: ClassVar[str] = "picture-too-large"


class PictureTooManyPixels(EstimeError):
    """The picture is wider and higher than is taken in."""

    code: ClassVar[str] = "picture-too-many-pixels"


class PictureUnknown(EstimeError):
    """It is no picture of a kind that is taken in; `data["kind"]` says what it seems to be."""

    code: ClassVar[str] = "picture-unknown"


class PictureBroken(EstimeError):
    """The picture cannot be read: cut off or damaged."""

    code: ClassVar[str] = "picture-broken"


class PictureTooHeavy(EstimeError):
    """Reading the picture took more memory or time than one picture may take."""

    code: ClassVar[str] = "picture-too-heavy"


class PicturesBusy(EstimeError):
    """Many pictures are being read at this moment."""

    code: ClassVar[str] = "pictures-busy"
    exit_code: ClassVar[int] = 3


class PictureGone(EstimeError):
    """There is no such picture, or it was taken away."""

    code: ClassVar[str] = "picture-gone"
