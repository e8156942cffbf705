"""Votes as they are sent and told."""

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema

from estime.rest.endpoints.cocreation.shapes.base import TEXT, Person, Sent, Speaker, Titled

Method = Literal["approval", "score", "ranked", "pairwise", "budget", "groups"]
Ties = Literal["shared", "older", "drawn"]
Who = Literal["members", "before", "contributors"]
_KEY = (1 << 63) - 1


class PollSent(Sent):
    """The rules of a vote; they hold from the opening of its challenge on."""

    title: str = Field(min_length=1, max_length=200, pattern=TEXT)
    method: Method = "approval"
    parameters: dict[str, str | int | bool | None] = Field({}, description="Of its method: docs/voting.md.")
    ties: Literal["", "shared", "older", "drawn"] = Field(
        "", description="Empty: as its method usually has it."
    )
    threshold: int | None = Field(
        None,
        ge=0,
        le=10_000_000,
        description="With fewer voters it decides nothing. Null: 3, the least, where it binds the brand; else 0.",
    )
    who: Who = "members"
    binding: bool = True
    secret: bool = True
    opens: datetime | None = Field(None, description="Null: as the phase of voting.")
    closes: datetime | None = None


class OptionSent(Sent):
    """Something that can be chosen."""

    title: str = Field("", max_length=280, pattern=TEXT, description="May be empty for a contribution.")
    contribution: int | None = Field(None, ge=1, le=_KEY)
    cost: str | None = Field(
        None, max_length=20, pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$", description="In a budget."
    )


class FillSent(Sent):
    """Which contributions are put up for a vote."""

    contributions: list[int] | None = Field(
        None, max_length=500, description="Null: all that stand in the challenge."
    )


class Proposal(Sent):
    """An option, or a statement, that a member adds while the vote runs."""

    title: str = Field(min_length=1, max_length=280, pattern=TEXT)


class HideOption(Sent):
    """Why it is not asked about any more."""

    reason: Literal["unlawful", "personal", "hateful", "advertising", "repeated", "elsewhere"]


class Option(Schema):
    """Something that can be chosen."""

    number: int
    title: str
    contribution: Titled | None
    cost: str | None
    by: Person | None = Field(description="The member who added it while the vote ran.")
    hidden: bool


class PollLight(Schema):
    """A vote in a list."""

    id: int
    challenge: int
    title: str
    method: Method
    binding: bool
    secret: bool
    opens: datetime
    closes: datetime
    locked: datetime | None
    opened: datetime | None
    closed: datetime | None
    counted: datetime | None
    sealed: datetime | None = Field(description="From then on nothing says any more whose a ballot was.")


class Polls(Schema):
    polls: list[PollLight]


class Poll(PollLight):
    """A vote with its rules and its options. Who voted is a number; how somebody voted is told nowhere."""

    parameters: dict[str, Any]
    ties: Ties
    seed: int = Field(description="Of what is drawn: known from the opening on.")
    threshold: int
    who: Who
    objections_until: datetime | None
    digest: str | None = Field(description="SHA-256 over the sorted ballots at the closing.")
    state: Literal["draft", "before", "running", "closing", "counting", "counted", "off", "missed"]
    voters: int
    eligible: bool | None = Field(description="Whether whoever asks may vote; null for a stranger.")
    voted: bool | None
    may_object: bool | None
    options: list[Option]


class BallotSent(Sent):
    """What somebody chooses, by method. approval, budget: numbers of options. score: `{"number": points}`. ranked:
    lists of numbers, best first. pairwise: `[left, right, -1 | 0 | 1]` with the ticket of the pair. groups:
    `{"number": 1 | 0 | -1}`."""

    choice: list[Any] | dict[str, int]
    ticket: str = Field(
        "",
        max_length=500,
        description="Of the pair that was asked, in a vote between two; none for one that stands on one’s ballot.",
    )


class AnswerBack(Sent):
    """What the answer is about: the numbers of both options, or of the statement."""

    about: list[int] = Field(min_length=1, max_length=2)


class Ballot(Schema):
    """One’s own ballot, for oneself alone."""

    cast: bool = Field(description="Whether there is one that says so.")
    choice: list[Any] | dict[str, int] | None


class Next(Schema):
    """What to answer next, in a vote that is answered one by one."""

    kind: Literal["pair", "statement", "done"]
    left: Option | None
    right: Option | None
    statement: Option | None
    answered: int | None
    there: int | None
    ticket: str | None = Field(description="To be sent with the answer.")


class Result(Schema):
    """One count. What is not told of a small vote is not stored either."""

    number: int
    ballots: int
    final: bool
    at: datetime
    body: dict[str, Any] = Field(description="docs/voting.md")


class Results(Schema):
    """Every count, newest first: the first one holds."""

    results: list[Result]


class BallotKind(Schema):
    """A ballot, and how many cast one like it."""

    choice: list[Any] | dict[str, int]
    voters: int


class OpenBallot(Schema):
    """Whose ballot, in a vote that said before that it is open."""

    who: Person
    choice: list[Any] | dict[str, int]


class BallotsTold(Schema):
    """The ballots of a vote whose time for objections is over, as its rules say that they are published."""

    kinds: list[BallotKind]
    others: int = Field(description="Ballots that are not told one by one.")
    named: list[OpenBallot] = Field(description="Of an open vote; empty of a secret one.")


class ObjectionSent(Sent):
    """What was wrong with how a vote went."""

    words: str = Field(min_length=1, max_length=4_000, pattern=TEXT)


class ObjectionAnswer(Sent):
    """What is answered."""

    answer: str = Field(min_length=1, max_length=4_000, pattern=TEXT)


class Objection(Schema):
    """An objection, and its answer."""

    id: int
    who: Person
    words: str
    at: datetime
    answer: str | None
    answered: datetime | None
    by: Speaker | None


class Objections(Schema):
    objections: list[Objection]
