"""Measures the reading of talk on texts left out, and on plain statements never learnt from: for measure.py."""

from typing import Any

import numpy as np
import sources
from confidence import confidence, in_classes
from fitting import Head
from numpy.typing import NDArray
from registers import fit_registers, together
from sklearn.model_selection import KFold
from train import Material, rows, talk

from estime.listening.affect.reading import CLEAR, read_arrays

PLAIN_CASES = sources.HERE.parents[1] / "tests" / "listening" / "plain_cases"
TALK = ("sentences", "plain")
FOLDS = KFold(5, shuffle=True, random_state=4)
Told = NDArray[np.int64]


def talked(found: Material, first: Head | None) -> dict[str, Any]:
    """Sentences and plain statements, five folds of each. The heats are those of all of them."""
    kinds = {name: rows(found, name) for name in TALK}
    posts, words, pairs = rows(found, "tweets"), rows(found, "words"), rows(found, "pairs")
    heats = fit_registers(posts, talk(found), words, first).heat
    shares = {name: np.zeros((len(of.told), 3)) for name, of in kinds.items()}
    folds = {name: list(FOLDS.split(of.told)) for name, of in kinds.items()}
    for fold in range(FOLDS.n_splits):
        learnt = together([*(kinds[name][folds[name][fold][0]] for name in TALK), pairs])
        fitted = fit_registers(posts, learnt, words, first, heats)
        for name, of in kinds.items():
            left = folds[name][fold][1]
            shares[name][left] = fitted.shares(of.features[left])
    return {
        "left out": {name: in_classes(of.told, shares[name].argmax(1)) for name, of in kinds.items()},
        "confidence": {name: confidence(shares[name], of.told) for name, of in kinds.items()},
        "plain": _told_as(shares["plain"], kinds["plain"].told),
    }


def _told_as(shares: NDArray[Any], told: Told) -> dict[str, Any]:
    """Neutral statements, and those that feel: how many are right, unclear, or told to be what they are not."""
    said, clear = shares.argmax(1), shares.max(1) >= CLEAR
    return {
        name: {
            "n": int(at.sum()),
            "right": int((said == told)[at].sum()),
            "told": int(((said == told) & clear)[at].sum()),
            "unclear": int((~clear)[at].sum()),
            "negative": int(((said == 0) & clear)[at].sum()),
            "positive": int(((said == 2) & clear)[at].sum()),
        }
        for name, at in (("neutral", told == 1), ("feeling", told != 1))
    }


def plain_cases() -> dict[str, Any]:
    """Plain statements that were kept apart, by the reader as it is shipped."""
    counts: dict[str, Any] = {}
    for path in sorted(PLAIN_CASES.glob("*.tsv")):
        cases = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
        shares = np.asarray(read_arrays([text for _, _, text in cases]).polarity, dtype=np.float64)
        told = np.array([sources.POLARITIES.index(polarity) for _, polarity, _ in cases])
        right = shares.argmax(1) == told
        of = np.array([kind for kind, _, _ in cases])
        counts[path.stem] = {
            "kinds": {
                kind: {"right": int(right[of == kind].sum()), "n": int((of == kind).sum())}
                for kind in dict.fromkeys(of.tolist())
            },
            "told": _told_as(shares, told),
            "confidence": confidence(shares, told),
        }
    return counts
