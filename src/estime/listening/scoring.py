"""What is read in a text, as small whole numbers: the row that is kept of it, without the text. No Django.

`InstalledReader` reads as this version of Estime does. Two readers of the same `version` read the same in every text,
so rows of another version are read anew (`actions/listen.py`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from estime.listening.affect.features import counted, prepared, recounted, signed
from estime.listening.affect.model import READ, model
from estime.listening.affect.reading import CLEAR, Readings, read_arrays
from estime.listening.near import near_keys
from estime.listening.targets.attributing import Attribution, Place, decided
from estime.listening.targets.finding import Ref
from estime.listening.targets.listed import NOTHING, OURS, Targets
from estime.listening.version import version_of

LANGS: Final = ("other", "fr", "en", "und")
"""By number; `und` is too short to tell."""
WHOLE: Final = 1000
"""Shares are told in thousandths."""
NOT_TOWARD: Final = -32_768
"""Stands for a text that says nothing of the brand or its products."""

_NEUTRAL: Final = 1


class Scores(NamedTuple):
    """Readings of some texts, a row for each, in their order."""

    lang: NDArray[np.int16]
    shares: NDArray[np.int16]
    """(n, 3): negative, neutral, positive; they add up to `WHOLE`."""
    emotions: NDArray[np.uint8]
    """(n, 8): the probability of each emotion, in 255ths."""
    felt: NDArray[np.int16]
    """Which emotions are likely enough to be told: bit i stands for the i-th."""
    unclear: NDArray[np.bool_]
    target: NDArray[np.int16]
    target_id: NDArray[np.int64]
    """Which of those listed: its `identity` (targets/listed.py), 0 for none."""
    toward: NDArray[np.int16]
    """Positive minus negative, in thousandths, of what is said of the brand or its products; else `NOT_TOWARD`."""
    near: NDArray[np.int64]
    """The near-duplicate key (near.py), as databases keep 64 bits: signed."""


class Reader(Protocol):
    """Reads texts. It goes to other processes, so it can be pickled."""

    @property
    def version(self) -> str:
        """Another one, and every text is read again."""
        ...

    def scores(self, texts: Sequence[str], places: Sequence[Place] = ()) -> Scores:
        """What each text says; `places` tells where each stands, or nothing of any."""
        ...


@dataclass(frozen=True)
class InstalledReader:
    """Reads affect by the model that came with Estime, and whom texts are about by what the installation lists."""

    targets: Targets = NOTHING

    @property
    def version(self) -> str:
        """Of the model, of the rules and of the targets (version.py)."""
        return version_of(self.targets.digest)

    def scores(self, texts: Sequence[str], places: Sequence[Place] = ()) -> Scores:
        """What each text says."""
        read = read_arrays(texts)
        about = directed(texts, places, read, self.targets)
        return as_scores(read, near_keys(texts), about, self.targets.identities)


class Directed(NamedTuple):
    """Whom each text is about, and what it feels for the brand or its products: NaN if nothing, or unclear."""

    refs: list[Ref]
    toward: NDArray[np.float64]


def directed(texts: Sequence[str], places: Sequence[Place], read: Readings, targets: Targets) -> Directed:
    """Whom texts are about. Of those with several subjects each part is read by itself, all of them at once."""
    attribution, nowhere = _attribution(targets), Place()
    weighs = {lang: _weigh(lang if lang in READ else READ[-1]) for lang in LANGS}
    lang = read.lang.tolist()
    told = [
        attribution.told(text, places[row] if places else nowhere, weighs[lang[row]])
        for row, text in enumerate(texts)
    ]
    refs = [one.ref for one in told]
    toward = np.where(read.unclear, np.nan, valences(read))
    unnamed = np.array([not one.named for one in told], np.bool_)
    toward[unnamed & (read.polarity.argmax(axis=1) == _NEUTRAL)] = np.nan
    apart = [(row, one.parts) for row, one in enumerate(told) if one.parts]
    if apart:
        parts = [(part.text, lang[row]) for row, several in apart for part in several]
        felt, clear = _read_parts([text for text, _ in parts], [language for _, language in parts])
        at = 0
        for row, several in apart:
            chosen = at + decided(
                several, felt[at : (end := at + len(several))].tolist(), clear[at:end].tolist()
            )
            refs[row] = several[chosen - at].ref
            toward[row] = felt[chosen] if clear[chosen] else np.nan
            at = end
    toward[[ref.kind not in OURS for ref in refs]] = np.nan
    return Directed(refs, toward)


def _read_parts(texts: list[str], lang: list[str]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """What parts of texts feel, and whether that is clear: each read in its text's language, too short to tell."""
    felt, clear = np.zeros(len(texts)), np.zeros(len(texts), np.bool_)
    known = model()
    for language in dict.fromkeys(lang):
        at = [row for row, told in enumerate(lang) if told == language]
        some = [texts[row] for row in at]
        if language not in READ:
            read = read_arrays(some)
            felt[at], clear[at] = valences(read), ~read.unclear
            continue
        ready = prepared(some)
        signs, turned = signed(known.readers[language].lexicon, ready, range(len(at)))
        shares, _ = known.readers[language].read(recounted(counted(ready.words), turned), signs)
        felt[at], clear[at] = shares[:, 2] - shares[:, 0], shares.max(axis=1) >= CLEAR
    return felt, clear


def valences(read: Readings) -> NDArray[np.float64]:
    """Positive minus negative, from -1 to 1."""
    shares = np.asarray(read.polarity, np.float64)
    return shares[:, 2] - shares[:, 0]


_ATTRIBUTIONS: Final[dict[str, Attribution]] = {}


def _attribution(targets: Targets) -> Attribution:
    """What attributes texts to these targets: made once in a process."""
    known = _ATTRIBUTIONS.get(targets.digest)
    if known is None:
        _ATTRIBUTIONS.clear()
        known = _ATTRIBUTIONS[targets.digest] = Attribution(targets)
    return known


def _weigh(lang: str) -> Callable[[str], float]:
    look = model().readers[lang].lexicon.look
    return lambda word: look(word).weight


def as_scores(read: Readings, keys: NDArray[np.uint64], about: Directed, identities: Sequence[int]) -> Scores:
    """Readings as they are kept. `identities`: what is kept for each target's number."""
    numbers = {name: number for number, name in enumerate(LANGS)}
    count = len(read.lang)
    bits = (1 << np.arange(read.told.shape[1])).astype(np.int16)
    shares = thousandths(read.polarity)
    toward = np.where(np.isnan(about.toward), NOT_TOWARD, np.rint(about.toward * WHOLE))
    return Scores(
        lang=np.fromiter((numbers[str(name)] for name in read.lang), np.int16, count),
        shares=shares,
        emotions=np.rint(read.emotions * 255).astype(np.uint8),
        felt=(read.told * bits).sum(axis=1).astype(np.int16),
        unclear=np.asarray(read.unclear, np.bool_),
        target=np.fromiter((ref.kind for ref in about.refs), np.int16, count),
        target_id=np.fromiter((identities[ref.number] for ref in about.refs), np.int64, count),
        toward=toward.astype(np.int16),
        near=keys.view(np.int64),
    )


def thousandths(shares: NDArray[Any]) -> NDArray[np.int16]:
    """Rounded, and still adding up: the largest share takes what rounding left."""
    told = np.rint(np.asarray(shares, np.float64) * WHOLE).astype(np.int16)
    if len(told):
        told[np.arange(len(told)), told.argmax(axis=1)] += WHOLE - told.sum(axis=1, dtype=np.int16)
    return told


def joined(parts: Sequence[Scores]) -> Scores:
    """Readings of one lot of texts after another."""
    return Scores(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
