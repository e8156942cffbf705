"""What several answers are made of."""

from ninja import Field, Schema
from pydantic import ConfigDict

TEXT = r"^[^\x00]*$"


class Sent(Schema):
    """What is sent: fields that are not known here are refused."""

    model_config = ConfigDict(extra="forbid")


class Person(Schema):
    """Somebody, as everybody sees them. Both are null for whoever has left."""

    handle: str | None = Field(
        description="By what a text mentions them, `@[handle]`; null for whoever came with an import."
    )
    name: str | None


class Speaker(Schema):
    """Who spoke for the brand, as they were called then; null once they have left."""

    name: str | None
    speaks_for: str | None = Field(
        description="The brand; null for an answer of another site, which came with its challenge."
    )


class Titled(Schema):
    """Something else, by its number. Without a title where that is not shown any more."""

    id: int
    title: str | None


class HiddenWhy(Schema):
    """Why something is hidden, and by whom."""

    reason: str
    words: str
    name: str


class Picture(Schema):
    """A picture. Its content is at `/pictures/{id}/content`."""

    id: str
    width: int
    height: int
    alt: str


class Given(Schema):
    """What became of a deed: whether it holds now."""

    holds: bool
    count: int | None = Field(None, description="How many people, where that is counted.")


class Reason(Sent):
    """Why."""

    reason: str = Field(min_length=1, max_length=10_000, pattern=TEXT)
