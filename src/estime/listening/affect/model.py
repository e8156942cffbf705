"""What training leaves in `model.npz`, and how it is read: sums of weights, and nothing else.

One table for telling languages, one for each language that is read. A table holds a weight of one byte for
each bucket and
outcome; its scale brings them back. `lexicon.json` stands in the same file.
"""

import io
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from estime.listening.affect.features import Counted, Floats
from estime.listening.affect.lexicon import Lexicon, assembled

LANGUAGES: Final = ("fr", "en", "other")
READ: Final = ("fr", "en")
MOST_WORDS: Final = 120  # words and pairs, and pieces of words, in a post of 280 characters
MOST_PIECES: Final = 1_200


@dataclass(frozen=True)
class Table:
    """Weights of hashed features: (2**BITS, outcomes), and the square of each bucket's weight in the length
    of a text.
    """

    words: Floats
    pieces: Floats
    words_length: Floats
    pieces_length: Floats

    def scores(self, found: Counted) -> Floats:
        """One row for each text: the weights of what occurs in it, its length taken out."""
        return _part(found.words, self.words, self.words_length, MOST_WORDS) + _part(
            found.pieces, self.pieces, self.pieces_length, MOST_PIECES
        )


def _part(counts: csr_matrix, weights: Floats, length: Floats, most: int) -> Floats:
    """A text of more than `most` n-grams is no surer than one of that many: nothing so long was learnt from."""
    longer = np.maximum(np.diff(counts.indptr) / most, 1)
    norm = np.sqrt(np.maximum(counts @ length, 1e-9) * longer).astype(np.float32)
    scores: Floats = (counts @ weights) / norm[:, None]
    return scores


@dataclass(frozen=True)
class Reader:
    """One language: its words, and how they are weighed.

    Outcomes: the polarities of posts (news, public debate), those of everyday talk, which of the two a text
    is, the emotions.
    """

    lexicon: Lexicon
    table: Table
    signs: Floats  # (signs, outcomes)
    bias: Floats
    heat: Floats  # by which the scores of posts and of talk are divided
    emotion_slope: Floats
    emotion_shift: Floats
    emotion_told: Floats  # from which probability on an emotion is told

    def read(self, found: Counted, signs: Floats) -> tuple[Floats, Floats]:
        """Probabilities of the polarities, which add up to one, and of each emotion on its own."""
        scores = self.table.scores(found) + signs @ self.signs + self.bias
        return mixed(scores, self.heat), expit(scores[:, 7:] * self.emotion_slope + self.emotion_shift)


@dataclass(frozen=True)
class Model:
    """All that is read from `model.npz`."""

    language: Table
    language_known: Floats  # (2**BITS, outcomes): is a bucket a frequent word of the language?
    language_shares: Floats  # (outcomes, outcomes): what the share of such words speaks for
    language_bias: Floats
    readers: dict[str, Reader]
    made_from: dict[str, Any]


def mixed(scores: NDArray[Any], heat: NDArray[Any]) -> Floats:
    """Polarities by both readings, each as far as the text is of its kind."""
    posted = expit(scores[:, 6:7])
    return posted * softmax(scores[:, :3] / heat[0]) + (1 - posted) * softmax(scores[:, 3:6] / heat[1])


def known_shares(single: csr_matrix, known: NDArray[Any]) -> Floats:
    """Which part of the words of each text is frequent in each language."""
    count = np.maximum(np.diff(single.indptr), 1)
    shares: Floats = (single @ known) / count[:, None]
    return shares


def softmax(scores: NDArray[Any]) -> Floats:
    """Shares of one, row by row."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares


def expit(scores: NDArray[Any]) -> Floats:
    """Scores as probabilities."""
    probabilities: Floats = (1 / (1 + np.exp(-np.clip(scores, -30, 30)))).astype(np.float32)
    return probabilities


@cache
def model() -> Model:
    """The model that came with Estime; read once in a process."""
    return loaded(files("estime.listening.affect").joinpath("model.npz").read_bytes())


def loaded(written: bytes) -> Model:
    """A model as training wrote it."""
    with np.load(io.BytesIO(written), allow_pickle=False) as found:
        parts = {name: found[name] for name in found.files}
    told = json.loads(parts["about"].tobytes())
    readers = {language: _reader(parts, told["lexicons"][language], language) for language in READ}
    return Model(
        _table(parts, "language"),
        parts["language.known"].astype(np.float32),
        parts["language.shares"],
        parts["language.bias"],
        readers,
        told["made_from"],
    )


def _table(parts: dict[str, NDArray[Any]], name: str) -> Table:
    def weights(kind: str) -> Floats:
        found: Floats = parts[f"{name}.{kind}"].astype(np.float32) * parts[f"{name}.{kind}.scale"]
        return found

    words, pieces = weights("words"), weights("pieces")
    lengths = [parts.get(f"{name}.{kind}.length") for kind in ("words", "pieces")]
    filled = [np.ones(len(words), np.float32) if one is None else one.astype(np.float32) for one in lengths]
    return Table(words, pieces, filled[0], filled[1])


def _reader(parts: dict[str, NDArray[Any]], written: dict[str, Any], name: str) -> Reader:
    entries = ((key, role, weight, tuple(emotions)) for key, role, weight, emotions in written["entries"])
    numbers = [parts[f"{name}.{kind}"] for kind in ("signs", "bias")]
    calibrated = [parts[f"{name}.emotion.{kind}"] for kind in ("slope", "shift", "told")]
    heat = parts[f"{name}.heat"]
    lexicon = assembled(entries, written["groups"])
    return Reader(
        lexicon,
        _table(parts, name),
        numbers[0],
        numbers[1],
        heat,
        calibrated[0],
        calibrated[1],
        calibrated[2],
    )
