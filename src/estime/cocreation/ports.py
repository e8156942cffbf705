"""What co-creation asks of others: somebody who delivers digests (`ESTIME_DIGESTS` of config/settings.py)."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Letter(NamedTuple):
    """A digest as it is delivered. `number`: its own, the same each time it is tried: whoever delivers tells it once.

    `user`: the login it is for; `stop`: the address that ends digests with one POST (RFC 8058).
    """

    number: int
    user: int
    language: str
    subject: str
    text: str
    html: str
    stop: str


class Delivery(Protocol):
    """Takes letters over for good, and returns the numbers of those that it took; others are tried again later.

    Called again with the same number after a fall: that is the same letter, to be told once.
    """

    def __call__(self, letters: Sequence[Letter]) -> set[int]: ...
