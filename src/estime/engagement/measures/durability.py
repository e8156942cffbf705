"""Who will do something again within 90 days: learnt from the same people's past, told as a probability."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from estime.engagement.measures.panel import Panel
from estime.engagement.measures.ridge import ROUGHLY, ridge
from estime.engagement.measures.scoring import Flags, Numbers, Whole, logit, sigmoid

DAYS: Final = 90
HORIZONS: Final = (30, 60, 90)
STRENGTHS: Final = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
FOLDS: Final = 5
ENOUGH: Final = 20_000
"""Rows by which the ridge is chosen: those of some of the people where there are more."""
FAR: Final = 4.0
"""Standard deviations from the mean beyond which a column says no more."""
FEWEST: Final = 20
"""Of those who came and of those who did not: with fewer nothing can be learnt."""
FEWEST_FOR_TREES: Final = 200
TREES_WEIGH: Final = 1 / 3

RISING: Final = (
    "n",
    "days",
    "weeks",
    "months",
    "sessions",
    "fading",
    "received",
    "partners",
    "mutual",
    "alive",
)
FALLING: Final = ("last", "since_longest")


@dataclass(frozen=True)
class TooShort:
    """There is not enough of a past to learn from, and why: a result, not an error."""

    reason: str
    closed_cuts: int
    rows: int
    came: int


@dataclass(frozen=True)
class Line:
    """A logistic line over standardised columns."""

    means: Numbers
    spreads: Numbers
    slopes: Numbers
    intercept: float

    def log_odds(self, matrix: Numbers) -> Numbers:
        """(n,) from (n, columns)."""
        told: Numbers = _standard(matrix, self.means, self.spreads) @ self.slopes + self.intercept
        return told


@dataclass(frozen=True)
class Durability:
    """What was learnt: apply it with `tell`."""

    columns: tuple[str, ...]
    strength: float
    lines: tuple[Line, ...]
    """One for each stretch of 30 days, given that nobody came before."""
    trees: Any
    rows: int
    cuts: int

    def tell(self, panel: Panel) -> Numbers:
        """With which probability does each come within 90 days? (n,) in (0, 1)."""
        if not len(panel):
            return np.empty(0)
        matrix = panel.only(self.columns).matrix()
        stays_away = np.ones(len(panel))
        for line in self.lines:
            stays_away *= 1 - sigmoid(line.log_odds(matrix))
        odds = logit(1 - stays_away)
        if self.trees is not None:
            with threadpool_limits(1):
                trees = logit(self.trees.predict_proba(matrix)[:, 1])
            odds = (1 - TREES_WEIGH) * odds + TREES_WEIGH * trees
        return sigmoid(odds)


def durability_fit(panel: Panel, before: int) -> Durability | TooShort:
    """What tells who will do something other than a like within the next 90 days?

    Meaning: a model learnt only from cuts of which everything was known `before` that day. It describes what went with
    coming back here, not what makes people come back; it must never decide how anybody is treated.

    Formula: p = 1 − Π (1 − h_k), h_k the chance to come within the k-th 30 days given that one did not come before,
    each a ridge logit over standardised ln(1 + column); a third of the log-odds comes from boosted trees that
    may only rise with activity and fall with silence. The strength of the ridge is the one of `STRENGTHS` under
    which people left out (five folds by person) are told best.

    Parameters
    ----------
    panel : people at cuts; columns that do not vary are left out.
    before : day since 1970. A row counts for the k-th stretch when it was closed by then.

    Returns
    -------
    Durability, or TooShort with fewer than 20 who came or who did not.

    Raises: RuntimeError if a line does not converge. Deterministic. Cost: O(rows · columns) times some hundreds.

    Source: discrete hazards, J. D. Singer and J. B. Willett, Journal of Educational Statistics 18 (1993) 155–195,
    doi:10.3102/10769986018002155; ridge logit, S. le Cessie and J. C. van Houwelingen, Applied Statistics 41 (1992)
    191–201, doi:10.2307/2347628; trees, J. H. Friedman, Annals of Statistics 29 (2001) 1189–1232. The mixture and its
    weights: own choice on the first cuts of one forum (docs/decisions/0023-durability.md).
    """
    known = panel.closed(before, DAYS)
    came = known.came(DAYS)
    n, some = len(known), int(came.sum())
    cuts = len(np.unique(known.cut))
    if min(some, n - some) < FEWEST:
        return TooShort("too_few_outcomes" if n else "no_closed_window", cuts, n, some)
    names = tuple(name for name, values in known.columns.items() if _varies(values))
    if not names:
        return TooShort("nothing_varies", cuts, n, some)
    # Threads that wait for each other on a busy machine take several times as long as one alone.
    with threadpool_limits(1):
        return _fitted(panel.only(names), before)


def _fitted(panel: Panel, before: int) -> Durability:
    known = panel.closed(before, DAYS)
    matrix, came = known.matrix(), known.came(DAYS)
    strength = _strength(matrix, came, known.person)
    lines = tuple(_hazard(panel, before, stretch, strength) for stretch in pairwise((0, *HORIZONS)))
    names = tuple(panel.columns)
    enough = min(came.sum(), (~came).sum()) >= FEWEST_FOR_TREES
    trees = _trees(matrix, came, names) if enough else None
    return Durability(names, strength, lines, trees, len(known), len(np.unique(known.cut)))


def logit_fit(known: Panel, strength: float) -> Callable[[Panel], Numbers]:
    """A plain logit over all columns of `known`, whose windows are closed; without columns, the share that came.

    Returns a function from a panel of the same columns to probabilities.
    """
    line = _line(known.matrix(), known.came(DAYS), strength)
    return lambda asked: sigmoid(line.log_odds(asked.matrix()))


def _varies(values: Numbers) -> bool:
    seen = values[~np.isnan(values)]
    return len(seen) > 0 and bool(seen.min() < seen.max() or len(seen) < len(values))


def _hazard(panel: Panel, before: int, stretch: tuple[int, int], strength: float) -> Line:
    """The line of one stretch, learnt from whoever had not come before it."""
    start, end = stretch
    closed = panel.closed(before, end)
    waiting = closed.rows(~closed.came(start))
    return _line(waiting.matrix(), waiting.came(end), strength)


def _line(matrix: Numbers, came: Flags, strength: float) -> Line:
    means, spreads = _scale(matrix)
    if came.all() or not came.any() or not matrix.shape[1]:
        share = (came.sum() + 0.5) / (len(came) + 1)
        return Line(means, spreads, np.zeros(matrix.shape[1]), float(np.log(share / (1 - share))))
    told = ridge(_with_ones(_standard(matrix, means, spreads)), came, strength)
    return Line(means, spreads, told[:-1], float(told[-1]))


def _scale(matrix: Numbers) -> tuple[Numbers, Numbers]:
    """Mean and spread of each column; one that is not known counts as the mean, and so for nothing."""
    present = ~np.isnan(matrix)
    held = np.maximum(present.sum(axis=0), 1)
    means = np.where(present, matrix, 0.0).sum(axis=0) / held
    spreads = np.where(present, matrix, means).std(axis=0)
    return means, np.where(spreads > 1e-9, spreads, 1.0)


def _with_ones(standard: Numbers) -> Numbers:
    return np.column_stack([standard, np.ones(len(standard))])


def _standard(matrix: Numbers, means: Numbers, spreads: Numbers) -> Numbers:
    told: Numbers = np.nan_to_num(np.clip((matrix - means) / spreads, -FAR, FAR), nan=0.0)
    return told


def _strength(matrix: Numbers, came: Flags, persons: Whole) -> float:
    """The strongest ridge that tells people who were left out as well as the best one, within one standard error."""
    _, number = np.unique(persons, return_inverse=True)
    drawn = np.random.default_rng(0).permutation(int(number.max()) + 1)[number]
    if len(matrix) > ENOUGH:
        some = drawn < (drawn.max() + 1) * ENOUGH / len(matrix)
        matrix, came, drawn = matrix[some], came[some], drawn[some]
    fold, standard = drawn % FOLDS, _with_ones(_standard(matrix, *_scale(matrix)))
    losses = []
    for out in range(FOLDS):
        held = fold == out
        if held.any() and len(np.unique(came[~held])) == 2:
            losses.append(_losses((standard[~held], came[~held]), (standard[held], came[held])))
    if len(losses) < 2:
        return STRENGTHS[0]
    table = np.array(losses)
    behind = table - table[:, [int(np.argmin(table.mean(axis=0)))]]
    near = behind.mean(axis=0) <= behind.std(axis=0, ddof=1) / np.sqrt(len(table))
    return STRENGTHS[int(np.argmax(near))]


def _losses(learnt: tuple[Numbers, Flags], held: tuple[Numbers, Flags]) -> list[float]:
    """The mean log loss on what was held out, for each strength: from the strongest ridge on, each from the last."""
    told, found = None, []
    for strength in STRENGTHS:
        told = ridge(*learnt, strength, start=told, near=ROUGHLY)
        said = sigmoid(held[0] @ told)
        found.append(float(-np.log(np.where(held[1], said, 1 - said)).mean()))
    return found


def _trees(matrix: Numbers, came: Flags, names: tuple[str, ...]) -> HistGradientBoostingClassifier:
    direction = [1 if name.startswith(RISING) else -1 if name in FALLING else 0 for name in names]
    trees = HistGradientBoostingClassifier(
        max_iter=120,
        learning_rate=0.035,
        max_leaf_nodes=8,
        min_samples_leaf=40,
        l2_regularization=5.0,
        max_features=0.3,
        monotonic_cst=direction,
        random_state=0,
    )
    return trees.fit(matrix, came)
