"""How good probabilities are: discrimination, accuracy, calibration, with intervals over persons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from estime.engagement.measures.intervals import wilson

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]

REPLICATES: Final = 1_000
HONEST: Final = np.array([0.0, 1.0])
"""The line (intercept, slope) of probabilities that are true as they are."""


def known(value: float) -> float | None:
    """The number, or None instead of nan."""
    return None if np.isnan(value) else value


class Estimate(NamedTuple):
    """A number with its 95 % interval; the bounds are None where nothing can be resampled."""

    value: float
    low: float | None
    high: float | None

    def as_json(self) -> dict[str, float | None]:
        """For machines, which have no nan."""
        return {"value": known(self.value), "low": self.low, "high": self.high}


class Draws(NamedTuple):
    """Resamples of persons: whoever stands in several rows is drawn with all of them.

    Two sets of predictions of the same rows are judged on the same draws.
    """

    persons: Whole
    """(n,), any whole numbers, equal for the same person; their order decides who is drawn."""
    replicates: int = REPLICATES
    seed: int = 0

    def weights(self) -> Iterator[Numbers]:
        """(n,) for each draw: how often each row is in it. None with fewer than two persons."""
        _, place = np.unique(self.persons, return_inverse=True)
        many = int(place.max(initial=-1)) + 1
        if many < 2:
            return
        rng = np.random.default_rng(self.seed)
        for _turn in range(self.replicates):
            yield np.bincount(rng.integers(0, many, many), minlength=many)[place].astype(np.float64)

    def of(self, part: Flags) -> "Draws":
        """As many of some of the rows."""
        return self._replace(persons=self.persons[part])


class Scores(NamedTuple):
    """AUC and Brier of one set of probabilities, and by how much they differ from the reference's."""

    auc: Estimate
    brier: Estimate
    auc_lead: Estimate | None = None
    """AUC of the reference less this one: above 0, the reference orders people better."""
    brier_lead: Estimate | None = None
    """Brier of this one less the reference's: above 0, the reference is closer to what happened."""

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        named = zip(self._fields, self, strict=True)
        return {name: estimate.as_json() for name, estimate in named if estimate is not None}


class Bin(NamedTuple):
    """Some of the predictions, ordered: what was said on average, and what share came true, with Wilson's interval."""

    n: int
    said: float
    came: float
    low: float
    high: float


def auc(scores: Numbers, happened: Flags) -> float:
    """How often does a person to whom it happens have a higher score than one to whom it does not?

    Meaning: 0.5 is chance, 1 perfect order; equal scores count half. It says nothing about whether
    probabilities are true in size: see `brier`. Not for comparing groups of different composition.

    Formula: P(s⁺ > s⁻) + P(s⁺ = s⁻) / 2.

    Parameters: `scores` (n,), any order-giving number; `happened` (n,). Returns a float in [0, 1], nan when
    all or none happened. Raises ValueError for unequal lengths. Deterministic, O(n log n).

    Example
    -------
    >>> auc(np.array([0.1, 0.4, 0.4, 0.8]), np.array([False, False, True, True]))
    0.875

    Source: J. A. Hanley and B. J. McNeil, Radiology 143 (1982) 29–36, doi:10.1148/radiology.143.1.7063747.
    """
    return float(Ranking.of(scores, happened).auc(np.ones((1, len(scores))))[0])


def brier(probabilities: Numbers, happened: Flags) -> float:
    """How far are the probabilities from what happened, on average and squared?

    Meaning: 0 is perfect; always saying the prevalence p gives p(1−p). It rewards both order and honesty of
    size. Formula: mean (p − y)². Parameters as in `auc`, probabilities in [0, 1]. Empty input gives nan.

    Example
    -------
    >>> brier(np.array([0.5, 1.0]), np.array([False, True]))
    0.125

    Source: G. W. Brier, Monthly Weather Review 78 (1950) 1–3.
    """
    return float(np.mean((probabilities - happened) ** 2)) if len(happened) else float("nan")


@dataclass(frozen=True)
class Ranking:
    """Scores ordered once, so that the AUC of many resamples is quick."""

    order: Whole
    starts: Whole
    """Where each run of equal scores begins."""
    happened: Numbers

    @classmethod
    def of(cls, scores: Numbers, happened: Flags) -> "Ranking":
        """Order them. Raises ValueError for unequal lengths."""
        if len(scores) != len(happened):
            raise ValueError("as many scores as outcomes are needed")
        order = np.argsort(scores, kind="stable")
        ordered = scores[order]
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(scores) else np.empty(0, int)
        return cls(order, starts, happened[order].astype(np.float64))

    def auc(self, weights: Numbers) -> Numbers:
        """The AUC under each row of `weights` (rows, n)."""
        if not len(self.order):
            return np.full(len(weights), np.nan)
        weighed = weights[:, self.order]
        came = np.add.reduceat(weighed * self.happened, self.starts, axis=1)
        not_ = np.add.reduceat(weighed * (1 - self.happened), self.starts, axis=1)
        below = np.cumsum(not_, axis=1) - not_ / 2
        with np.errstate(invalid="ignore"):
            area: Numbers = (came * below).sum(axis=1) / (came.sum(axis=1) * not_.sum(axis=1))
        return area


def scored(
    predictions: Mapping[str, Numbers],
    happened: Flags,
    draws: Draws,
    reference: str,
) -> dict[str, Scores]:
    """How good is each of several sets of probabilities for the same rows, and is the reference really better?

    Meaning: intervals are percentiles of a paired bootstrap over persons: whoever stands in several rows (cuts)
    is drawn with all of them, and every set is judged on the same draws, so that the interval of a difference is
    about the difference. An interval of a difference that holds 0 leaves open which is better.

    Parameters
    ----------
    predictions : name → probabilities (n,).
    happened : (n,).
    draws : of the persons of these rows; the same seed gives the same bounds.
    reference : the name of the set to which the others are compared.

    Returns
    -------
    name → Scores. The reference has no lead. With one person, or one outcome only, bounds are None.

    An order without any fault stays so in every draw: its bound is then that of as many pairs, all of them right, as
    can be made without using anybody twice (C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404–413).

    Cost: O(n · replicates · sets). Draws in which only one outcome occurs are left out.

    Example
    -------
    >>> rows = np.array([0.1, 0.9, 0.2, 0.8]), np.array([False, True, False, True])
    >>> scored({"a": rows[0]}, rows[1], Draws(np.arange(4), 50), "a")["a"].auc.value
    1.0

    Source: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap, Chapman & Hall 1993, ch. 8 and 13.
    """
    drawn = _drawn(predictions, happened, draws)
    point = {name: (auc(p, happened), brier(p, happened)) for name, p in predictions.items()}
    pairs = min(len(np.unique(draws.persons[which])) for which in (happened, ~happened))
    found = {}
    for name, (areas, briers) in drawn.items():
        own = Scores(_area(point[name][0], areas, pairs), _estimate(point[name][1], briers))
        if name != reference:
            theirs = drawn[reference]
            own = own._replace(
                auc_lead=_estimate(point[reference][0] - point[name][0], theirs[0] - areas),
                brier_lead=_estimate(point[name][1] - point[reference][1], briers - theirs[1]),
            )
        found[name] = own
    return found


def _drawn(
    predictions: Mapping[str, Numbers], happened: Flags, draws: Draws
) -> dict[str, tuple[Numbers, Numbers]]:
    """AUC and Brier of each set in every draw of persons; nan where they cannot be had."""
    found = {
        name: (np.full(draws.replicates, np.nan), np.full(draws.replicates, np.nan)) for name in predictions
    }
    ranked = {name: Ranking.of(told, happened) for name, told in predictions.items()}
    errors = {name: (told - happened) ** 2 for name, told in predictions.items()}
    for turn, weights in enumerate(draws.weights()):
        total = weights.sum()
        for name, (areas, briers) in found.items():
            areas[turn] = ranked[name].auc(weights[None, :])[0]
            briers[turn] = weights @ errors[name] / total
    return found


def _estimate(value: float, draws: Numbers) -> Estimate:
    usable = draws[~np.isnan(draws)]
    if np.isnan(value) or len(usable) < 20:
        return Estimate(value, None, None)
    low, high = np.quantile(usable, [0.025, 0.975])
    return Estimate(value, float(low), float(high))


def _area(value: float, draws: Numbers, pairs: int) -> Estimate:
    found = _estimate(value, draws)
    if found.low is None or value not in (0.0, 1.0):
        return found
    least = float(0.025 ** (1 / pairs))
    return Estimate(value, least, 1.0) if value == 1.0 else Estimate(value, 0.0, 1.0 - least)


def calibration(probabilities: Numbers, happened: Flags, bins: int = 10) -> list[Bin]:
    """When it was said “30 %”, did it happen to 30 %?

    Meaning: people in order of what was said, in `bins` groups as equal in size as can be (fewer when there are
    few people); honest probabilities have `said` within the interval of `came` about 19 times in 20.

    Returns bins from the lowest to the highest; empty input gives an empty list. Equal probabilities are kept in
    the order of the rows. Deterministic, O(n log n).

    Example
    -------
    >>> [(b.n, b.said, b.came) for b in calibration(np.array([0.0, 1.0]), np.array([False, True]), 2)]
    [(1, 0.0, 0.0), (1, 1.0, 1.0)]

    Source: A. H. Murphy and R. L. Winkler, Applied Statistics 26 (1977) 41–47, doi:10.2307/2346866.
    """
    order = np.argsort(probabilities, kind="stable")
    found = []
    for part in np.array_split(order, min(bins, len(order))) if len(order) else []:
        n, came = len(part), int(happened[part].sum())
        low, high = wilson(came, n)
        found.append(Bin(n, float(probabilities[part].mean()), came / n, low, high))
    return found


def slope_and_intercept(probabilities: Numbers, happened: Flags) -> tuple[float, float]:
    """By which logistic line would what was said become what came? (1, 0) when it is honest as it is.

    Meaning: a slope below 1 says that predictions were too sure of themselves; an intercept below 0, that too much was
    promised. Formula: logit P(y) = intercept + slope · logit p, by maximum likelihood (Newton's method, with a
    trace of shrinkage so that perfectly separated rows end). Deterministic.

    Example
    -------
    >>> p = np.repeat([0.2, 0.8], 10)
    >>> y = np.r_[np.arange(10) < 2, np.arange(10) < 8]
    >>> [round(number, 2) + 0.0 for number in slope_and_intercept(p, y)]
    [1.0, 0.0]

    Source: D. R. Cox, "Two further applications of a model for binary regression", Biometrika 45 (1958) 562–565.
    """
    beta = _line_of(logit(probabilities), happened, np.ones(len(happened)), HONEST)
    return float(beta[1]), float(beta[0])


def slope_and_intercept_bounded(
    probabilities: Numbers, happened: Flags, draws: Draws
) -> tuple[Estimate, Estimate]:
    """Slope and intercept of `slope_and_intercept`, each with its interval over persons.

    An interval of the slope that holds 1 leaves open whether what was said was honest. Where one outcome alone is
    there, or one person, or an order without fault, which no line ends, bounds are None. Draws in which only one
    outcome occurs are left out.

    Cost: O(n · replicates). Source: as `scored`.
    """
    odds, slope_and = logit(probabilities), slope_and_intercept(probabilities, happened)
    start = np.array([slope_and[1], slope_and[0]])
    drawn = np.full((draws.replicates, 2), np.nan)
    if 0 < auc(probabilities, happened) < 1:
        for turn, weights in enumerate(draws.weights()):
            if 0 < weights @ happened < weights.sum():
                drawn[turn] = _line_of(odds, happened, weights, start)
    return _estimate(slope_and[0], drawn[:, 1]), _estimate(slope_and[1], drawn[:, 0])


def _line_of(odds: Numbers, happened: Flags, weights: Numbers, start: Numbers) -> Numbers:
    """(intercept, slope) of the likeliest line, by Newton's method."""
    x = np.column_stack([np.ones(len(odds)), odds])

    def loss(beta: Numbers) -> float:
        told = x @ beta
        return float(
            weights @ (np.logaddexp(0, told) - happened * told) + 5e-7 * ((beta - HONEST) ** 2).sum()
        )

    beta, here = start, loss(start)
    for _ in range(50):
        p = sigmoid(x @ beta)
        bent = (x * (weights * p * (1 - p))[:, None]).T @ x + np.diag([1e-6, 1e-6])
        step = np.linalg.solve(bent, x.T @ (weights * (happened - p)) - 1e-6 * (beta - HONEST))
        # A whole step of Newton's may lead away from the peak.
        while np.abs(step).max() > 1e-10 and loss(beta + step) > here:
            step = step / 2
        beta = beta + step
        here = loss(beta)
        if np.abs(step).max() < 1e-8:
            break
    return beta


def logit(probabilities: Numbers) -> Numbers:
    """ln(p / (1 − p)), with p kept within [1e−4, 1 − 1e−4]."""
    kept = np.clip(probabilities, 1e-4, 1 - 1e-4)
    found: Numbers = np.log(kept / (1 - kept))
    return found


def sigmoid(values: Numbers) -> Numbers:
    """1 / (1 + e^−x)."""
    found: Numbers = 1 / (1 + np.exp(-np.clip(values, -30, 30)))
    return found
