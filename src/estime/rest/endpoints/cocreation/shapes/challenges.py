"""Challenges as they are sent and told: brief, calendar, deal, backstage."""

from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from estime.rest.endpoints.cocreation.shapes.base import TEXT, HiddenWhy, Person, Sent, Speaker

Power = Literal["listen", "answer", "choose", "decide"]
PhaseKind = Literal["propose", "build", "vote", "decide", "made"]
Kind = Literal["idea", "tip", "story", "creation"]
_LONG = 6_000


class ChallengeSent(Sent):
    """What a draft says. Before it opens, all of it has to be there."""

    title: str = Field(min_length=1, max_length=160, pattern=TEXT)
    power: Literal["", "listen", "answer", "choose", "decide"] = Field(
        "", description="Your say here; empty for a member’s own challenge, which has what the brand granted."
    )
    problem: str = Field("", max_length=_LONG, pattern=TEXT)
    known: str = Field("", max_length=_LONG, pattern=TEXT)
    decided: str = Field("", max_length=_LONG, pattern=TEXT, description="What is decided already.")
    off_table: str = Field("", max_length=_LONG, pattern=TEXT)
    decider: str = Field("", max_length=_LONG, pattern=TEXT, description="Who decides.")
    resources: str = Field("", max_length=_LONG, pattern=TEXT)
    answer_by: datetime | None = Field(None, description="By when members are answered.")
    kinds: list[Kind] = Field(
        ["idea", "tip", "story", "creation"], max_length=4, description="What can be given."
    )


class PhaseSent(Sent):
    """One phase of a calendar."""

    kind: PhaseKind
    starts: datetime
    ends: datetime


class CalendarSent(Sent):
    """The whole calendar of a draft. What is left out does not take place."""

    phases: list[PhaseSent] = Field(max_length=5)


class Longer(Sent):
    """A phase that ends later; what comes after it moves with it."""

    phase: PhaseKind
    until: datetime
    reason: str = Field(min_length=1, max_length=4_000, pattern=TEXT)


class OverrideSent(Sent):
    """What a director says who sets aside what members decided."""

    title: str = Field(min_length=1, max_length=150, pattern=TEXT, description="The director’s function.")
    reason: str = Field(min_length=1, max_length=4_000, pattern=TEXT)
    instead: str = Field(min_length=1, max_length=4_000, pattern=TEXT)


class Extension(Schema):
    """A phase was made longer."""

    was: datetime
    until: datetime
    reason: str
    by: Person
    at: datetime


class Phase(Schema):
    """One phase of the calendar."""

    kind: PhaseKind
    starts: datetime
    ends: datetime
    when: Literal["past", "now", "next"]
    extensions: list[Extension]


class Override(Schema):
    """What members decided is not done: by whom, why, and what is done instead."""

    by: Speaker
    title: str
    reason: str
    instead: str
    at: datetime


class ChallengeLight(Schema):
    """A challenge in a list."""

    id: int
    space: str | None = Field(description="Its address; null in a list of one space.")
    title: str
    power: Power
    by_brand: bool
    opened_by: Person
    opened: datetime | None
    cancelled: datetime | None
    phase: Literal["", "propose", "build", "vote", "decide", "made"] = Field(
        description="The current one; empty before, between and after."
    )
    answer_by: datetime | None
    contributions: int
    people: int
    overridden: bool


class Challenge(ChallengeLight):
    """A challenge with its brief and its calendar."""

    problem: str
    known: str
    decided: str
    off_table: str
    decider: str
    resources: str
    kinds: list[Kind]
    hidden: HiddenWhy | None = Field(
        description="Why it is hidden: its words are then told to its owner and to moderators alone."
    )
    cancel_reason: str | None
    phases: list[Phase]
    override: Override | None
    follows: bool | None = Field(description="Whether whoever asks follows it; null for a stranger.")
    leads: bool = Field(description="Whether whoever asks leads it.")


class Challenges(Schema):
    """A page of challenges, newest first."""

    challenges: list[ChallengeLight]
    next: str | None


class GadgetFinding(Schema):
    """Something that makes a challenge a gadget."""

    code: str
    step: str = Field(description="The page of the set-up where it can be mended.")
    words: str


class Checked(Schema):
    """What stands between a draft and its opening."""

    lacks: list[str] = Field(description="Names of what has to be there before it opens.")
    findings: list[GadgetFinding] = Field(description="What a member would ask about; stops nothing.")


class DealSent(Sent):
    """Who owns what, under which licence, and what happens then."""

    owns: str = Field(max_length=4_000, pattern=TEXT)
    licence: str = Field(max_length=4_000, pattern=TEXT)
    if_adopted: str = Field(max_length=4_000, pattern=TEXT)
    if_refused: str = Field(max_length=4_000, pattern=TEXT)
    if_withdrawn: str = Field(max_length=4_000, pattern=TEXT)
    if_altered: str = Field(max_length=4_000, pattern=TEXT)
    reason: str = Field("", max_length=4_000, pattern=TEXT, description="Of a change, once it is open.")


class Deal(Schema):
    """One version of the deal."""

    version: int
    owns: str
    licence: str
    if_adopted: str
    if_refused: str
    if_withdrawn: str
    if_altered: str
    reason: str | None
    at: datetime
    accepted: datetime | None = Field(description="When whoever asks agreed to this version.")


class Deals(Schema):
    """Every version of the deal, newest first. `version` of the first goes along with a contribution."""

    deals: list[Deal]


class BackstageSent(Sent):
    """Something that the brand gives first."""

    title: str = Field(min_length=1, max_length=160, pattern=TEXT)
    body: str = Field("", max_length=20_000, pattern=TEXT)


class File(Schema):
    """A file; its content is at `/files/{id}`."""

    id: str
    name: str
    media_type: str
    size: int


class Entry(Schema):
    """An entry of the backstage."""

    id: int
    title: str
    body: str
    by: Person
    at: datetime
    changed: datetime | None
    files: list[File]


class Backstage(Schema):
    """What the brand gave, newest first."""

    entries: list[Entry]
    mentions: dict[str, str]


class SimilarSent(Sent):
    """A title that is being written."""

    title: str = Field(max_length=160, pattern=TEXT)


class SimilarTitle(Schema):
    """A contribution with a title like it; score 1 is the same words."""

    id: int
    title: str
    score: float


class SimilarTitles(Schema):
    similar: list[SimilarTitle]
