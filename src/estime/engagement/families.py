"""Which types of act count as what (Activity Streams 2.0 names).

Everything that is not exposure, membership or withdrawal is *active*: the person did something.
"""

from typing import Final

EXPOSURE: Final = ("View", "Read", "Listen")
JOINING: Final = ("Follow", "Join")
LEAVING: Final = ("Leave",)
MEMBERSHIP: Final = JOINING + LEAVING
WITHDRAWAL: Final = ("Undo", "Delete", "Remove")
LIKES: Final = ("Like",)
PASSIVE: Final = EXPOSURE + MEMBERSHIP + WITHDRAWAL

VOTE: Final = "Vote"
"""Object type that names its own kind: a vote is an act, not a text and not a like."""

ALL: Final = "*"
"""The scope of all channels together."""
