"""What can go wrong in co-creation, in words for whoever did it (docs/errors.md)."""

from estime.kernel.errors import EstimeError


class NotFound(EstimeError):
    """There is nothing of this number, or not for whoever asks."""

    code = "not-found-here"


class NotAllowed(EstimeError):
    """Whoever asks may not do this here."""

    code = "not-allowed-here"


class NotNow(EstimeError):
    """The challenge is not in the phase where this can be done."""

    code = "not-now"


class DealNotAccepted(EstimeError):
    """The challenge has a deal that this member has not agreed to yet. `data["deal"]`: its number."""

    code = "deal-not-accepted"


class WordsMissing(EstimeError):
    """A text that has to be there is empty. `data["field"]`: which."""

    code = "words-missing"


class WordsTooMany(EstimeError):
    """A text is longer than it may be. `data["field"]`, `data["most"]`."""

    code = "words-too-many"


class ChangedMeanwhile(EstimeError):
    """Somebody else changed this since the page was opened."""

    code = "changed-meanwhile"


class SlowDown(EstimeError):
    """Too much in too short a time. `data["seconds"]`: when to try again."""

    code = "slow-down"
