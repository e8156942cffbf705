"""Discussions as they are sent and told."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from estime.rest.endpoints.cocreation.shapes.base import TEXT, HiddenWhy, Person, Sent
from estime.rest.endpoints.cocreation.shapes.contributions import DealRead, Difference, State

Intent = Literal["", "question", "improvement", "tried", "concern"]
_KEY = (1 << 63) - 1


class OfferSent(Sent):
    """A concrete change of a contribution: its words as they would be."""

    title: str = Field(min_length=1, max_length=160, pattern=TEXT)
    body: str = Field(min_length=1, max_length=20_000, pattern=TEXT)
    base: int = Field(ge=1, le=1_000_000, description="The version that they were made from.")
    deal: DealRead = 0


class CommentSent(Sent):
    """What somebody says."""

    body: str = Field(max_length=10_000, pattern=TEXT, description="Markdown; `@Name` mentions somebody.")
    intent: Intent = ""
    parent: int | None = Field(None, ge=1, le=_KEY, description="The comment that it answers.")
    quoted: int | None = Field(None, ge=1, le=_KEY, description="One that it quotes.")
    chosen: list[str] = Field(
        [], max_length=20, description="Handles of those meant, where names are not unique."
    )
    offer: OfferSent | None = Field(None, description="An improvement, below a contribution only.")
    once: UUID | None = Field(None, description="A random number: the same again says it once.")


class Reworded(Sent):
    """What one said, said better."""

    body: str = Field(min_length=1, max_length=10_000, pattern=TEXT)
    chosen: list[str] = Field([], max_length=20)


class Edit(Schema):
    """A concrete change that is offered."""

    id: int
    base: int
    title: str
    body: str
    state: Literal["offered", "adopted", "declined"]
    settled_by: Person | None
    reason: str | None
    version: int | None = Field(description="The version that it became part of.")


class Comment(Schema):
    """What somebody said. Its words are null where they are not shown."""

    id: int
    contribution: int | None
    challenge: int | None
    question: int | None
    root: int | None = Field(description="The one that its thread began with; null for that one itself.")
    parent: int | None
    quoted: int | None
    by: Person
    for_brand: bool
    intent: Intent
    state: State
    hidden: HiddenWhy | None
    body: str | None
    edit: Edit | None
    replies: int = Field(description="How many answers its thread has, if it began one.")
    at: datetime
    edited: datetime | None


class CommentMade(Comment):
    """A comment alone."""

    mentions: dict[str, str]


class Wording(Schema):
    """What a comment said before."""

    body: str
    until: datetime


class Wordings(Schema):
    """The newest fifty of them."""

    wordings: list[Wording]
    mentions: dict[str, str]


class Thread(Schema):
    """A comment with its first answers."""

    comment: Comment
    answers: list[Comment]
    more: int = Field(description="How many answers there are besides: GET /comments/{id}.")


class Talk(Schema):
    """A page of threads, newest first."""

    threads: list[Thread]
    mentions: dict[str, str]
    next: str | None


class Whole(Schema):
    """A page of one thread, oldest first."""

    comment: Comment
    answers: list[Comment]
    mentions: dict[str, str]
    next: str | None


class Conflict(Schema):
    """A place that both changed."""

    base: str
    mine: str = Field(description="As it stands now.")
    theirs: str = Field(description="As the improvement has it.")


class EditWhole(Edit):
    """An improvement: what it would change, and how it goes together with what was written since."""

    contribution: int
    comment: int
    by: Person
    difference: Difference | None = Field(description="From the version that it was made from.")
    conflicts: list[Conflict]


class SettleSent(Sent):
    """The words that an author decided on where changes met."""

    title: str = Field(min_length=1, max_length=160, pattern=TEXT)
    body: str = Field(min_length=1, max_length=20_000, pattern=TEXT)
    base: int = Field(ge=1, le=1_000_000, description="The version that stood while they decided.")
    deal: DealRead = 0


class Adopt(Sent):
    """Adopting an improvement."""

    settled: SettleSent | None = None


class Decline(Sent):
    """Declining one."""

    reason: str = Field("", max_length=2_000, pattern=TEXT)
