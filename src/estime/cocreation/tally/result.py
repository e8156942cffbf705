"""The shapes in which every way of deciding together hands over its result. No Django, plain values only.

Invariants: options, participants and statements are named by the ids of the source, as text; every shape turns
into JSON by `as_json()`; nothing tells how one voter voted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final, NamedTuple


class Method(StrEnum):
    """The ways of deciding together."""

    APPROVAL = "approval"
    SCORE = "score"
    RANKED = "ranked"
    PAIRWISE = "pairwise"
    BUDGET = "budget"
    GROUPS = "groups"


class Score(NamedTuple):
    """The number by which an option was judged, and the bounds of its 95 % interval (None: there is none)."""

    score: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Without:
    """The same count with some ballots left out. `winners` and `changes` are None where it was not computed."""

    left_out: int = 0
    winners: tuple[str, ...] | None = None
    changes: bool | None = None
    why: str = ""
    """Why it was not computed."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the definition needs to be told with: days, minutes, groups by chance."""

    def as_json(self) -> dict[str, Any]:
        """With `computed`, so that no reader takes a missing answer for a no."""
        told: dict[str, Any] = {"computed": self.changes is not None, "changes": self.changes}
        if self.changes is None:
            told["why"] = self.why
        else:
            told |= {"left_out": self.left_out, "winners": list(self.winners or ())}
        return told | dict(self.facts)


@dataclass(frozen=True)
class AnyVoter:
    """Whether any one voter could have changed who wins: yes or no, never who or how."""

    changes: bool | None = None
    how: str = ""
    """In which way they would have: what `changes` was looked into for."""
    why: str = ""
    """Why it was not computed."""

    def as_json(self) -> dict[str, Any]:
        """With `computed`, as everywhere."""
        told: dict[str, Any] = {"computed": self.changes is not None, "changes": self.changes}
        return told | ({"why": self.why} if self.changes is None else {"how": self.how})


@dataclass(frozen=True)
class Bootstrap:
    """How often each option wins when as many ballots are drawn again, with replacement, from those cast."""

    shares: Mapping[str, float] = field(default_factory=dict)
    """Option → share of the draws in which it is among the winners; of winners of any draw only.

    All that are equal at the top of a draw win it, and a budget or several seats have several winners anyway: so the
    shares may add up to more than 1.
    """
    same: float | None = None
    """Share of the draws with exactly these winners."""
    replicates: int = 0
    seed: int = 0
    why: str = ""
    """Why it was not computed."""

    def as_json(self) -> dict[str, Any]:
        """With `computed`, as everywhere."""
        if not self.replicates:
            return {"computed": False, "why": self.why}
        told = {"winners": dict(self.shares), "same_winners": self.same}
        return {"computed": True, **told, "replicates": self.replicates, "seed": self.seed}


@dataclass(frozen=True)
class Fragility:
    """How easily the result could have been another one."""

    without_new_accounts: Without
    without_look_alikes: Without
    any_single_voter: AnyVoter
    bootstrap: Bootstrap

    def as_json(self) -> dict[str, Any]:
        """Its four questions, by name."""
        return {
            "without_new_accounts": self.without_new_accounts.as_json(),
            "without_look_alikes": self.without_look_alikes.as_json(),
            "any_single_voter": self.any_single_voter.as_json(),
            "bootstrap": self.bootstrap.as_json(),
        }


@dataclass(frozen=True)
class Tally:
    """A result that names winners: approval, score, ranked, pairwise, budget.

    `scores` stand from best to worst. `ties` are sets of options that the ballots do not tell apart where it
    mattered. `detail` says how the result came about, in plain values that JSON can hold.
    """

    method: str
    winners: tuple[str, ...]
    scores: Mapping[str, Score]
    voters: int
    interval: str
    """What `low` and `high` are: "Wilson, 95 %"."""
    ties: tuple[tuple[str, ...], ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """Option → what people read, where the source has more than an id."""
    notes: tuple[str, ...] = ()
    """What was left out or understood in some way on reading, one sentence each."""
    fragility: Fragility | None = None

    def with_fragility(self, fragility: Fragility) -> "Tally":
        """The same result, with how fragile it is."""
        return replace(self, fragility=fragility)

    def as_json(self) -> dict[str, Any]:
        """What `estime tally --json` prints."""
        return {
            "method": self.method,
            "voters": self.voters,
            "winners": list(self.winners),
            "ties": [list(tied) for tied in self.ties],
            "scores": {option: dict(score._asdict()) for option, score in self.scores.items()},
            "interval": self.interval,
            "fragility": self.fragility.as_json() if self.fragility else None,
            "detail": dict(self.detail),
            "names": dict(self.names),
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class Votes:
    """How one group, or everybody, voted on one statement."""

    agree: int
    disagree: int
    passed: int

    @property
    def seen(self) -> int:
        """How many voted on it in some way."""
        return self.agree + self.disagree + self.passed

    def as_json(self) -> dict[str, int]:
        """`pass` is its name outside of Python."""
        return {"agree": self.agree, "disagree": self.disagree, "pass": self.passed}


@dataclass(frozen=True)
class Statement:
    """A statement, how each group voted on it, and whether it unites the groups or divides them.

    `unites` and `divides` are numbers of the method (higher is more so), None where there are no groups.
    """

    id: str
    all: Votes
    text: str = ""
    by_group: Mapping[int, Votes] = field(default_factory=dict)
    unites: float | None = None
    divides: float | None = None
    kind: str = ""
    """"unites", "divides", or nothing where neither can be said with confidence."""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """One element of `statements`."""
        return {
            "id": self.id,
            "text": self.text,
            **self.all.as_json(),
            "groups": {str(group): votes.as_json() for group, votes in self.by_group.items()},
            "unites": self.unites,
            "divides": self.divides,
            "kind": self.kind or None,
            **dict(self.facts),
        }


WHY: Final = {
    "": "",
    "nobody": "Nobody has voted yet.",
    "too-few-people": "Fewer than 20 people have voted: nobody could tell whether groups would be found again.",
    "all-alike": "Everybody's votes put them at the same place: there is one opinion here.",
    "not-looked-into": "Whether the groups are stable was not looked into.",
    "halves-differ": "Two halves of the people, each grouped by itself, put everybody into different groups.",
    "not-found-again": "A group is not found again when people are drawn anew.",
}
"""Why there are no groups to show, by `Groups.reason`, as the command line says it; pages have their own words."""


@dataclass(frozen=True)
class Groups:
    """Opinion groups: who thinks alike, and which statements unite or divide the groups.

    `groups` holds memberships even where they are not stable, so that a program can compare them; a page shows
    them only where `stable`.
    """

    groups: Mapping[str, int]
    """Participant → group, from 0, the largest first. Participants with too few votes are left out."""
    statements: tuple[Statement, ...]
    stable: bool
    participants: int
    reason: str = ""
    """Why they are not stable, a code of `WHY`; empty where they are."""
    positions: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Participant → where they stand on the map of opinions."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    method: str = "groups"

    @property
    def why(self) -> str:
        """The reason as one sentence."""
        return WHY[self.reason]

    def as_json(self) -> dict[str, Any]:
        """What `estime tally --method groups --json` prints."""
        return {
            "method": self.method,
            "participants": self.participants,
            "stable": self.stable,
            "reason": self.reason or None,
            "groups": dict(self.groups),
            "statements": [statement.as_json() for statement in self.statements],
            "positions": {who: list(place) for who, place in self.positions.items()},
            "detail": dict(self.detail),
            "notes": list(self.notes),
        }
