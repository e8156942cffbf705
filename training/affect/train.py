"""Makes `src/estime/listening/affect/model.npz`: `make affect`. The same data give the same bytes on the
same machine.

Reads `shared/data/affect` (see its README for the licences) and the hand-written files beside this one. No
network, no GPU;
some ten minutes on one processor.
"""

import hashlib
import json
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import sources
from fitting import SIGNS_WEIGHT, Counts, Head, Space, count, fit_each, joined, space, three
from numpy.typing import NDArray
from registers import Registers, Rows, fit_registers, together, worded
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold
from telling_languages import fit_languages
from threadpoolctl import threadpool_limits
from written import lexicon, lexicon_entries

from estime.listening.affect.lexicon import EMOTIONS, Lexicon
from estime.listening.affect.model import READ, expit

OUT = Path(__file__).resolve().parents[2] / "src" / "estime" / "listening" / "affect" / "model.npz"
TOLD_AT_LEAST = 0.25  # an emotion less likely than this is never told
# Plain statements told no language better, and draws that are others by chance read foreign texts worse.
TELL_LANGUAGE = ("tweets", "sentences", "pairs", "subtitles", "reddit")
PROGRAMS = ("fitting", "registers", "sources", "telling_languages", "train", "written")
READING = ("cleaning", "features", "lexicon", "ngrams", "signs")
_STAMP = (1980, 1, 1, 0, 0, 0)


@dataclass
class Material:
    """All texts of one language, counted."""

    language: str
    written: dict[str, Any]
    lexicon: Lexicon
    labelled: dict[str, sources.Labelled]
    counts: dict[str, Counts]
    space: Space

    def features(self, name: str) -> Any:
        return self.space.features(self.counts[name])


def material(language: str, parts: tuple[str, ...] = ("train",)) -> Material:
    """Read and count one language's texts. `parts` of the tweets: measuring leaves `val` out."""
    entries = lexicon_entries(language)
    words = lexicon(entries)
    labelled = {
        "tweets": sources.tweets(language, "train"),
        "sentences": sources.sentences(language),
        "plain": sources.plain(language),
        "pairs": sources.pairs(language),
    }
    if "val" in parts:
        both = [labelled["tweets"], sources.tweets(language, "val")]
        labelled["tweets"] = sources.Labelled(
            both[0].texts + both[1].texts,
            np.concatenate([part.polarity for part in both]),
            np.concatenate([part.emotions for part in both]),
        )
    labelled["subtitles"] = sources.subtitles(language)
    if language == "en":
        labelled["reddit"] = sources.reddit()
    tiny, told = worded(language, entries["entries"])
    labelled["words"] = sources.Labelled(tiny, told, np.full((len(tiny), 8), sources.UNKNOWN))
    counts = {name: count(words, found.texts) for name, found in labelled.items()}
    felt = joined([counts["tweets"], counts["sentences"]])
    return Material(
        language,
        entries,
        words,
        labelled,
        counts,
        space(joined([counts[name] for name in counts if name != "words"]), felt),
    )


def first_step(found: Material, at: NDArray[np.int64] | None = None) -> Head | None:
    """What Reddit says of polarity; only English has it."""
    if "reddit" not in found.labelled:
        return None
    told = three(found.labelled["reddit"].polarity)
    features = found.features("reddit")
    chosen = np.arange(len(told)) if at is None else at
    return fit_each(features[chosen], told[chosen], balanced=True)


def polarity(found: Material, first: Head | None) -> Registers:
    """Both registers, from tweets, sentences, pairs and words."""
    return fit_registers(rows(found, "tweets"), talk(found), rows(found, "words"), first)


def talk(found: Material) -> Rows:
    """Everyday talk: what was written by hand, pairs last."""
    return together([rows(found, name) for name in ("sentences", "plain", "pairs")])


def rows(found: Material, name: str) -> Rows:
    """The texts of one kind whose polarity is known."""
    told = found.labelled[name].polarity
    known = np.flatnonzero(told >= 0)
    return Rows(found.space.features(found.counts[name][known]), told[known])


def emotion_rows(found: Material) -> tuple[Any, NDArray[np.int64]]:
    """Features and emotions. A neutral tweet counts as one without emotions: subtitles have none such."""
    names = [
        name for name in ("reddit", "subtitles", "sentences", "plain", "tweets") if name in found.labelled
    ]
    told = []
    for name in names:
        emotions = found.labelled[name].emotions.copy()
        if name == "tweets":
            emotions[found.labelled[name].polarity == 1] = 0
        told.append(emotions)
    kept = np.concatenate(told)
    known = np.flatnonzero(kept[:, 0] >= 0)
    return found.space.features(joined([found.counts[name] for name in names])[known]), kept[known]


@dataclass
class Emotions:
    """The head of the emotions, and per emotion: slope and shift to probabilities, and from where on it is
    told.
    """

    head: Head
    slope: NDArray[np.float32]
    shift: NDArray[np.float32]
    told: NDArray[np.float32]


def emotions(found: Material) -> Emotions:
    """Fit, calibrated on a fifth that was left out."""
    features, told = emotion_rows(found)
    known, asked = next(iter(KFold(5, shuffle=True, random_state=1).split(told)))
    said = fit_each(features[known], told[known]).scores(features[asked])
    lines = [LogisticRegression(C=100.0).fit(said[:, [i]], told[asked, i]) for i in range(len(EMOTIONS))]
    slope = np.array([line.coef_[0, 0] for line in lines], dtype=np.float32)
    shift = np.array([line.intercept_[0] for line in lines], dtype=np.float32)
    likely = expit(said * slope + shift)
    limits = [_best_limit(likely[:, i], told[asked, i]) for i in range(len(EMOTIONS))]
    return Emotions(fit_each(features, told), slope, shift, np.array(limits, dtype=np.float32))


def _best_limit(likely: NDArray[np.float32], told: NDArray[np.int64]) -> float:
    """The probability from which on telling gives the best F1, in steps of a fiftieth."""
    steps = np.arange(TOLD_AT_LEAST, 0.61, 0.02)
    right = [
        2 * np.sum((likely >= step) & (told > 0)) / max(1, np.sum(likely >= step) + told.sum())
        for step in steps
    ]
    return round(float(steps[int(np.argmax(right))]), 2)


def packed(name: str, head: Head, of: Space) -> dict[str, NDArray[Any]]:
    """A head as the reader adds it up: rarity and spread are inside the weights, n-grams have a byte each."""
    size = len(of.words)
    signs = head.weights[2 * size :] / of.spread[:, None] * SIGNS_WEIGHT
    bias = head.bias - of.middle @ signs
    parts = {f"{name}.signs": signs.astype(np.float32), f"{name}.bias": bias.astype(np.float32)}
    for kind, rarity, at in (("words", of.words, 0), ("pieces", of.pieces, size)):
        parts |= bytes_of(f"{name}.{kind}", head.weights[at : at + size] * rarity[:, None])
        parts[f"{name}.{kind}.length"] = (rarity**2).astype(np.float16)
    return parts


def bytes_of(name: str, weights: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
    """Weights in a byte each; the few that are far larger than the rest are cut."""
    high = np.array(
        [np.quantile(np.abs(column[column != 0]), 0.9995) if column.any() else 1.0 for column in weights.T]
    )
    scale = (high / 127).astype(np.float32)
    return {name: np.clip(np.round(weights / scale), -127, 127).astype(np.int8), f"{name}.scale": scale}


def language_parts(head: Head, known: NDArray[np.int8]) -> dict[str, NDArray[Any]]:
    size = len(known)
    parts = bytes_of("language.words", head.weights[:size]) | bytes_of(
        "language.pieces", head.weights[size : 2 * size]
    )
    shares = head.weights[2 * size :].astype(np.float32)
    return parts | {
        "language.bias": head.bias.astype(np.float32),
        "language.known": known,
        "language.shares": shares,
    }


def made_from() -> dict[str, str]:
    """The SHA-256 of every file that was learnt from, and of the programs that the weights depend on."""
    written = [path for path in sorted(sources.HERE.iterdir()) if path.suffix in {".tsv", ".txt"}]
    named = {path.name: path for path in (*written, *(sources.HERE / f"{name}.py" for name in PROGRAMS))}
    named |= {f"affect/{name}.py": OUT.with_name(f"{name}.py") for name in READING}
    named |= {
        str(path.relative_to(sources.SHARED)): path
        for path in sorted(sources.SHARED.rglob("*"))
        if path.is_file()
    }
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in named.items()}


def save(parts: dict[str, NDArray[Any]], out: Path) -> None:
    """An .npz whose bytes depend on its arrays alone."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed_file:
        for name in sorted(parts):
            entry = zipfile.ZipInfo(f"{name}.npy", _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with packed_file.open(entry, "w") as written:
                np.lib.format.write_array(written, np.ascontiguousarray(parts[name]), allow_pickle=False)


def train(parts: tuple[str, ...] = ("train", "val"), out: Path = OUT) -> None:
    """All of it. The shipped reader learns from `val` too, once everything has been measured."""
    written: dict[str, NDArray[Any]] = {}
    lexicons, texts = {}, {}
    for language in READ:
        found = material(language, parts)
        read = polarity(found, first_step(found))
        felt = emotions(found)
        written |= packed(language, read.head.beside(felt.head), found.space)
        written[f"{language}.heat"] = read.heat
        for kind in ("slope", "shift", "told"):
            written[f"{language}.emotion.{kind}"] = getattr(felt, kind)
        lexicons[language] = found.written
        texts[language] = [
            text for name, part in found.labelled.items() if name in TELL_LANGUAGE for text in part.texts
        ]
        print(language, "heat", read.heat.tolist(), "told from", felt.told.tolist(), flush=True)
    written |= language_parts(*fit_languages(texts["fr"], texts["en"]))
    about = {"lexicons": lexicons, "made_from": made_from()}
    written["about"] = np.frombuffer(json.dumps(about, sort_keys=True).encode(), dtype=np.uint8)
    save(written, out)
    print(out, out.stat().st_size, hashlib.sha256(out.read_bytes()).hexdigest())


if __name__ == "__main__":
    # One thread: sums in the same order every time.
    with threadpool_limits(1):
        train(out=Path(sys.argv[1]) if len(sys.argv) > 1 else OUT)
