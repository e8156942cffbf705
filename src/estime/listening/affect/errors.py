"""What can stand against reading a file of texts."""

from estime.kernel.errors import EstimeError


class AffectFileUnreadable(EstimeError):
    """The file is not there, or its bytes are no text."""

    code = "affect-file-unreadable"


class AffectColumnMissing(EstimeError):
    """The file has no such column."""

    code = "affect-column-missing"
