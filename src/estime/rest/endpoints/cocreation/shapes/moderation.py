"""Reports, hidings, appeals as they are sent and told."""

from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from estime.rest.endpoints.cocreation.shapes.base import TEXT, Person, Sent

Kind = Literal["contribution", "comment", "question", "challenge", "picture"]
Reason = Literal["unlawful", "personal", "hateful", "advertising", "repeated", "elsewhere"]


class ThingSent(Sent):
    """What it is about."""

    kind: Kind
    id: str = Field(
        min_length=1, max_length=36, pattern=r"^[0-9a-f-]+$", description="Its number; a picture’s id."
    )


class ReportSent(ThingSent):
    """Something that should not stand here, and why."""

    reason: Literal["unlawful", "personal", "hateful", "advertising", "repeated", "elsewhere", "other"]
    words: str = Field("", max_length=2_000, pattern=TEXT, description="Needed with `other`.")


class Reported(Schema):
    """A report of one’s own."""

    id: int
    reason: str
    at: datetime
    settled: datetime | None
    kept: bool | None = Field(description="Whether what was reported stays.")


class HideSent(ThingSent):
    """What is hidden, and why: told in its place."""

    reason: Reason
    words: str = Field(min_length=1, max_length=1_000, pattern=TEXT)
    criticism: bool = Field(description="Whether it speaks against the brand: counted and shown.")


class Appeal(Schema):
    """An author asks to look again, and what was answered."""

    words: str
    at: datetime
    settled: datetime | None
    granted: bool | None
    answer: str | None


class Hiding(Schema):
    """Something that was hidden. What it said is told nowhere here."""

    id: int
    kind: Kind
    thing: str = Field(description="Its number.")
    reason: Reason
    words: str
    criticism: bool
    name: str
    at: datetime
    lifted: datetime | None
    lifted_reason: str | None
    appeal: Appeal | None = Field(description="For its authors and moderators alone.")


class HidingLight(Schema):
    """Something that was hidden in a space, for everybody."""

    reason: Reason
    criticism: bool
    at: datetime
    lifted: datetime | None


class Hidings(Schema):
    """A page of what was hidden, newest first, and how much it was."""

    hidings: list[HidingLight]
    ever: int
    now: int
    criticism: int
    appeals: int
    granted: int
    next: str | None


class QueueRow(Schema):
    """Something that was reported and not looked at yet."""

    kind: Kind
    thing: str
    space: str
    reports: int
    reason: str = Field(description="Of the first report.")
    at: datetime
    due: datetime


class Queue(Schema):
    """A page of them, the one that waits longest first."""

    things: list[QueueRow]
    next: str | None


class AppealRow(Schema):
    """An appeal without an answer."""

    hiding: int
    by: Person
    words: str
    at: datetime
    due: datetime


class Appeals(Schema):
    """A page of them, the one that waits longest first."""

    appeals: list[AppealRow]
    next: str | None


class AppealSent(Sent):
    """Why it should be shown again."""

    words: str = Field(min_length=1, max_length=4_000, pattern=TEXT)


class SettleAppeal(Sent):
    """What is answered to an appeal."""

    answer: str = Field(min_length=1, max_length=4_000, pattern=TEXT)
    granted: bool


class Settled(Schema):
    """How many reports were settled by that."""

    settled: int


class NoteSent(Sent):
    """What the other moderators are told of it."""

    note: str = Field("", max_length=1_000, pattern=TEXT)


class About(Schema):
    """Something, by its kind and number."""

    kind: Kind
    thing: str = Field(description="Its number.")


class Hint(Schema):
    """Something that a moderator may want to look at. The figures are of groups alone; null for texts."""

    id: int
    kind: str = Field(description="ring: accounts that support together; repeated: texts nearly the same.")
    space: str
    at: datetime
    things: list[About]
    people: list[Person]
    together: int | None = Field(description="Things each pair supported together, at least.")
    expected: float | None = Field(description="How many it would be by chance, at most.")
    chance: float | None = Field(description="How probable that many are by chance.")
    minutes: float | None = Field(description="Within so many minutes of each other.")
    false: int | None = Field(description="Shuffles of the same data in which any group was found.")
    shuffles: int | None = Field(description="How many there were.")
    days: int | None = Field(description="Days that were looked at.")
    seen: datetime | None
    seen_by: Person | None
    note: str | None


class Hints(Schema):
    """A page of them, newest first."""

    hints: list[Hint]
    next: str | None


class Deed(Schema):
    """What a moderator did."""

    id: int
    deed: str = Field(description="kept, hidden, shown_again, granted, refused or hint_seen.")
    by: Person
    space: str
    at: datetime
    about: About | None
    hiding: int | None
    hint: int | None


class Log(Schema):
    """A page of deeds, newest first."""

    deeds: list[Deed]
    next: str | None
