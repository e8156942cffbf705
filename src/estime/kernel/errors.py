"""The root of every error that Estime raises on purpose."""

import errno
from typing import ClassVar


class EstimeError(Exception):
    """Something went wrong that a person can act on.

    `code` is stable and documented in docs/errors.md; `todo` says what to do next; `data` holds what a
    program may want to know. A message never holds personal data. `exit_code` is what the command ends with:
    2 not done, 3 stopped on the way (the same again completes it), 130 stopped by hand.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, todo: str = "", **data: object) -> None:
        super().__init__(message)
        self.message = message
        self.todo = todo
        self.data = data


class StorageFull(EstimeError):
    """The disk filled up."""

    code = "storage-full"
    exit_code = 3


def disk_full(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, says that no room is left (system, database or lake)."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if getattr(error, "sqlstate", None) == "53100":
            return True
        if any(words in str(error) for words in ("disk is full", "No space left on device")):
            return True
        error = error.__cause__
    return False
