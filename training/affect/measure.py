"""Measures the reader before it is trained for good: `make affect-figures`. Writes `figures.json` beside
this file.

Choices are made by cross-validation inside the `train` tweets; near-duplicates stand in one fold. The `val`
tweets are read
once, by a reader that never saw them, at the end. Intervals: 2,000 bootstrap samples of texts.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import sources
from fitting import SIGNS_WEIGHT, Head, count, fit_each, fit_polarity
from numpy.typing import NDArray
from registers import fit_registers, heat
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score
from sklearn.model_selection import KFold, StratifiedGroupKFold
from sklearn.svm import LinearSVC
from train import Material, emotions, first_step, material, rows

from estime.listening.affect.lexicon import EMOTIONS
from estime.listening.affect.model import READ, expit, softmax

SEEDS = (0, 1, 2)
ALIKE = 0.55  # cosine of pieces of four letters from which on two tweets are one
SHIPPED = "two registers"
EVEN = np.ones(
    2, dtype=np.float32
)  # cross-validation leaves heats out: they are fitted five times over, and change little
OUT = sources.HERE / "figures.json"
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


def families(found: Material, first: Head | None) -> dict[str, Callable[[Told], Callable[[Told], Scores]]]:
    """What was tried on tweets: given the rows to learn from, how rows are scored."""
    features, told = found.features("tweets"), found.labelled["tweets"].polarity
    size = 2 * len(found.space.words)
    grams, signs = features[:, :size], features[:, size:].toarray() / SIGNS_WEIGHT
    extra, extra_told = found.features("sentences"), found.labelled["sentences"].polarity

    def linear(of: Any, strength: float) -> Callable[[Told], Callable[[Told], Scores]]:
        def fit(known: Told) -> Callable[[Told], Scores]:
            fitted = LogisticRegression(C=strength, max_iter=300, tol=1e-3).fit(of[known], told[known])
            return lambda asked: fitted.decision_function(of[asked])

        return fit

    def machine(known: Told) -> Callable[[Told], Scores]:
        fitted = LinearSVC(C=0.1).fit(grams[known], told[known])
        return lambda asked: fitted.decision_function(grams[asked])

    def naive(known: Told) -> Callable[[Told], Scores]:
        seen = grams[known] > 0
        ratios = [
            np.log((seen[told[known] == k].sum(0) + 0.5) / (seen[told[known] != k].sum(0) + 1.0))
            for k in range(3)
        ]
        weights = [sparse.diags(np.asarray(ratio).ravel()) for ratio in ratios]
        fitted = [
            LogisticRegression(C=1, max_iter=300, tol=1e-3).fit(grams[known] @ by, told[known] == k)
            for k, by in enumerate(weights)
        ]
        return lambda asked: np.column_stack(
            [one.decision_function(grams[asked] @ by) for one, by in zip(fitted, weights, strict=True)]
        )

    def boosted(known: Told) -> Callable[[Told], Scores]:
        fitted = HistGradientBoostingClassifier(
            max_iter=120,
            learning_rate=0.05,
            max_leaf_nodes=8,
            min_samples_leaf=20,
            l2_regularization=5,
            random_state=1,
        ).fit(signs[known], told[known])
        return lambda asked: fitted.decision_function(signs[asked])

    def stepped(step: Head | None, beside: bool) -> Callable[[Told], Callable[[Told], Scores]]:
        def fit(known: Told) -> Callable[[Told], Scores]:
            rows = sparse.vstack([features[known], extra]).tocsr() if beside else features[known]
            answers = np.concatenate([told[known], extra_told]) if beside else told[known]
            head = fit_polarity(rows, answers, np.ones(len(answers)), step)
            return lambda asked: head.scores(features[asked])

        return fit

    tried = {
        "n-grams, logistic": linear(grams, 1.0),
        "n-grams, support vectors": machine,
        "n-grams, naive Bayes weights": naive,
        "signs, logistic": linear(signs, 0.01),
        "signs, gradient boosting": boosted,
        "n-grams and signs": stepped(None, beside=False),
        "n-grams and signs, with sentences": stepped(None, beside=True),
    }
    if first is not None:
        tried["n-grams and signs, after Reddit"] = stepped(first, beside=False)
        tried["n-grams and signs, after Reddit, with sentences"] = stepped(first, beside=True)
    tried[SHIPPED] = registers(found, first)
    return tried


def registers(found: Material, first: Head | None) -> Callable[[Told], Callable[[Told], Scores]]:
    """What is shipped. Its scores are logarithms of probabilities."""
    posts, talk, words = (rows(found, name) for name in ("tweets", "sentences", "words"))

    def fit(known: Told) -> Callable[[Told], Scores]:
        fitted = fit_registers(posts[known], talk, words, first, EVEN)
        return lambda asked: np.log(fitted.shares(posts.features[asked]))

    return fit


def confidence(scores: Scores, told: Told) -> dict[str, Any]:
    """Calibration, and what "unclear" buys: accuracy among the clear, by where the line is drawn."""
    shares = softmax(scores / heat(scores, told))
    sure, right = shares.max(1), shares.argmax(1) == told
    bins = np.minimum((sure * 10).astype(int), 9)
    gap = sum(
        abs(sure[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
        for b in range(10)
        if (bins == b).any()
    )
    lines = [
        {
            "from": line,
            "clear": round(float((sure >= line).mean()), 3),
            "right": round(float(right[sure >= line].mean()), 3),
        }
        for line in (0.0, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8)
    ]
    return {"calibration_error": round(float(gap), 4), "clear": lines}


def across(found: Material, first: Head | None) -> dict[str, Any]:
    """Trained in one domain, asked in another; where a domain has no neutral texts, of the two others
    only.
    """
    kinds = {name: rows(found, name) for name in found.labelled}
    readers: dict[str, Callable[[Any], Scores]] = {}
    for name in ("tweets", "sentences"):
        of = kinds[name]
        readers[name] = fit_polarity(of.features, of.told, np.ones(len(of.told)), None).scores
    if first is not None:
        readers["reddit"] = first.scores
    readers["shipped"] = fit_registers(
        kinds["tweets"], kinds["sentences"], kinds["words"], first, EVEN
    ).shares
    results = {}
    for trained, scores_of in readers.items():
        for asked in found.labelled:
            if asked in (trained, "words") or (trained == "shipped" and asked != "subtitles"):
                continue
            scores = scores_of(kinds[asked].features)
            if not (kinds[asked].told == 1).any():
                scores[:, 1] = -np.inf
            results[f"{trained} → {asked}"] = _in_classes(kinds[asked].told, scores.argmax(1))
    return results | {"shipped → sentences, left out": _talk_left_out(kinds, first)}


def _talk_left_out(kinds: dict[str, Any], first: Head | None) -> dict[str, float]:
    talk = kinds["sentences"]
    shares = np.zeros((len(talk.told), 3))
    for known, asked in KFold(5, shuffle=True, random_state=4).split(talk.told):
        shares[asked] = fit_registers(kinds["tweets"], talk[known], kinds["words"], first, EVEN).shares(
            talk.features[asked]
        )
    return _in_classes(talk.told, shares.argmax(1))


def _in_classes(told: Told, said: Told) -> dict[str, float]:
    draw = np.random.default_rng(11)
    again = []
    for _ in range(300):
        row = draw.integers(0, len(told), len(told))
        again.append(f1_score(told[row], said[row], average="macro", labels=np.unique(told)))
    low, high = np.quantile(again, [0.025, 0.975])
    value = f1_score(told, said, average="macro", labels=np.unique(told))
    return {
        "macro_f1": round(float(value), 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
        "n": len(told),
    }


def on_val(found: Material, language: str, first: Head | None) -> dict[str, Any]:
    """The one look at `val`: the reader as it is shipped but for these texts, and the same without any
    tweet.
    """
    val = sources.tweets(language, "val")
    features = found.space.features(count(found.lexicon, val.texts))
    posts, talk, words = (rows(found, name) for name in ("tweets", "sentences", "words"))
    shares = fit_registers(posts, talk, words, first).shares(features)
    none = fit_registers(talk, talk, words, first, EVEN)
    alone = fit_polarity(posts.features, posts.told, np.ones(len(posts.told)), None)
    return {
        "shipped": interval(val.polarity, shares.argmax(1)),
        "by polarity": [round(float(v), 4) for v in f1_score(val.polarity, shares.argmax(1), average=None)],
        "confidence": confidence(np.log(shares), val.polarity),
        "without tweets": interval(val.polarity, none.talk.scores(features).argmax(1)),
        "tweets alone": interval(val.polarity, alone.scores(features).argmax(1)),
    }


def felt(found: Material) -> dict[str, Any]:
    """Each emotion in each domain, by five folds of that language's texts."""
    calibrated = emotions(found)
    results: dict[str, Any] = {}
    names = [name for name in ("reddit", "subtitles", "sentences") if name in found.labelled]
    features = {name: found.features(name) for name in names}
    told = {name: found.labelled[name].emotions for name in names}
    said = {name: np.zeros(told[name].shape) for name in names}
    folds = {name: list(KFold(5, shuffle=True, random_state=2).split(told[name])) for name in names}
    for fold in range(2 if "reddit" in names else 5):
        rows = sparse.vstack([features[name][folds[name][fold][0]] for name in names]).tocsr()
        head = fit_each(rows, np.vstack([told[name][folds[name][fold][0]] for name in names]))
        for name in names:
            asked = folds[name][fold][1]
            said[name][asked] = head.scores(features[name][asked])
    for name in names:
        asked = np.concatenate([folds[name][fold][1] for fold in range(2 if "reddit" in names else 5)])
        asked = asked[told[name][asked, 0] >= 0]
        likely = expit(said[name][asked] * calibrated.slope + calibrated.shift)
        results[name] = {
            emotion: _one_emotion(told[name][asked, i], likely[:, i], float(calibrated.told[i]))
            for i, emotion in enumerate(EMOTIONS)
        }
    return results


def _one_emotion(told: Told, likely: NDArray[np.float32], limit: float) -> dict[str, float]:
    return {
        "share": round(float(told.mean()), 3),
        "mean_probability": round(float(likely.mean()), 3),
        "auc": round(float(roc_auc_score(told, likely)), 3),
        "average_precision": round(float(average_precision_score(told, likely)), 3),
        "f1_where_told": round(float(f1_score(told, likely >= limit, zero_division=0)), 3),
    }


def measure(look_at_val: bool) -> None:
    """All figures; `val` only where asked for."""
    figures: dict[str, Any] = json.loads(OUT.read_text()) if OUT.exists() else {}
    for language in READ:
        found = material(language, ("train",))
        first = first_step(found)
        groups = alike(found)
        told = found.labelled["tweets"].polarity
        tried, chosen = {}, np.zeros(0)
        for name, fit in families(found, first).items():
            results, scores = left_out(found, groups, fit)
            tried[name] = round(float(np.mean(results)), 4)
            chosen = scores if name == SHIPPED else chosen
            print(language, name, tried[name], flush=True)  # noqa: T201
        apart = left_out(found, np.arange(len(told)), list(families(found, first).values())[-1])[0]
        entry = {
            "tried": tried,
            "cross_validated": interval(told, chosen.argmax(1)),
            "near_duplicates_not_held_together": round(float(np.mean(apart)), 4),
            "tweets": len(told),
            "heaps_of_near_duplicates": int(groups.max() + 1),
            "confidence": confidence(chosen, told),
            "across": across(found, first),
            "emotions": felt(found),
        }
        if look_at_val:
            entry["val"] = on_val(found, language, first)
        figures[language] = figures.get(language, {}) | entry
        OUT.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    measure("--val" in sys.argv)
