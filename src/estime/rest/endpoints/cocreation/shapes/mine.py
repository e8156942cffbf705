"""What is somebody’s own, as it is sent and told."""

from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from estime.rest.endpoints.cocreation.shapes.base import Sent, Titled
from estime.rest.endpoints.cocreation.shapes.spaces import Event

Rhythm = Literal["daily", "weekly", "never"]
Gift = Literal["wrote", "improved", "commented", "supports", "asked", "joined", "voted", "opened"]


class Counts(Schema):
    """How much somebody gave, of each kind."""

    wrote: int
    improved: int
    comments: int
    supports: int
    questions: int
    votes: int


class Mine(Schema):
    """A place where somebody gave something, and where it stands."""

    kind: Literal["contribution", "question", "challenge"]
    id: int
    title: str | None = Field(description="Null where it is not shown any more.")
    gifts: list[Gift]
    became: str = Field(description="What became of it, in one line, in the language asked for.")
    late: bool = Field(description="What was promised about it is late.")
    changed: datetime
    news: str


class MyContributions(Schema):
    """A page of what one gave, newest change first."""

    contributions: list[Mine]
    counts: Counts
    next: str | None


class Invitations(Schema):
    """Contributions that one is asked to write too."""

    invitations: list[Titled]


class Notice(Event):
    """Something that concerns one."""

    digest: bool = Field(description="Whether a digest told it already.")


class Notices(Schema):
    """A page of what concerns one, newest first. A page may be short, and yet go on."""

    notices: list[Notice]
    next: str | None


class DigestSent(Sent):
    """How often one is told what changed."""

    rhythm: Rhythm


class Leaving(Sent):
    """That one wants all of one's own erased."""

    address: str = Field(
        description="One’s own e-mail address, so that nobody leaves by a slip.", max_length=254
    )


class Left(Schema):
    """One has left."""

    left: bool


class Digest(Schema):
    """How often one is told what changed."""

    rhythm: Rhythm
    due: datetime | None = Field(description="When the next one comes; null where there is nothing to tell.")
