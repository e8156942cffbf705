"""Errors of engagement."""

from estime.kernel.errors import EstimeError


class RefreshRunning(EstimeError):
    """Another process is refreshing the figures at this moment."""

    code = "refresh-running"
    exit_code = 3


class ReadingNotFound(EstimeError):
    """A reading is contested that is not of a text of this person's."""

    code = "reading-not-found"
    exit_code = 2


class ContestRefused(EstimeError):
    """What is said against a reading or a place cannot be kept as it is."""

    code = "contest-refused"
    exit_code = 2
