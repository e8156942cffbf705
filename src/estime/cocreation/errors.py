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

    code = "not-possible-now"


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


class Taken(EstimeError):
    """An address or a name that somebody else has already. `data["field"]`: which."""

    code = "taken-already"


class RulesLocked(EstimeError):
    """The rules of a challenge cannot change any more: it is open."""

    code = "rules-locked"


class NotReady(EstimeError):
    """A challenge cannot open yet. `data["missing"]`: the names of what is not there."""

    code = "challenge-not-ready"


class CalendarWrong(EstimeError):
    """The phases of a challenge do not follow each other. `data["field"]`: the phase that does not fit."""

    code = "calendar-wrong"


class PollInvalid(EstimeError):
    """The rules of a vote make no sense. `data["field"]`: which of them."""

    code = "vote-rules-invalid"


class VoteNotOpen(EstimeError):
    """This vote has not begun, or was called off with its challenge."""

    code = "vote-not-open"


class VoteOver(EstimeError):
    """This vote is closed: no ballot comes in or changes any more."""

    code = "vote-over"


class NotEligible(EstimeError):
    """Whoever asks is not among those who may vote here. `data["who"]`: who may."""

    code = "not-eligible"


class BallotInvalid(EstimeError):
    """What was chosen is no ballot of this vote. `data["field"]`: which option, if it is about one."""

    code = "ballot-invalid"


class BallotsAltered(EstimeError):
    """The ballots are not those that were there at the closing: somebody wrote to the database past Estime."""

    code = "ballots-altered"


class DigestsUndelivered(EstimeError):
    """Some digests could not be handed over; nothing of them is lost. `data["left"]`: how many."""

    code = "digests-undelivered"
    exit_code = 3


class LinksMany(EstimeError):
    """More links in one text than a new account may write. `data["most"]`: how many."""

    code = "links-many"


class SaidAlready(EstimeError):
    """The same account wrote nearly the same a short time ago. `data["what"]`: where it stands."""

    code = "said-already"
