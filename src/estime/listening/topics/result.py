"""What topics are told as. Nothing here holds a name or a whole text: quotes point at acts, and are short."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

NO_TEXT: Final = "no-text"
NO_WORDS: Final = "no-words"
ONE_PERSON: Final = "one-person"
TOO_FEW: Final = "too-few"
NOTHING_SHARED: Final = "nothing-shared"
FOUND: Final = "found"

OUTCOMES: Final = {
    FOUND: "Topics were found.",
    NO_TEXT: "There is no text to read.",
    NO_WORDS: "There are texts, but no words that say what they are about.",
    ONE_PERSON: "One person wrote all of it: a topic is what several people share.",
    TOO_FEW: "There are too few different texts to tell topics apart.",
    NOTHING_SHARED: "No idea is shared by enough people to be called a topic.",
}


@dataclass(frozen=True)
class Texts:
    """Texts in columns of one length; only `text` is needed.

    `seq`: what quotes point at. `person`: who wrote it (any number; each text has its own writer where it is
    left out). `now`: of the window that is asked about, False for the window before it. `newcomer`: its
    writer was new in that window. `brand`: written on behalf of the brand. `valence`: in [−1, 1], NaN where
    unclear; `negative`: sounds negative rather than anything else, asked only where `valence` is known. `lang`:
    `fr`, `en`, `other`, or None. `names`: words that are names of people, in small letters: they name no topic
    where they are written as names are.
    """

    text: list[str]
    seq: npt.NDArray[np.int64] | None = None
    person: npt.NDArray[np.int64] | None = None
    now: npt.NDArray[np.bool_] | None = None
    newcomer: npt.NDArray[np.bool_] | None = None
    brand: npt.NDArray[np.bool_] | None = None
    valence: npt.NDArray[np.float64] | None = None
    negative: npt.NDArray[np.bool_] | None = None
    lang: list[str | None] | None = None
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TopicsAsked:
    """What of a ledger is listened to. `words` as one types them into the search; `since`: where *now*
    begins, a moment, or so long before the newest text; before it, as long a time is what *now* is compared
    with."""

    words: str = ""
    channel: str = ""
    since: datetime | timedelta = timedelta(days=90)
    until: datetime | None = None


@dataclass(frozen=True)
class Options:
    """How topics are looked for. `topics`: how many at most, chosen by stability where it is left out.
    `fewest_people`: a topic of fewer is none.

    `sensitive`: also show topics that reveal health, faith, politics, unions, sex life or origin. `seed` only
    breaks ties of starts.
    """

    topics: int | None = None
    fewest_people: int = 3
    quotes: int = 3
    labels: int = 3
    sensitive: bool = False
    seed: int = 0


@dataclass(frozen=True)
class Quote:
    """What one person wrote, short. `near`: how many texts say nearly the same, this one with them."""

    seq: int
    text: str
    near: int


@dataclass(frozen=True)
class Trend:
    """People of the topic among all who wrote, now against before: a ratio with its 95 % interval.
    `direction`: more, less, same, new or gone."""

    before_people: int
    before_texts: int
    ratio: float | None
    low: float | None
    high: float | None
    direction: str


@dataclass(frozen=True)
class Topic:
    """One topic in the window. Counts are of the window; `people` = `newcomers` + `regulars` + `brand_people`.

    `id` stays the topic's own as texts arrive; `terms`: its most telling words and phrases, as people wrote them.
    """

    id: int
    label: str
    terms: tuple[str, ...]
    texts: int
    people: int
    newcomers: int | None
    regulars: int | None
    brand_people: int
    brand_texts: int
    valence: float | None
    trend: Trend | None
    quotes: tuple[Quote, ...]
    sensitive: str = ""


@dataclass(frozen=True)
class Carried:
    """Topics as they were, to be known again when texts arrive: each one's id, label and the weights of its
    terms. No text, no person."""

    next_id: int = 1
    ids: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    centres: tuple[dict[str, float], ...] = ()


@dataclass(frozen=True)
class Found:
    """Topics, the most people first; what has no topic is told too.

    `member`: for each text given its topic's id, 0 for none. `left_out`: topics that reveal something
    sensitive and are not shown, by category. `coverage`: share of the window's texts that have a topic, shown
    or left out. `stability`: how far two halves of the texts agree on the topics (adjusted Rand index), None
    where there were too few texts to ask.
    """

    outcome: str
    topics: tuple[Topic, ...] = ()
    texts: int = 0
    people: int = 0
    before_texts: int = 0
    before_people: int = 0
    groups: int = 0
    coverage: float = 0.0
    stability: float | None = None
    left_out: dict[str, int] = field(default_factory=dict)
    member: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    carried: Carried = field(default_factory=Carried)

    @property
    def said(self) -> str:
        """The outcome in a sentence."""
        return OUTCOMES[self.outcome]


def numbered(names: Iterable[str]) -> npt.NDArray[np.int64]:
    """People told by names, as numbers. Rows without a name have a writer each: nobody knows that they are one.

    >>> numbered(["ann", "bob", "ann", "", ""]).tolist()
    [0, 1, 0, 2, 3]
    """
    known: dict[str, int] = {}
    return np.array(
        [known.setdefault(name or f"\x00{at}", len(known)) for at, name in enumerate(names)], dtype=np.int64
    )
