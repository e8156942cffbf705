"""What asking needs of others, bound in config/settings.py.

`ESTIME_ASKING_CONCERNED`: who is concerned by acts of the brand. `ESTIME_ASKING_ANSWERED`: how much was answered.
`ESTIME_ASKING_DELIVERY`: who tells people, beside the site, that they are asked something. Empty: the site alone asks.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol


class Person(NamedTuple):
    """Somebody who can be asked: a member who can sign in, by their account in the ledger and by their login."""

    account: int
    user: int


class Concerns(NamedTuple):
    """Whom an act of the brand is about, and in which space."""

    space: int
    people: Sequence[Person]


class Concerned(Protocol):
    """Who gave what acts of the brand are about, by the `object_id` of each; what is unknown or gone is left out."""

    def __call__(self, objects: Sequence[str]) -> Mapping[str, Concerns]: ...


class Given(NamedTuple):
    """How much members gave in a span of time, and how much of that had its answer by the end of it."""

    given: int
    answered: int


class Answered(Protocol):
    """The same by space, from one moment to before another."""

    def __call__(self, since: datetime, until: datetime) -> Mapping[int, Given]: ...


class Invitation(NamedTuple):
    """Somebody may be told that there are questions for them. `number`: the same each time it is tried."""

    number: int
    account: int


class Delivery(Protocol):
    """Takes invitations over for good, and returns the numbers of those that it took; others are tried again.

    Called again with the same number after a fall: that is the same invitation, to be told once. Whoever delivers asks
    first whether the person may be contacted now.
    """

    def __call__(self, invitations: Sequence[Invitation]) -> set[int]: ...
