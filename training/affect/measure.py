"""Measures the reader before it is trained for good: `make affect-figures`. Writes `figures.json` beside this file,
and the figures into the model card (card.py).

Choices are made by cross-validation inside the `train` tweets; near-duplicates stand in one fold. The `val` tweets are
read by a reader that never saw them. Intervals: 2,000 bootstrap samples of texts.

`python measure.py fr val pairs` measures some of it, so that it can be done in pieces.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import sources
from card import OUT, write_card
from confidence import confidence, in_classes
from families import EVEN, SHIPPED, families, shipped
from fitting import Head, count, fit_polarity
from measure_emotions import felt
from measure_talk import plain_cases, talked
from numpy.typing import NDArray
from registers import fit_registers, heat, together
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.metrics import f1_score
from sklearn.model_selection import KFold, StratifiedGroupKFold
from threadpoolctl import threadpool_limits
from train import Material, first_step, material, rows, talk

from estime.listening.affect.model import READ, softmax
from estime.listening.affect.reading import read

HARD_CASES = sources.HERE.parents[1] / "tests" / "listening" / "hard_cases"
SEEDS = (0,)
DOMAINS = ("tweets", "sentences", "subtitles", "reddit")
ALIKE = 0.55  # cosine of pieces of four letters from which on two tweets are one
Scores = NDArray[np.float64]
Told = NDArray[np.int64]


def macro(told: Told, said: Told) -> float:
    return float(f1_score(told, said, average="macro"))


def interval(told: Told, said: Told) -> dict[str, float]:
    """Macro-F1 with the middle 95 % of its bootstrap."""
    draw = np.random.default_rng(11)
    rows = draw.integers(0, len(told), (2000, len(told)))
    again = [macro(told[row], said[row]) for row in rows]
    low, high = np.quantile(again, [0.025, 0.975])
    return {
        "macro_f1": round(macro(told, said), 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
        "n": len(told),
    }


def alike(found: Material) -> Told:
    """Which tweets are nearly the same: the number of the heap that each is in."""
    pieces = found.space.features(found.counts["tweets"])[:, : 2 * len(found.space.words)]
    pieces = pieces[:, len(found.space.words) :]
    close = (pieces @ pieces.T).tocoo()
    near = close.data > ALIKE
    links = sparse.coo_matrix((close.data[near], (close.row[near], close.col[near])), shape=close.shape)
    return connected_components(links)[1]


def left_out(
    found: Material, groups: Told, fit: Callable[[Told], Callable[[Told], Scores]]
) -> tuple[list[float], Scores]:
    """Macro-F1 for each seed, and the mean scores of every tweet while its fold was left out."""
    told = found.labelled["tweets"].polarity
    results, total = [], np.zeros((len(told), 3))
    for seed in SEEDS:
        scores = np.zeros((len(told), 3))
        for known, asked in StratifiedGroupKFold(5, shuffle=True, random_state=seed).split(
            told, told, groups
        ):
            scores[asked] = fit(known)(asked)
        results.append(macro(told, scores.argmax(1)))
        total += scores
    return results, total / len(SEEDS)


def across(found: Material, first: Head | None) -> dict[str, Any]:
    """Trained in one domain, asked in another; where a domain has no neutral texts, of the two others
    only.
    """
    kinds = {name: rows(found, name) for name in found.labelled if name in DOMAINS}
    words, spoken = rows(found, "words"), talk(found)
    readers: dict[str, Callable[[Any], Scores]] = {}
    for name in ("tweets", "sentences"):
        of = kinds[name]
        readers[name] = fit_polarity(of.features, of.told, np.ones(len(of.told)), None).scores
    if first is not None:
        readers["reddit"] = first.scores
    readers["shipped"] = fit_registers(kinds["tweets"], spoken, words, first, EVEN).shares
    results = {}
    for trained, scores_of in readers.items():
        for asked in kinds:
            if asked == trained or (trained == "shipped" and asked != "subtitles"):
                continue
            scores = scores_of(kinds[asked].features)
            if not (kinds[asked].told == 1).any():
                scores[:, 1] = -np.inf
            results[f"{trained} → {asked}"] = in_classes(kinds[asked].told, scores.argmax(1))
    return results


def negated(found: Material, first: Head | None) -> dict[str, Any]:
    """The pairs, five folds, both of a pair in one: how many are right without a negation and with one."""
    kinds = {name: rows(found, name) for name in ("tweets", "sentences", "plain", "pairs", "words")}
    told = kinds["pairs"].told
    said = np.zeros(len(told), dtype=np.int64)
    for known, asked in KFold(5, shuffle=True, random_state=3).split(np.arange(len(told) // 2)):
        learnt = np.sort(np.concatenate([2 * known, 2 * known + 1]))
        left = np.sort(np.concatenate([2 * asked, 2 * asked + 1]))
        talked = together([kinds["sentences"], kinds["plain"], kinds["pairs"][learnt]])
        fitted = fit_registers(kinds["tweets"], talked, kinds["words"], first, EVEN)
        said[left] = fitted.shares(kinds["pairs"].features[left]).argmax(1)
    right = said == told
    with_no = np.arange(len(told)) % 2 == 1
    kept = {name: with_no & (told == number) for number, name in enumerate(sources.POLARITIES)}
    return {
        name: {"right": int(right[at].sum()), "n": int(at.sum())}
        for name, at in {"without": ~with_no, "with": with_no, **kept}.items()
    }


def on_val(found: Material, first: Head | None) -> dict[str, Any]:
    """`val`: the reader as it is shipped but for these texts, and the same without any
    tweet.
    """
    val = sources.tweets(found.language, "val")
    features = found.space.features(count(found.lexicon, val.texts))
    posts, spoken, words = rows(found, "tweets"), talk(found), rows(found, "words")
    shares = fit_registers(posts, spoken, words, first).shares(features)
    none = fit_registers(spoken, spoken, words, first, EVEN)
    alone = fit_polarity(posts.features, posts.told, np.ones(len(posts.told)), None)
    return {
        "shipped": interval(val.polarity, shares.argmax(1)),
        "by polarity": [round(float(v), 4) for v in f1_score(val.polarity, shares.argmax(1), average=None)],
        "confidence": confidence(shares, val.polarity),
        "without tweets": interval(val.polarity, none.talk.scores(features).argmax(1)),
        "tweets alone": interval(val.polarity, alone.scores(features).argmax(1)),
    }


def crossed(found: Material, first: Head | None) -> dict[str, Any]:
    """Cross-validation on tweets: what was tried, and what is shipped."""
    groups, told = alike(found), found.labelled["tweets"].polarity
    tried, chosen = {}, np.zeros(0)
    for name, fit in families(found, first).items():
        results, scores = left_out(found, groups, fit)
        tried[name] = round(float(np.mean(results)), 4)
        chosen = scores if name == SHIPPED else chosen
        print(name, tried[name], flush=True)
    apart = left_out(found, np.arange(len(told)), shipped(found, first))[0]
    return {
        "tried": tried,
        "shipped": interval(told, chosen.argmax(1)),
        "near_duplicates_not_held_together": round(float(np.mean(apart)), 4),
        "tweets": len(told),
        "heaps_of_near_duplicates": int(groups.max() + 1),
        "confidence": confidence(softmax(chosen / heat(chosen, told)), told),
    }


PIECES: dict[str, Callable[[Material, Head | None], dict[str, Any]]] = {
    "val": on_val,
    "pairs": negated,
    "across": across,
    "emotions": felt,
    "talk": talked,
    "crossed": crossed,
}


def hard_cases() -> dict[str, Any]:
    """The hand-made cases, by the reader as it is shipped: how many of each kind are right."""
    counts: dict[str, Any] = {}
    for path in sorted(HARD_CASES.glob("*.tsv")):
        told = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
        found = read([text for _, _, text in told])
        kinds = counts[path.stem] = {"all": {"right": 0, "n": 0}}
        for (kind, polarity, _), affect in zip(told, found, strict=True):
            right = max(affect.polarity, key=affect.polarity.__getitem__) == polarity
            for name in (kind, "all"):
                of = kinds.setdefault(name, {"right": 0, "n": 0})
                of["right"] += right
                of["n"] += 1
    return counts


def keep(measured: dict[str, Any], *place: str) -> None:
    """Write what was measured into its place in the file, beside what is there."""
    figures = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {}
    inner = figures
    for name in place[:-1]:
        inner = inner.setdefault(name, {})
    inner[place[-1]] = measured
    OUT.write_text(json.dumps(figures, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    print(*place, flush=True)


def measure(languages: list[str], pieces: list[str]) -> None:
    """The pieces asked for; the file keeps what was measured before of the others. Hard and plain cases are read by the
    shipped reader, so `make affect` comes first.
    """
    for language in languages:
        found = material(language, ("train",))
        first = first_step(found)
        for piece in pieces:
            keep(PIECES[piece](found, first), language, piece)
    keep(hard_cases(), "hard cases")
    keep(plain_cases(), "plain cases")
    write_card()


if __name__ == "__main__":
    with threadpool_limits(1):
        measure(
            [name for name in READ if name in sys.argv[1:]] or list(READ),
            [name for name in PIECES if name in sys.argv[1:]] or list(PIECES),
        )
