"""The root of every error that Estime raises on purpose."""

from typing import ClassVar


class EstimeError(Exception):
    """Something went wrong that a person can act on.

    `code` is stable and documented in docs/errors.md; `todo` says what to do next; `data` holds what a
    program may want to know. A message never holds personal data.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, todo: str = "", **data: object) -> None:
        super().__init__(message)
        self.message = message
        self.todo = todo
        self.data = data
