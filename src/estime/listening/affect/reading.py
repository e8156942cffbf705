"""Reading what texts feel: `read` for a list of texts, `read_arrays` for very many.

A text is read in its language. A text in another one, or too short to tell, is read by its faces alone
(emoji and emoticons), if
it has any. What is likely enough is told; the rest is "unclear", which is an answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from estime.listening.affect.features import Floats, Prepared, counted, prepared, recounted, signed
from estime.listening.affect.language import languages
from estime.listening.affect.lexicon import EMOTIONS
from estime.listening.affect.model import READ, Model, Reader, expit, model

POLARITIES: Final = ("negative", "neutral", "positive")
CLEAR: Final = 0.5  # a polarity less likely than this is not told
BATCH: Final = 1_000
_EVENLY: Final = np.full(3, 1 / 3, dtype=np.float32)


@dataclass(frozen=True)
class Affect:
    """What one text feels. `lang`: fr, en, other, or und (too short to tell).

    `polarity` has the probabilities of negative, neutral and positive; they add up to one. `emotions` has
    those that are likely
    enough to be told, most likely first. `unclear`: no polarity is likelier than all others together.
    """

    lang: str
    polarity: dict[str, float]
    emotions: dict[str, float]
    unclear: bool

    def as_json(self) -> dict[str, Any]:
        """As `estime affect` writes it, one text a line."""
        return {
            "lang": self.lang,
            "polarity": self.polarity,
            "emotions": self.emotions,
            "unclear": self.unclear,
        }


@dataclass(frozen=True)
class Readings:
    """Many texts' readings as arrays, row by row: languages, (n, 3) polarities, (n, 8) emotions, which are
    told, unclear.
    """

    lang: NDArray[np.str_]
    polarity: Floats
    emotions: Floats
    told: NDArray[np.bool_]
    unclear: NDArray[np.bool_]

    def __iter__(self) -> Iterator[Affect]:
        for row in range(len(self.lang)):
            yield self._row(row)

    def _row(self, row: int) -> Affect:
        shares = _rounded(self.polarity[row])
        likely = [(float(self.emotions[row, i]), EMOTIONS[i]) for i in np.flatnonzero(self.told[row])]
        emotions = {name: round(share, 3) for share, name in sorted(likely, reverse=True)}
        return Affect(
            str(self.lang[row]), dict(zip(POLARITIES, shares, strict=True)), emotions, bool(self.unclear[row])
        )


def _rounded(shares: Floats) -> list[float]:
    """To a thousandth, and still adding up to one: the largest takes what rounding left."""
    thousandths = [round(1000 * float(share)) for share in shares]
    thousandths[int(np.argmax(shares))] += 1000 - sum(thousandths)
    return [count / 1000 for count in thousandths]


def read(texts: Sequence[str]) -> list[Affect]:
    """What each of some texts feels, in their order."""
    return list(read_arrays(texts))


def read_arrays(texts: Sequence[str]) -> Readings:
    """The same as arrays. Texts are read `BATCH` at a time; no text costs more than its first 2,000
    characters.
    """
    known = model()
    parts = [_read(known, texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
    if not parts:
        nothing = np.empty((0, len(EMOTIONS)), np.float32)
        return Readings(np.empty(0, "U5"), nothing[:, :3], nothing, nothing > 0, nothing[:, 0] > 0)
    return Readings(
        *(np.concatenate([getattr(part, kind) for part in parts]) for kind in Readings.__dataclass_fields__)
    )


def _read(known: Model, texts: Sequence[str]) -> Readings:
    ready = prepared(texts)
    found = counted(ready.words)
    lang = np.array(languages(known, ready, found), dtype="U5")
    polarity = np.tile(_EVENLY, (len(texts), 1))
    emotions = np.zeros((len(texts), len(EMOTIONS)), np.float32)
    told = np.zeros(emotions.shape, dtype=bool)
    for language in READ:
        at = np.flatnonzero(lang == language)
        if at.size:
            reader = known.readers[language]
            signs, turned = signed(reader.lexicon, ready, at.tolist())
            polarity[at], emotions[at] = reader.read(recounted(found[at], turned), signs)
            told[at] = emotions[at] >= reader.emotion_told
    for row in np.flatnonzero(~np.isin(lang, READ)):
        _read_faces(known.readers["en"], ready, int(row), polarity[row], emotions[row])
        told[row] = emotions[row] >= CLEAR
    return Readings(lang, polarity, emotions, told, polarity.max(axis=1) < CLEAR)


def _read_faces(reader: Reader, ready: Prepared, row: int, polarity: Floats, emotions: Floats) -> None:
    """Faces speak every language: their weights decide alone, and only if there are any. Own rule, not
    learnt.
    """
    net, count = 0.0, 0
    felt = np.zeros(len(EMOTIONS), np.float32)
    for token in ready.words[row]:
        word = reader.lexicon.look(token)
        if word.role == "face":
            net, count = net + word.weight, count + 1
            felt[list(word.emotions)] += abs(word.weight) or 1.0
    if not count:
        return
    lean = net / (count + 1)
    raised = np.exp(np.array([-lean, 0.3 if abs(lean) < 0.5 else -0.3, lean]))
    polarity[:] = raised / raised.sum()
    emotions[:] = np.where(felt > 0, expit(felt / (count + 1) - 0.5), 0.0)
