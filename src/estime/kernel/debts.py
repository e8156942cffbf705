"""The port of *À tenir / To keep*: what the brand owes, told by whichever part knows of it.

A part that knows of debts offers an object that fits `Debts` in its `api.py`; `config` names it in
`ESTIME_DEBTS`; the desk shows them all, oldest first. The page where a debt is settled belongs to `web`, which finds
it by the debt's kind. docs/to-keep.md shows how a part adds its own.
"""

from datetime import datetime
from typing import NamedTuple, Protocol


class Debt(NamedTuple):
    """One thing owed. `since`: when it began to be owed; `due`: when it turns late, None for no date.

    `id` is unique within its kind. Texts are in the active language; `quote` is what somebody wrote, if anything,
    and `who` the account key of whom it is owed to. `mine`: handed to whoever is looking. `as_of`: the moment it is
    told as of, where that is not now (an archive that is shown as it stood when its record stopped). `place`: the title
    of where in its channel it stands, where a channel has several places (spaces); empty: the channel is its place.
    """

    kind: str
    id: str
    since: datetime
    title: str
    detail: str = ""
    quote: str = ""
    channel: str = ""
    due: datetime | None = None
    who: int | None = None
    mine: bool = False
    as_of: datetime | None = None
    place: str = ""


Cursor = tuple[datetime, str]
"""Where a page of debts ended: `debt_moment` and `id` of its last one. An `id` of "" comes before all others."""


class Only(NamedTuple):
    """Which debts are wanted. `mine`: True for what was handed to the viewer, False for all else, None for both.

    `place`: the name of one of the places of `channel`, where it has several (spaces); no other channel has it.
    """

    channel: str = ""
    mine: bool | None = None
    place: str = ""


ALL = Only()


class Debts(Protocol):
    """All debts of one kind. `permission` (people/roles.py): who sees them."""

    kind: str
    permission: str

    def count(self, now: datetime) -> tuple[int, int]:
        """How many are owed, and how many of them are late."""
        ...

    def oldest(
        self, now: datetime, viewer: int, after: Cursor | None, limit: int, only: Only = ALL
    ) -> list[Debt]:
        """The oldest after a cursor, by (`debt_moment`, `id`); what was handed to others than `viewer` is told too.

        Raises `ValueError` for a cursor whose id is none of this kind.
        """
        ...


def debt_moment(debt: Debt) -> datetime:
    """Where a debt stands in the list: when it turns late, or when it began if it has no date.

    So what is late comes first, the latest of all at the top, and what has no date counts as owed at once.
    """
    return debt.due or debt.since
