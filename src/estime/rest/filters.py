"""What the lists can be asked: parameters of the address, checked before anything is looked up."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import StringConstraints

Name = Annotated[str, StringConstraints(max_length=64, pattern=r"^[^\x00]*$")]
_CURSOR = "Where the page begins: `next` of the page before, with the same parameters."


class InChannel(Schema):
    """Where the acts of a batch happened."""

    channel: Name = Field("", description="Where they happened. A token for one channel need not say it.")


class OfActs(Schema):
    """Which acts."""

    channel: Name = Field("", description="Only of this channel.")
    type: list[Name] = Field([], max_length=40, description="Activity types; one of them has to fit.")
    since: datetime | None = Field(None, description="Happened at this time or later.")
    until: datetime | None = Field(None, description="Happened before this time.")
    order: Literal["newest", "ledger"] = Field(
        "newest",
        description="newest: the last recorded first. ledger: in the order in which acts became readable, for a"
        " program that follows along: there `next` never ends, and nothing that is committed late is missed.",
    )
    limit: int = Field(100, ge=1, le=500)
    cursor: str = Field("", max_length=500, description=_CURSOR)


class OfPerson(Schema):
    """Which page of a person’s acts."""

    limit: int = Field(100, ge=1, le=500)
    cursor: str = Field("", max_length=500, description=_CURSOR)


class InScope(Schema):
    """A channel, or all together."""

    scope: Name = Field("", description="A channel, or `*` for all together (the default).")


class OfFigures(InScope):
    """Which figures."""

    measure: list[Name] = Field([], max_length=40, description="Only these measures.")
    since: date | None = Field(None, description="Only periods that begin on this day or later.")
    until: date | None = Field(None, description="Only periods that begin before this day.")
    limit: int = Field(500, ge=1, le=5000)
    cursor: str = Field("", max_length=500, description=_CURSOR)


class InLanguage(Schema):
    """In which language."""

    lang: str = Field("", max_length=20, description="fr or en; else what the header Accept-Language wants.")
