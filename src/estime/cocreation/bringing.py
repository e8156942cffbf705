"""What an import hands over: a challenge as it was lived elsewhere, row by row, each with the act that it was.

Readers (channels/challenges) make these; `actions/bring.py` writes them. Names (`source`) are those of the ledger: what
is known there under one is the same thing here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from estime.ledger.api import ActDraft, ObservationDraft, Reject

LONGEST_SOURCE: Final = 200
"""How long a name of a thing, or a handle, may be."""


@dataclass(frozen=True)
class About:
    """What is told of the whole. `method` empty: nothing was voted on. `closes` None: it is over, as its last row says.

    `known`: where it comes from, under which licence; shown with the challenge.
    """

    source: str
    title: str
    text: str = ""
    known: str = ""
    lang: str = ""
    method: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    opens: datetime | None = None
    closes: datetime | None = None


class Given(NamedTuple):
    """A contribution. `supports`: how many stand behind it, where nobody says who."""

    source: str
    by: str | None
    title: str
    body: str
    at: datetime
    kind: str = "idea"
    lang: str = ""
    supports: int = 0
    withdrawn: datetime | None = None


class Wrote(NamedTuple):
    """Somebody wrote a contribution with its author."""

    by: str
    on: str
    at: datetime


class Answered(NamedTuple):
    """What the site that it comes from answered to a contribution. `outcome`: in our words; `name`: the site's."""

    source: str
    on: str
    outcome: str
    reason: str
    at: datetime
    name: str
    lives_on: str = ""
    again: date | None = None


class Spoken(NamedTuple):
    """A comment. `on`: the contribution it stands below, empty for the challenge. `answers`: the comment it answers."""

    source: str
    by: str | None
    body: str
    at: datetime
    on: str = ""
    answers: str = ""
    intent: str = ""
    lang: str = ""


class Stood(NamedTuple):
    """Somebody supports a contribution."""

    by: str
    on: str
    at: datetime


class Choosable(NamedTuple):
    """An option of the vote, or a statement. `of`: the contribution that it is, by its name."""

    source: str
    title: str
    at: datetime | None
    by: str | None = None
    hidden: bool = False
    cost: str | None = None
    of: str = ""


class Chosen(NamedTuple):
    """One answer of somebody's ballot; the last one on the same question counts.

    `of`: what it is about, by name (in a vote between two, both). `mark`: what was said of it: 1, 0 or −1 in a vote on
    statements; points; a rank; between two −1 for the first, 1 for the second; approved of or not, 1 or 0.
    """

    by: str
    of: tuple[str, ...]
    mark: int
    at: datetime


Thing = Given | Wrote | Answered | Spoken | Stood | Choosable | Chosen


class Brings(NamedTuple):
    """One row: its line in the source, what it tells, and the act that it is (None where nobody says who acted).

    `name`: what its author is called, where the source says more than a handle.
    """

    line: int
    thing: Thing | None
    act: ActDraft | None = None
    total: ObservationDraft | None = None
    name: str = ""


@dataclass
class Brought:
    """What came of it. `new`, `known`: rows of the source; `erased`: left out, their authors had them erased.

    `counts`: how many of each kind stand in the challenge now. `poll`: of its vote.
    """

    challenge: int = 0
    poll: int = 0
    fresh: bool = False
    new: int = 0
    known: int = 0
    erased: int = 0
    rejects: list[Reject] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def refuse(self, line: int, code: str, thing: object = "") -> None:
        """One row is not in; why is told in words by whoever reads the code."""
        self.rejects.append(Reject(line, code, "", str(thing)[:2_000]))
