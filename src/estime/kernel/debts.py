"""The port of *À tenir / To keep*: what the brand owes, told by whichever part knows of it.

A part that knows of debts offers an object that fits `Debts` in its `api.py`; `config` names it in
`ESTIME_DEBTS`; the desk shows them all, oldest first. The page where a debt is settled belongs to `web`, which finds
it by the debt's kind.
"""

from datetime import datetime
from typing import NamedTuple, Protocol


class Debt(NamedTuple):
    """One thing owed. `since`: when it began to be owed; `due`: when it turns late, None for no date.

    `id` is unique within its kind. Texts are in the active language; `quote` is what somebody wrote, if anything,
    and `who` the account key of whom it is owed to. `mine`: handed to whoever is looking.
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


Cursor = tuple[datetime, str]
"""Where a page of debts ended: `since` and `id` of its last one."""


class Debts(Protocol):
    """All debts of one kind. `permission` (people/roles.py): who sees them."""

    kind: str
    permission: str

    def count(self, now: datetime) -> tuple[int, int]:
        """How many are owed, and how many of them are late."""
        ...

    def oldest(self, now: datetime, viewer: int, after: Cursor | None, limit: int) -> list[Debt]:
        """The oldest after a cursor, by (since, id); what was handed to another person than `viewer` is told too."""
        ...
