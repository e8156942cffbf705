"""What can be wrong with ballots that are to be counted. Every code is explained in docs/errors.md.

A file is counted whole or not at all: a line that cannot be understood refuses the file and is named, because a
ballot that is silently left out may change who wins.
"""

from typing import ClassVar

from estime.kernel.errors import EstimeError


class BallotsMissing(EstimeError):
    """There is nothing at this path, or a file of the folder is not there."""

    code: ClassVar[str] = "ballots-missing"


class BallotsUnreadable(EstimeError):
    """The system refuses to let us read it, it is no text, or its encoding is another one."""

    code: ClassVar[str] = "ballots-unreadable"


class BallotsEmpty(EstimeError):
    """The file holds nothing, not even a header."""

    code: ClassVar[str] = "ballots-empty"


class BallotsUnclear(EstimeError):
    """What the file or its columns mean cannot be told."""

    code: ClassVar[str] = "ballots-unclear"


class BallotsInvalid(EstimeError):
    """A line says something that cannot be counted; `data["line"]` is its number."""

    code: ClassVar[str] = "ballots-invalid"


class BallotsTooLarge(EstimeError):
    """There are more ballots and options than this machine can hold at once."""

    code: ClassVar[str] = "ballots-too-large"


class MethodMisfit(EstimeError):
    """These ballots cannot be counted by this method."""

    code: ClassVar[str] = "method-misfit"
