"""What is sent and answered, as the API’s documentation tells it. Answers are written by hand for speed; tests hold
them to these shapes."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

_TEXT = r"^[^\x00]*$"


class Problem(Schema):
    """Why a request was refused (RFC 9457)."""

    type: str = Field(description="Where the code is explained.", examples=["/errors#token-unknown"])
    title: str
    status: int
    detail: str = Field(description="What is wrong, in a sentence.")
    code: str = Field(description="Stable: programs may rely on it.", examples=["token-unknown"])
    todo: str = Field(description="What to do next.")
    errors: list["Fault"] | None = Field(None, description="Which parameters are wrong.")
    data: dict[str, object] | None = Field(None, description="More about it, by code (docs/errors.md).")
    request_id: str | None = Field(None, description="Tell it to whoever runs this installation.")


class Fault(Schema):
    """One parameter that is wrong."""

    at: str
    message: str


class Outcome(Schema):
    """What became of one act of a batch."""

    index: int = Field(description="Its place in the batch, from 0.")
    status: Literal["created", "known", "refused", "erased"] = Field(
        description="created: it is in the ledger now. known: it was already. refused: it breaks a rule."
        " erased: it was erased from this ledger before, and stays so."
    )
    source_id: str | None = Field(description="The id that it was sent with, or was given for lack of one.")
    id: UUID | None = Field(description="Its id in the ledger.")
    code: str | None = Field(description="Why it was refused: a stable code.")
    reason: str | None = Field(description="Why it was refused: a sentence.")


class Taken(Schema):
    """What became of a batch. Each number counts items; together they are all of them."""

    channel: str
    created: int
    known: int
    refused: int
    erased: int
    items: list[Outcome]


class Act(Schema):
    """One act. Field names follow W3C Activity Streams 2.0; see the page on the ledger."""

    id: UUID
    channel: str
    source_id: str = Field(description="Its id in its channel.")
    account: str = Field(description="The key of the account that did it, a number as text.")
    handle: str | None = Field(description="Who did it; null without the scope persons:read, or once erased.")
    type: str = Field(description="An Activity Streams activity type.", examples=["Create"])
    object_id: str | None
    object_type: str | None
    in_reply_to: str | None
    context: str | None
    published: datetime = Field(description="When it happened (UTC).")
    recorded: datetime = Field(description="When this ledger learnt of it (UTC).")
    content: str | None
    lang: str | None
    value: float | None
    unit: str | None
    incentive: str | None
    on_behalf_of: str | None = Field(description="Null without the scope persons:read.")
    extra: dict[str, object] | None = Field(
        description="What the source told beyond that; null without the scope persons:read."
    )


class Acts(Schema):
    """One page of acts."""

    acts: list[Act]
    next: str | None = Field(
        description="The cursor of the next page; null at the end. A page may be short, or empty, and yet go on."
    )
    behind: bool = Field(
        description="There are acts that this list does not show yet: it follows the ledger within a minute or two."
        " Never so with order=ledger."
    )
    ignored: list[str] = Field(description="What of `text` could not be looked for, and was left out.")


class Account(Schema):
    """A person, which for now is one account of one channel."""

    account: str = Field(description="The account’s key, a number as text.")
    channel: str
    handle: str | None = Field(description="Null once erased.")
    recorded: datetime
    acts: dict[str, int] = Field(description="How many acts of each type.")
    first_act: datetime | None
    last_act: datetime | None


class Wish(Schema):
    """Whose account is looked for. In a body, because a handle does not belong into addresses, which are logged."""

    model_config = ConfigDict(extra="forbid")

    channel: str = Field(max_length=64, pattern=_TEXT, examples=["forum"])
    handle: str = Field(max_length=1024, pattern=_TEXT, examples=["marie"])


class Found(Schema):
    """An account’s key."""

    account: str
    channel: str


class Figure(Schema):
    """One number with its 95 % interval, and the counts that it was made of."""

    measure: str
    scope: str
    period: date | None = Field(description="Monday of a week, first of a month, day of a post; null: now.")
    label: str
    value: float | None
    low: float | None
    high: float | None
    n: float | None
    d: float | None


class Figures(Schema):
    """Figures of one scope, ordered by measure, period and label."""

    edition: int | None = Field(description="The computation they come from; null before the first.")
    as_of: datetime | None
    made_at: datetime | None
    figures: list[Figure]
    next: str | None


class Measure(Schema):
    """A measure that a scope has figures of."""

    measure: str
    figures: int


class Measures(Schema):
    """All measures of one scope."""

    scope: str
    measures: list[Measure]


class Scope(Schema):
    """A channel, or `*` for all together, as the last computation saw it."""

    scope: str
    title: str
    acts: int
    first_act: datetime | None
    last_act: datetime | None
    archive: bool = Field(description="The channel has ended: nothing of it is about today.")
    attribution: str


class Scopes(Schema):
    """What there is a readout of."""

    edition: int | None
    scopes: list[Scope]


class Section(Schema):
    """One finding of a readout."""

    id: str
    title: str
    sentence: str
    finding: str
    note: str | None
    definition: str


class Readout(Schema):
    """What the overview page says of one scope, as text, and every figure behind it."""

    edition: int
    scope: str
    title: str
    lang: str
    archive: bool
    as_of: datetime
    made_at: datetime
    attribution: str
    truth: str = Field(description="The paragraph of truth.")
    sections: list[Section]
    figures: list[Figure]


class Channel(Schema):
    """A place where acts happen."""

    name: str
    title: str
    format: str
    attribution: str


class Channels(Schema):
    """The channels that this token is for."""

    channels: list[Channel]


class Me(Schema):
    """The token that asks."""

    name: str
    scopes: list[str] = Field(description="What it was made for.")
    allowed: list[str] = Field(description="What of that its owner’s role allows today.")
    role: str
    channel: str | None = Field(description="The only channel that it is for; null: all.")
