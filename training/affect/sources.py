"""The texts that the affect reader learns from: public data sets in `shared/data/affect`, and what was
written by hand beside this file.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from estime.listening.affect.lexicon import EMOTIONS

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("ESTIME_SHARED", HERE.parents[2] / "shared")) / "data" / "affect"
POLARITIES = ("negative", "neutral", "positive")
TWEETS = {"fr": "french", "en": "english"}
UNKNOWN = -1

# GoEmotions' 28 in Plutchik's 8 (own mapping; the authors' is Ekman's 6) and in three polarities.
IN_EIGHT = {
    "anger": "anger annoyance disapproval",
    "anticipation": "desire optimism excitement curiosity",
    "disgust": "disgust",
    "fear": "fear nervousness",
    "joy": "joy amusement excitement gratitude love pride relief",
    "sadness": "sadness grief disappointment remorse embarrassment",
    "surprise": "surprise realization confusion",
    "trust": "admiration approval caring gratitude love",
}
PLEASANT = set(
    "admiration amusement approval caring desire excitement gratitude joy love optimism pride relief".split()
)
UNPLEASANT = set(
    "anger annoyance disappointment disapproval disgust embarrassment fear grief nervousness remorse sadness".split()
)
_XED = ("anger", "anticipation", "disgust", "fear", "joy", "sadness", "surprise", "trust")


@dataclass(frozen=True)
class Labelled:
    """Texts with a polarity each (`UNKNOWN` where nobody said) and a row of eight emotions (0, 1, or
    `UNKNOWN`).
    """

    texts: list[str]
    polarity: NDArray[np.int64]
    emotions: NDArray[np.int64]


def _lines(path: Path) -> list[str]:
    return [line.rstrip("\r") for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def tweets(language: str, part: str) -> Labelled:
    """Tweets of `train` or `val`; the quotes that an export doubled are single again."""
    folder = SHARED / "tweets" / TWEETS[language]
    texts = [line.replace('\\""', '"').replace('""', '"') for line in _lines(folder / f"{part}_text.txt")]
    labels = np.array([int(line) for line in _lines(folder / f"{part}_labels.txt")])
    if len(texts) != len(labels):
        raise ValueError(f"{folder}: {len(texts)} texts, {len(labels)} labels")
    emotions = np.full((len(texts), 8), UNKNOWN)
    return Labelled(texts, labels, emotions)


def reddit() -> Labelled:
    """GoEmotions. Where both pleasant and unpleasant emotions were told, the polarity is unknown."""
    names = (SHARED / "goemotions_labels.txt").read_text(encoding="utf-8").split()
    eight = np.array([[name in IN_EIGHT[emotion].split() for emotion in EMOTIONS] for name in names])
    good, bad = (np.array([name in kind for name in names]) for kind in (PLEASANT, UNPLEASANT))
    texts, told = [], []
    for line in _lines(SHARED / "goemotions_train.tsv"):
        text, numbers, _ = line.split("\t")
        texts.append(text.replace("[NAME]", "@user").replace("[RELIGION]", "religion"))
        told.append(np.isin(np.arange(len(names)), [int(number) for number in numbers.split(",")]))
    found = np.array(told)
    pleasant, unpleasant = (found & good).any(1), (found & bad).any(1)
    polarity = np.select([pleasant & unpleasant, pleasant, unpleasant], [UNKNOWN, 2, 0], 1)
    return Labelled(texts, polarity, (found.astype(int) @ eight.astype(int) > 0).astype(np.int64))


def subtitles(language: str) -> Labelled:
    """XED. Every line has an emotion; a polarity follows where all that were told agree."""
    texts, told = [], []
    for line in _lines(SHARED / f"xed_{language}.tsv"):
        text, _, numbers = line.partition("\t")
        if numbers:
            named = {_XED[int(number) - 1] for number in numbers.split(",")}
            texts.append(text)
            told.append([emotion in named for emotion in EMOTIONS])
    found = np.array(told, dtype=np.int64)
    of = {emotion: found[:, number] > 0 for number, emotion in enumerate(EMOTIONS)}
    pleasant = of["joy"] | of["trust"]
    unpleasant = of["anger"] | of["disgust"] | of["fear"] | of["sadness"]
    polarity = np.select([pleasant & ~unpleasant, unpleasant & ~pleasant], [2, 0], UNKNOWN)
    return Labelled(texts, polarity, found)


def sentences(language: str) -> Labelled:
    """Sentences written by hand for this reader. No emotion beside a feeling means that nobody judged it."""
    return _by_hand(HERE / f"sentences.{language}.tsv")


def plain(language: str) -> Labelled:
    """Statements that tell no feeling by words: most are neutral, the others complaints and praise by facts alone."""
    return _by_hand(HERE / f"plain.{language}.tsv")


def _by_hand(path: Path) -> Labelled:
    texts, polarity, emotions = [], [], []
    for text, kind, *named in fields(path):
        told = set(named[0].split(",")) if named else set()
        texts.append(text)
        polarity.append(POLARITIES.index(kind))
        judged = kind == "neutral" or bool(told & set(EMOTIONS))
        emotions.append([int(emotion in told) if judged else UNKNOWN for emotion in EMOTIONS])
    return Labelled(texts, np.array(polarity), np.array(emotions))


def pairs(language: str) -> Labelled:
    """Sentences written in pairs, one with a negation and one without; both of a pair stand beside each other."""
    texts, polarity = [], []
    for text, kind, other, other_kind in fields(HERE / f"pairs.{language}.tsv"):
        texts += [text, other]
        polarity += [POLARITIES.index(kind), POLARITIES.index(other_kind)]
    return Labelled(texts, np.array(polarity), np.full((len(texts), 8), UNKNOWN))


def fields(path: Path) -> Iterator[list[str]]:
    """Rows of a hand-written table; a line that begins with "# " is a remark."""
    for line in _lines(path):
        if not line.startswith("# "):
            yield [value.strip() for value in line.split("\t")]
