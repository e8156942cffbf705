"""Questions to the brand, decisions, promises, outcomes as they are sent and told."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from estime.rest.endpoints.cocreation.shapes.base import (
    TEXT,
    HiddenWhy,
    Person,
    Picture,
    Sent,
    Speaker,
    Titled,
)
from estime.rest.endpoints.cocreation.shapes.contributions import State

Says = Literal["yes", "part", "no"]
OutcomeName = Literal["taken", "together", "later", "not_taken"]
_KEY = (1 << 63) - 1


class QuestionSent(Sent):
    """What is asked of the brand."""

    title: str = Field(min_length=1, max_length=200, pattern=TEXT)
    body: str = Field("", max_length=10_000, pattern=TEXT)
    lang: str = Field("", max_length=12, pattern=TEXT)


class QuestionLight(Schema):
    """A question in a list."""

    id: int
    space: str | None = Field(description="Its address; null in a list.")
    challenge: int | None
    state: State
    title: str | None
    by: Person
    at: datetime
    joined: int = Field(description="How many people ask it.")
    threshold: int = Field(description="How many make it one that is owed an answer.")
    comments: int
    reached: datetime | None
    due: datetime | None = Field(description="By when an answer is owed.")
    answered: datetime | None
    late: bool


class Questions(Schema):
    """A page of questions."""

    questions: list[QuestionLight]
    next: str | None


class Answer(Schema):
    """An answer by a named person."""

    number: int
    by: Speaker
    body: str
    at: datetime


class PledgeSent(Sent):
    """What is promised, and by when."""

    what: str = Field(min_length=1, max_length=2_000, pattern=TEXT)
    due: datetime


class Pledge(Schema):
    """A promise. Nobody says that it is late: it is, once its day has passed and it is not kept."""

    id: int
    contribution: int | None
    challenge: int | None
    question: int | None
    what: str
    due: datetime
    by: Speaker
    at: datetime
    state: Literal["open", "kept", "waived", "replaced"]
    late: bool = Field(description="Past its day, or kept after it: that stays.")
    kept: datetime | None
    kept_words: str | None
    waived: datetime | None
    waived_reason: str | None
    replaces: int | None = Field(description="The promise whose place it took, with another day.")
    replaced_by: int | None


class Pledges(Schema):
    pledges: list[Pledge]


class KeptSent(Sent):
    """How a promise was kept."""

    words: str = Field("", max_length=2_000, pattern=TEXT)


class Question(QuestionLight):
    """A question with its answers and what is promised about it."""

    hidden: HiddenWhy | None
    body: str | None
    mentions: dict[str, str]
    answers: list[Answer]
    pledges: list[Pledge]
    asks: bool | None = Field(description="Whether whoever asks here asks it too; null for a stranger.")
    follows: bool | None
    says: Literal["", "yes", "part", "no"] | None = Field(
        description="What they said of the answer; null for a stranger."
    )


class AnswerSent(Sent):
    """An answer."""

    body: str = Field(min_length=1, max_length=20_000, pattern=TEXT)


class SaysSent(Sent):
    """Whether it takes what one said into account."""

    says: Says


class Considered(Schema):
    """What one said of an answer."""

    says: Says


class DecisionSent(Sent):
    """What is decided about a contribution, why, and what of it lives on."""

    outcome: OutcomeName
    reason: str = Field(min_length=1, max_length=10_000, pattern=TEXT)
    lives_on: str = Field(min_length=1, max_length=10_000, pattern=TEXT)
    again: date | None = Field(None, description="With `later`: on which day it is looked at again.")
    seen: int | None = Field(
        None,
        ge=0,
        le=1_000_000,
        description="The number of the newest decision that one has read; 0: there was none.",
    )
    promise: PledgeSent | None = Field(None, description="What is promised with it: both stand, or neither.")


class Decision(Schema):
    """The brand’s answer to a contribution."""

    id: int
    contribution: Titled
    number: int
    outcome: OutcomeName
    reason: str
    lives_on: str
    again: date | None
    into: int | None = Field(description="The contribution that it was brought together into.")
    by: Speaker
    at: datetime


class Decisions(Schema):
    """The newest decision of each contribution, newest first."""

    decisions: list[Decision]
    next: str | None


class OutcomeLight(Schema):
    """Something that was made."""

    id: int
    title: str
    made: date


class Outcomes(Schema):
    outcomes: list[OutcomeLight]


class Answers(Schema):
    """What became of a contribution."""

    decisions: list[Decision]
    pledges: list[Pledge]
    outcomes: list[OutcomeLight]


class SourceSent(Sent):
    """Something that it came from: a contribution, or a comment whose improvement was adopted."""

    relation: Literal["taken", "part", "together", "built_on", "adopted"] = Field(
        "taken",
        description="`taken` of what was not taken up is told as `part`: a part of it lives on.",
    )
    contribution: int = Field(0, ge=0, le=_KEY)
    comment: int = Field(0, ge=0, le=_KEY)


class OptionWon(Sent):
    """What members voted for, where no contribution stands behind it."""

    poll: int
    number: int


class OutcomeSent(Sent):
    """What was made, and what it came from."""

    title: str = Field(min_length=1, max_length=160, pattern=TEXT)
    body: str = Field("", max_length=20_000, pattern=TEXT)
    made: date
    pictures: list[UUID] = Field([], max_length=20)
    sources: list[SourceSent] = Field([], max_length=5_000)
    options: list[OptionWon] = Field(
        [],
        max_length=100,
        description="What members voted for that is in it, where nobody wrote it as an idea.",
    )


class Source(Schema):
    """Something that it came from, and whose it was."""

    relation: str
    contribution: Titled | None
    comment: int | None
    by: Person


class Sources(Schema):
    sources: list[Source]


class OptionMade(Schema):
    """Something that members voted for and nobody wrote as a contribution."""

    poll: int
    number: int
    title: str


class OutcomeTold(OutcomeLight):
    """What was made, with everything that it came from."""

    challenge: int
    body: str
    by: Speaker
    at: datetime
    pictures: list[Picture]
    sources: list[Source]
    options: list[OptionMade] = Field(description="What members voted for that is in it.")
