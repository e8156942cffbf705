"""Spaces as they are sent and told."""

from datetime import date, datetime

from ninja import Field, Schema

from estime.rest.endpoints.cocreation.shapes.base import TEXT, Person, Sent


class SpaceSent(Sent):
    """What is said of a space."""

    title: str = Field(min_length=1, max_length=120, pattern=TEXT)
    about: str = Field("", max_length=4_000, pattern=TEXT)
    language: str = Field("", max_length=12, pattern=TEXT)
    public: bool = Field(description="Whether everybody may read, or whoever takes part: no default, decide.")
    fictional: bool = False
    attribution: str = Field("", max_length=4_000, pattern=TEXT)
    threshold: int = Field(
        0, ge=0, le=1_000_000, description="How many people make a question owed an answer; 0: as set up."
    )


class SpaceMade(SpaceSent):
    """A new space."""

    slug: str = Field("", max_length=64, pattern=TEXT, description="Its address; empty: made from its title.")


class Space(Schema):
    """A place of one community."""

    slug: str
    title: str
    about: str = Field(description="Markdown.")
    language: str
    public: bool
    fictional: bool = Field(description="An invented brand, to show how things go.")
    attribution: str
    threshold: int
    created: datetime
    running: int | None = Field(None, description="How many challenges run; in the list of spaces only.")


class Spaces(Schema):
    spaces: list[Space]


class Kept(Schema):
    """What was owed by a date."""

    on_time: int
    late: int
    overdue: int
    waiting: int


class Honoured(Schema):
    """Binding votes that decided something."""

    honoured: int
    set_aside: int
    not_done: int
    waiting: int


class Power(Schema):
    """Power handed over: figures of the brand, never of a member."""

    opened: int = Field(description="Challenges that opened.")
    binding: int = Field(description="Of these, where members choose or decide.")
    by_members: int
    votes: Honoured
    hidden: int = Field(description="Pieces of criticism that are hidden now.")
    hidden_ever: int
    questions: Kept
    contributions: Kept


class Quarter(Schema):
    """What people said of the answers of a quarter; null where too few said something."""

    begins: date
    people: int | None
    yes: int | None
    part: int | None
    no: int | None


class Quarters(Schema):
    quarters: list[Quarter]


class Event(Schema):
    """One thing that happened."""

    id: int
    kind: str
    at: datetime
    by: Person | None = Field(description="Null for what came about by itself.")
    words: str = Field(description="The same as a sentence, in the language asked for.")
    title: str = Field(description="Of what it happened to.")
    contribution: int | None
    question: int | None
    challenge: int | None
    data: dict[str, object] = Field(description="Numbers that belong to it.")


class Events(Schema):
    """The newest events."""

    events: list[Event]


class Newcomer(Schema):
    """Somebody’s first words that nobody has answered yet."""

    who: Person
    contribution: int | None
    comment: int | None


class Newcomers(Schema):
    newcomers: list[Newcomer]
