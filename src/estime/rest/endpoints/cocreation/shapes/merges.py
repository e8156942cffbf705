"""Bringing together, as it is sent and told."""

from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from estime.rest.endpoints.cocreation.shapes.base import TEXT, Person, Sent, Titled
from estime.rest.endpoints.cocreation.shapes.contributions import DealRead, Difference
from estime.rest.endpoints.cocreation.shapes.talk import Conflict, SettleSent

_KEY = (1 << 63) - 1


class WholeSent(Sent):
    """What the contributions are to become, and why."""

    reason: str = Field(min_length=1, max_length=4_000, pattern=TEXT)
    title: str = Field(min_length=1, max_length=160, pattern=TEXT)
    body: str = Field(min_length=1, max_length=20_000, pattern=TEXT)
    versions: dict[str, int] = Field(
        max_length=20, description="From which version of each side, by its number, the words were made."
    )
    deal: DealRead = 0


class MergeSent(WholeSent):
    """A proposal to bring others into one."""

    parts: list[int] = Field(min_length=1, max_length=10, description="The contributions that go into it.")


class Side(Schema):
    """One side of a proposal."""

    contribution: Titled
    version: int
    authors: list[Person]
    agreed: list[Person] = Field(description="Its authors who agreed.")
    missing: list[Person] = Field(description="Its authors who can answer, and did not agree.")


class Contest(Schema):
    """What an author says against it, and what a lead answers by name."""

    id: int
    by: Person
    words: str
    at: datetime
    answer: str | None
    answered: datetime | None
    name: str | None


class MergeLight(Schema):
    """A proposal to bring together, or what became of it."""

    id: int
    head: Titled
    state: Literal["proposed", "agreed", "decided", "declined", "undone"]
    by: Person
    reason: str
    at: datetime
    settled: datetime | None
    settled_by: Person | None
    settled_reason: str | None
    undone: datetime | None
    undone_reason: str | None


class Merges(Schema):
    """What was brought together here, what is proposed, what was undone; newest first."""

    merges: list[MergeLight]


class Merge(MergeLight):
    """A proposal with its sides."""

    title: str | None = Field(description="The words that it is to have; null where they are not shown.")
    body: str | None
    sides: list[Side]
    difference: Difference | None = Field(description="What the words of the one become, or became.")
    outdated: bool = Field(description="What was written since does not go together with its words.")
    contests: list[Contest]
    can: list[Literal["agree", "refuse", "withdraw", "reword", "decide", "undo", "answer", "contest"]] = (
        Field(description="What whoever asks can do now.")
    )


class Suggestion(Schema):
    """What a proposal could begin from."""

    title: str
    body: str
    versions: dict[str, int]


class Words(Sent):
    """In words."""

    words: str = Field(min_length=1, max_length=4_000, pattern=TEXT)


class RefuseSent(Sent):
    """Why, if one likes."""

    words: str = Field("", max_length=4_000, pattern=TEXT)


class DecideSent(Sent):
    """What a lead decides about a proposal, and why: it can be contested."""

    reason: str = Field(min_length=1, max_length=4_000, pattern=TEXT)
    brings: bool = Field(True, description="False: it is closed without being carried out.")


class UndoSent(Sent):
    """Why it is undone; where changes met, the words that stay."""

    reason: str = Field(min_length=1, max_length=4_000, pattern=TEXT)
    settled: SettleSent | None = None


class ContestAnswer(Sent):
    """What is answered."""

    answer: str = Field(min_length=1, max_length=4_000, pattern=TEXT)


class Back(Schema):
    """What a contribution has once it is undone."""

    contribution: Titled
    supports: int
    comments: int
    together: int | None


class Undoing(Schema):
    """What undoing would do, exactly."""

    rows: list[Back]
    difference: Difference | None
    conflicts: list[Conflict]
    words_go: bool = Field(
        description="Nobody is left who wrote what the others went into: its words go, and come back to nobody."
    )
    supports_since: int = Field(description="Given to the whole since it was made: they stay there.")
    comments_since: int
