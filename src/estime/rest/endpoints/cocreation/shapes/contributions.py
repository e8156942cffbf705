"""Contributions, drafts, versions and authors as they are sent and told."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema

from estime.rest.endpoints.cocreation.shapes.base import TEXT, HiddenWhy, Person, Sent, Titled
from estime.rest.endpoints.cocreation.shapes.challenges import Kind

State = Literal["stands", "withdrawn", "hidden", "erased"]
Decided = Literal["", "taken", "together", "later", "not_taken"]
_BODY, _TITLE = 20_000, 160
DealRead = Annotated[
    int,
    Field(
        ge=0,
        le=1_000_000,
        description="The version of the deal that was read and agreed to; 0: agreed before.",
    ),
]


class ContributionSent(Sent):
    """Something to be published at once, without a draft."""

    kind: Kind = "idea"
    title: str = Field(min_length=1, max_length=_TITLE, pattern=TEXT)
    body: str = Field(min_length=1, max_length=_BODY, pattern=TEXT, description="Markdown.")
    built_on: int | None = Field(
        None, ge=1, le=(1 << 63) - 1, description="The contribution that it prolongs."
    )
    deal: DealRead = 0


class DraftSent(Sent):
    """What is written so far. Where it is going is said once, when it begins."""

    challenge: int | None = Field(None, ge=1, le=(1 << 63) - 1)
    built_on: int | None = Field(None, ge=1, le=(1 << 63) - 1)
    contribution: int | None = Field(
        None, ge=1, le=(1 << 63) - 1, description="Of which a new version is written."
    )
    kind: Kind = "idea"
    title: str = Field("", max_length=_TITLE, pattern=TEXT)
    body: str = Field("", max_length=_BODY, pattern=TEXT)
    saved: int = Field(
        0,
        ge=0,
        le=1_000_000_000,
        description="`saved` of the answer before: a newer saving is not overwritten.",
    )


class Publish(Sent):
    """Publishing a draft."""

    deal: int = Field(0, ge=0, le=1_000_000, description="The version of the deal that was agreed to.")


class Draft(Schema):
    """What somebody is writing."""

    id: UUID
    space: str
    challenge: int | None
    built_on: int | None
    contribution: int | None
    base: int = Field(description="The version that a new one is made from.")
    kind: Kind
    title: str
    body: str
    saved: int
    at: datetime
    changed: datetime


class Drafts(Schema):
    """One’s own drafts, newest first; fifty at most."""

    drafts: list[Draft]


class ContributionLight(Schema):
    """A contribution in a list."""

    id: int
    challenge: int | None
    kind: Kind
    title: str
    excerpt: str
    version: int
    authors: list[Person]
    at: datetime
    changed: datetime
    supports: int = Field(description="People, each once, over all that was brought together in it.")
    comments: int
    decision: Decided
    built_on: int | None
    supported: bool | None = Field(description="By whoever asks; null for a stranger.")


class Contributions(Schema):
    """A page of contributions; what was brought together is one."""

    contributions: list[ContributionLight]
    next: str | None
    every_word: bool = Field(description="False where a search found no contribution with all of its words.")


class Contribution(Schema):
    """A contribution with what stands around it. Its title and words are null where they are not shown."""

    id: int
    space: str
    challenge: int | None
    kind: Kind
    state: State
    hidden: HiddenWhy | None
    title: str | None
    body: str | None = Field(description="Markdown.")
    mentions: dict[str, str] = Field(description="What those are called whom the text mentions, by handle.")
    version: int
    authors: list[Person]
    contributors: list[Person] = Field(description="Whose improvements were adopted.")
    at: datetime
    changed: datetime
    supports: int
    comments: int
    decision: Decided
    built_on: Titled | None
    built: list[Titled] = Field(description="What was built on it; the newest thirty.")
    together: Titled | None = Field(description="What it was brought together into.")
    parts: list[Titled] = Field(description="What was brought together into it.")
    supported: bool | None
    follows: bool | None
    writes: bool = Field(description="Whether whoever asks is one of its authors.")
    invited: bool = Field(description="Whether whoever asks is invited to write it too.")


class VersionSent(Sent):
    """New words for a contribution."""

    title: str = Field(min_length=1, max_length=_TITLE, pattern=TEXT)
    body: str = Field(min_length=1, max_length=_BODY, pattern=TEXT)
    note: str = Field("", max_length=200, pattern=TEXT, description="What changed, in a few words.")
    base: int = Field(ge=1, le=1_000_000, description="The version that they were made from.")
    deal: DealRead = 0


class Disowning(Schema):
    """An author says of a version that it is not theirs."""

    by: Person
    reason: str
    at: datetime


class VersionLight(Schema):
    """One version, without its words."""

    number: int
    by: Person
    contributor: Person | None = Field(description="Whose improvement was adopted with it.")
    note: str
    at: datetime
    disowned: list[Disowning]


class Version(VersionLight):
    """One version."""

    title: str
    body: str


class Versions(Schema):
    """The newest hundred versions, newest first."""

    versions: list[VersionLight]


class Run(Schema):
    """Some letters that stayed, went or came."""

    how: Literal["same", "gone", "new"]
    text: str


class Block(Schema):
    """A paragraph, and what became of it."""

    kind: Literal["same", "changed", "gone", "new", "moved-away", "moved-here"]
    runs: list[Run]
    pair: int = Field(description="Which one moved where; 0 else.")


class Difference(Schema):
    """What is different, letter by letter: runs that are not new are what was, those that are not gone what is."""

    title: list[Run]
    blocks: list[Block]


class Compared(Schema):
    """What became of one version in another."""

    before: int
    after: int
    difference: Difference


class Disown(Sent):
    """Why."""

    reason: str = Field("", max_length=2_000, pattern=TEXT)


class Author(Schema):
    """Somebody who writes a contribution, was asked to, or did."""

    who: Person
    state: Literal["invited", "writes", "declined", "left"]
    at: datetime | None


class Authors(Schema):
    authors: list[Author]


class Invite(Sent):
    """Who is invited: somebody who said something in this space."""

    handle: str = Field(min_length=1, max_length=200, pattern=TEXT)


class Accept(Sent):
    """Accepting an invitation."""

    deal: int = Field(0, ge=0, le=1_000_000)


class PictureTold(Schema):
    """A picture, and how a text shows it."""

    id: UUID
    width: int
    height: int
    alt: str
    published: bool
    markdown: str


class PeopleSent(Sent):
    """The beginning of a name, and where it is being written."""

    name: str = Field(max_length=60, pattern=TEXT)
    contribution: int | None = Field(None, ge=1, le=(1 << 63) - 1)
    challenge: int | None = Field(None, ge=1, le=(1 << 63) - 1)
    question: int | None = Field(None, ge=1, le=(1 << 63) - 1)


class People(Schema):
    people: list[Person]
