"""Topics that recur: what is found again and again when different people are asked.

People are parted in two halves by chance. Each of `RUNS` looks at a part of one half and finds more centres
than are wanted (spherical k-means). Centres of all runs that point the same way are one (average linkage);
those that half of the runs found are topics, the others are chance. So the number of topics is not chosen by
hand, and how far the two halves agree is a figure that comes with it.
"""

from dataclasses import dataclass
from typing import Final
from warnings import catch_warnings, simplefilter

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import normalize

from estime.listening.topics.vectors import Floats
from estime.listening.topics.words import Ints

RUNS: Final = 64
SAME: Final = 0.5
"""Cosine distance up to which centres are one."""
OFTEN: Final = 0.5
"""Share of runs that must find a centre."""
FLOOR: Final = 0.15
"""Cosine to a topic's centre below which a text has no topic."""
FEW_PEOPLE: Final = 200
"""With fewer people their texts are parted instead: half of a small circle is another circle."""
_ASKED: Final = 8_000
"""Texts of one run."""
_PART: Final = 0.8
_STEPS: Final = 4


@dataclass(frozen=True)
class Centres:
    """Directions of topics, and how far two halves of the people agree on them (adjusted Rand index, None if
    not asked)."""

    directions: Floats
    stability: float | None


def wanted_centres(texts: int) -> int:
    """How many centres a run looks for: more where there is more to tell, never more than a person would read.

    >>> wanted_centres(100), wanted_centres(1_000), wanted_centres(8_000), wanted_centres(100_000)
    (5, 11, 21, 30)
    """
    return int(np.clip(round(1.2 * texts**0.32), 4, 30))


def recurring(places: Floats, weights: Floats, owner: Ints, rng: np.random.Generator) -> Centres:
    """The topics of texts at these places. `owner`: whose text each is."""
    if len(np.unique(owner)) < FEW_PEOPLE:
        owner = np.arange(len(places))
    half = rng.integers(0, 2, int(owner.max()) + 1)[owner]
    told = np.flatnonzero(np.linalg.norm(places, axis=1) > 0)
    wanted = wanted_centres(len(told))
    found, run = [], []
    for number in range(RUNS):
        mine = told[half[told] == number % 2]
        people = rng.random(int(owner.max()) + 1) < _PART
        asked = mine[people[owner[mine]]]
        if len(asked) > _ASKED:
            asked = rng.choice(asked, _ASKED, replace=False)
        if len(asked) <= wanted:
            continue
        ways = KMeans(wanted, n_init=1, max_iter=20, random_state=int(rng.integers(1 << 31)))
        with (
            catch_warnings()
        ):  # fewer different places than are wanted: centres then stand twice, which is no harm
            simplefilter("ignore", ConvergenceWarning)
            ways.fit(places[asked], sample_weight=weights[asked])
        found.append(normalize(ways.cluster_centers_))
        run += [number] * wanted
    if not found:
        return Centres(np.zeros((0, places.shape[1])), None)
    return _agreed(np.concatenate(found), np.array(run), places, weights)


def _agreed(found: Floats, run: Ints, places: Floats, weights: Floats) -> Centres:
    every = _common(found, run)
    halves = [_common(found[run % 2 == side], run[run % 2 == side]) for side in (0, 1)]
    stability = None
    if all(len(side) > 1 for side in halves):
        first, second = (nearest(places, settle(places, weights, side))[0] for side in halves)
        stability = float(adjusted_rand_score(first, second))
    return Centres(settle(places, weights, every), stability)


def _common(found: Floats, run: Ints) -> Floats:
    """One direction for each bundle of centres that enough runs found."""
    runs = len(np.unique(run))
    if len(found) < 2:
        return found
    bundle = fcluster(linkage(found, "average", "cosine"), SAME, "distance")
    kept = [
        found[bundle == one].mean(axis=0)
        for one in range(1, bundle.max() + 1)
        if len(np.unique(run[bundle == one])) >= max(2, OFTEN * runs)
    ]
    return np.asarray(normalize(np.array(kept))) if kept else np.zeros((0, found.shape[1]))


def settle(places: Floats, weights: Floats, centres: Floats, steps: int = _STEPS) -> Floats:
    """The centres moved to the middle of the texts that are theirs, a few steps."""
    for _ in range(steps if len(centres) else 0):
        label, near = nearest(places, centres)
        moved = sums(places * (weights * (near >= FLOOR))[:, None], label, len(centres))
        length = np.linalg.norm(moved, axis=1, keepdims=True)
        centres = np.where(length > 0, moved / np.maximum(length, 1e-12), centres)
    return centres


def nearest(places: Floats, centres: Floats) -> tuple[Ints, Floats]:
    """Each text's centre and its cosine to it."""
    if not len(centres):
        return np.zeros(len(places), dtype=np.int64), np.full(len(places), -1.0)
    cosine = places @ centres.T
    label = cosine.argmax(axis=1)
    return label, cosine[np.arange(len(places)), label]


def sums(rows: Floats, label: npt.NDArray[np.int64], count: int) -> Floats:
    """The sum of the rows of each label."""
    order = np.argsort(label, kind="stable")
    starts = np.searchsorted(label[order], np.arange(count))
    total = np.concatenate([np.zeros((1, rows.shape[1])), np.cumsum(rows[order], axis=0)])
    ends = np.append(starts[1:], len(label))
    return np.asarray(total[ends] - total[starts])
