"""What the words of a text tell about coming back: plain signs in English and French, and what it is about."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from estime.engagement.measures.scoring import Numbers

LONGEST: Final = 2_000
"""Characters that are looked at: signs stand early, and nobody shall make a long text cost much."""

SIGNS: Final[Mapping[str, tuple[str, ...]]] = {
    "question": ("?", "？", "؟"),
    "thanks": (" thank", " thx ", " merci", " great ", " awesome ", " perfect ", " parfait", " génial"),
    "solved": (
        " solved",
        " works now",
        " it works",
        " worked ",
        " fixed ",
        " résolu",
        " réglé",
        " ça marche",
    ),
    "problem": (" error", " crash", " fail", " bug ", " issue", " problem", " erreur", " panne", " problème"),
    "advice": (
        *(f" you {verb} " for verb in ("can", "could", "need", "should", "may", "might", "have to")),
        *(" try ", " vous pouvez ", " vous devez ", " tu peux ", " tu dois ", " essaye", " il faut "),
    ),
    "asked_back": (
        *(" let us know ", " let me know ", " can you ", " could you ", " dites nous ", " dites moi "),
        *(" pouvez vous ", " pourriez vous ", " peux tu "),
    ),
    "intent": (
        *(" i will ", " i ll ", " we will ", " we plan ", " going to ", " working on ", " my project"),
        *(" je vais ", " nous allons ", " on va ", " mon projet", " je travaille sur "),
    ),
    "newcomer": (
        *(" new to ", " beginner", " newbie", " first time", " new user", " débutant"),
        *(" première fois", " je découvre "),
    ),
    "greeting": (" hi ", " hello ", " hey ", " dear ", " greetings ", " bonjour ", " bonsoir ", " salut "),
    "together": (" we ", " our ", " nous ", " notre ", " nos "),
    "making": (
        *("python", "script", "github", " commit", " code ", " build", " develop", "développ", " prototype"),
        *("plugin", "extension"),
    ),
    "link": ("http", " www "),
}
"""Own choice. What a sign weighs, and whether it helps at all, is learnt from each installation's own past."""

_BETWEEN: Final = re.compile(r"[^\w?？؟]+")


def wording(texts: Iterable[str | None]) -> dict[str, Numbers]:
    """Which plain signs does each text bear?

    Meaning: 1 where the sign stands in the text, else 0; `figures` for a number of three digits, `length` is ln(1 +
    characters) / 10. nan where there is no text. They say what a text looks like, not what its author feels, and are
    of use only in the mean over many.

    Parameters: `texts`, any iterable of texts or None. Returns a dict of arrays (n,), in the order of the texts.
    Only the first 2 000 characters are read. Deterministic, O(characters).

    Example
    -------
    >>> found = wording(["Bonjour, est-ce que ça marche ?", None])
    >>> found["greeting"].tolist(), found["question"].tolist(), found["link"].tolist()
    ([1.0, nan], [1.0, nan], [0.0, nan])

    Source: own definition.
    """
    rows = [_signs(text) for text in texts]
    names = (*SIGNS, "figures", "length")
    table = np.array(rows, dtype=np.float64).reshape(len(rows), len(names))
    return {name: table[:, place] for place, name in enumerate(names)}


def _signs(text: str | None) -> list[float]:
    if text is None or not text.strip():
        return [np.nan] * (len(SIGNS) + 2)
    plain = f" {_BETWEEN.sub(' ', text[:LONGEST].lower())} "
    found = [float(any(sign in plain for sign in signs)) for signs in SIGNS.values()]
    return [*found, float(re.search(r"\d{3}", plain) is not None), float(np.log1p(len(text)) / 10)]


@dataclass(frozen=True)
class Directions:
    """What the texts of this place are about, as a few directions in the space of their words."""

    words: Any
    turn: Any

    def place(self, texts: Sequence[str | None]) -> dict[str, Numbers]:
        """Where each text lies: `about_00` and so on, each (n,); nan where there is no text."""
        cut = [(text or "")[:LONGEST] for text in texts]
        told = self.turn.transform(self.words.transform(cut)) if cut else np.empty((0, 0))
        empty = np.array([not text.strip() for text in cut], dtype=bool)
        told[empty] = np.nan
        return {f"about_{place:02d}": told[:, place] for place in range(told.shape[1])}


def directions(texts: Sequence[str], count: int = 20) -> Directions | None:
    """What do people of this place write about?

    Meaning: latent semantic analysis, so that people who write about like things have like numbers. The directions
    have no names; nothing about whoever wrote is used, nor what became of them. In a validity report they are
    learnt from texts older than the first judged cut.

    Parameters: `texts`; `count`, how many directions. Returns None where there are too few words (a word counts that
    stands in at least 15 texts and in at most two fifths of them). Deterministic. Cost: some seconds for 50,000 texts.

    Source: S. Deerwester, S. T. Dumais, G. W. Furnas, T. K. Landauer and R. Harshman, "Indexing by latent semantic
    analysis", JASIS 41 (1990) 391–407.
    """
    words = TfidfVectorizer(
        min_df=15,
        max_df=0.4,
        sublinear_tf=True,
        max_features=20_000,
        strip_accents="unicode",
        dtype=np.float32,
    )
    try:
        told = words.fit_transform([text[:LONGEST] for text in texts])
    except ValueError:
        return None
    if min(told.shape) <= count:
        return None
    return Directions(words, TruncatedSVD(count, random_state=0).fit(told))
