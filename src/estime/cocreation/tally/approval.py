"""Approval and score: every voter says which options they approve of, or how good each one is; the best total wins."""

import math
from typing import Final

import numpy as np

from estime.cocreation.tally.ballots import Ballots, Distinct, Floats, Kind
from estime.cocreation.tally.counting import Bools, Counting, kinds_of, ties_at_the_edge, top, weighted_sums
from estime.cocreation.tally.errors import MethodMisfit
from estime.cocreation.tally.result import AnyVoter, Score, Tally

Z95: Final = 1.959963984540054
"""The 97.5 % quantile of the standard normal distribution: two-sided 95 %."""

OTHERWISE: Final = "by voting otherwise or staying away"
DECIMALS: Final = 6
"""Scores with up to so many decimals are added exactly, so that a tie is a tie."""


def approval(ballots: Ballots, *, seats: int = 1) -> Tally:
    """Which option do most voters approve of?

    Meaning: the score of an option is the share of voters who approve of it, in [0, 1]; higher is better. It
    does not say how much they like it. Approving of one more option never harms the others on the ballot.

    Formula: score(o) = Σ counts[i]·marks[i, o] / Σ counts; the `seats` highest win. Interval: Wilson.

    Parameters
    ----------
    ballots : `Kind.APPROVAL`, marks bool (n_ballots, n_options).
    seats : how many may win, ≥ 1. One, because most questions ask for one.

    Returns
    -------
    Tally, options from best to worst, equal ones in the order of the options. All options equal to the last
    winner win too, and are told as a tie. An option that nobody approves of never wins; without voters nobody
    wins and no score has an interval.

    Raises
    ------
    MethodMisfit
        The ballots are of another kind.
    ValueError
        `seats` below 1.

    Deterministic, exact. Cost: O(n·m).

    Example
    -------
    >>> from estime.cocreation.tally.ballots import ballots_of
    >>> told = approval(ballots_of(Kind.APPROVAL, np.array([[1, 0], [1, 1], [0, 1], [1, 0]]), ["tea", "coffee"]))
    >>> told.winners, told.scores["tea"].score, round(told.scores["tea"].low, 4)
    (('tea',), 0.75, 0.3006)

    Source: S. J. Brams and P. C. Fishburn, "Approval voting", APSR 72 (1978) 831–847, doi:10.2307/1955105;
    interval: E. B. Wilson, JASA 22 (1927) 209–212, doi:10.1080/01621459.1927.10502953.
    """
    counting, kinds = approval_counting(ballots, seats=seats)
    weights = kinds.counts.astype(np.float64)[None, :]
    sums = weighted_sums(weights, kinds.marks)[0]
    voters = ballots.voters
    won = counting.winners(weights)[0]
    scores = {}
    for place in _from_best(sums):
        share = float(sums[place]) / voters if voters else 0.0
        bounds = wilson(float(sums[place]), voters) if voters else (None, None)
        scores[ballots.options[place]] = Score(share, *bounds)
    return Tally(
        method="approval",
        winners=counting.now,
        scores=scores,
        voters=voters,
        interval="Wilson, 95 %",
        ties=ties_at_the_edge(ballots.options, sums, won, seats),
        detail={
            "seats": seats,
            "approvals": {o: int(n) for o, n in zip(ballots.options, sums, strict=True)},
            "blank_ballots": int(kinds.counts[~kinds.marks.any(axis=1)].sum()) if voters else 0,
        },
        names=ballots.names,
        notes=ballots.notes,
    )


def score(ballots: Ballots, *, seats: int = 1) -> Tally:
    """Which option is given the most points?

    Meaning: the score of an option is the points it was given per voter; a voter who gave it none counts as 0,
    so that an option which few people know does not win by their marks alone. Higher is better. The scale is
    that of the ballots; totals of different scales must not be compared.

    Formula: score(o) = Σ counts[i]·marks[i, o] / Σ counts, NaN as 0; the `seats` highest win. Interval: normal,
    mean ± 1.96·√(s²/n), s² with n − 1.

    Parameters
    ----------
    ballots : `Kind.SCORE`, marks float64 (n_ballots, n_options), NaN where none was given.
    seats : how many may win, ≥ 1.

    Returns
    -------
    Tally, as by `approval`. Fewer than two voters give no interval; without voters nobody wins.

    Raises
    ------
    MethodMisfit
        The ballots are of another kind.
    ValueError
        `seats` below 1.

    Deterministic; sums are exact where marks have at most six decimals. Cost: O(n·m).

    Example
    -------
    >>> from estime.cocreation.tally.ballots import ballots_of
    >>> told = score(ballots_of(Kind.SCORE, np.array([[5, 3], [4, np.nan], [0, 5]]), ["tea", "coffee"]))
    >>> told.winners, told.scores["tea"].score, round(told.scores["coffee"].score, 4)
    (('tea',), 3.0, 2.6667)

    Source: W. D. Smith, "Range voting" (2000), with blanks as 0; interval: the central limit theorem.
    """
    counting, kinds = score_counting(ballots, seats=seats)
    weights = kinds.counts.astype(np.float64)[None, :]
    marks = np.nan_to_num(kinds.marks)
    voters = ballots.voters
    units, scale = _whole(marks)
    sums = weighted_sums(weights, units)[0]
    means = sums / scale / voters if voters else np.zeros(len(ballots.options))
    half = _half_width(marks, kinds, means, voters)
    won = counting.winners(weights)[0]
    scores = {}
    for place in _from_best(sums):
        mean, reach = float(means[place]), None if half is None else float(half[place])
        bounds = (None, None) if reach is None else (mean - reach, mean + reach)
        scores[ballots.options[place]] = Score(mean, *bounds)
    given = kinds.counts @ ~np.isnan(kinds.marks) if voters else np.zeros(len(ballots.options))
    return Tally(
        method="score",
        winners=counting.now,
        scores=scores,
        voters=voters,
        interval="normal, 95 %",
        ties=ties_at_the_edge(ballots.options, sums, won, seats),
        detail={
            "seats": seats,
            "marks_given": {o: int(n) for o, n in zip(ballots.options, given, strict=True)},
        },
        names=ballots.names,
        notes=ballots.notes,
    )


def approval_counting(ballots: Ballots, *, seats: int = 1) -> tuple[Counting, Distinct]:
    """Approval as something that can be counted again; see `Counting`."""
    _check(ballots, Kind.APPROVAL, seats)
    kinds = kinds_of(ballots)

    def winners(weights: Floats) -> Bools:
        return top(weighted_sums(weights, kinds.marks), seats, 1.0)

    def any_voter(_: float) -> AnyVoter:
        sums = weighted_sums(kinds.counts.astype(np.float64)[None, :], kinds.marks)[0]
        return AnyVoter(_approval_is_close(np.sort(sums)[::-1], seats), OTHERWISE)

    work = float(kinds.marks.size)
    return Counting(ballots.options, kinds.counts, kinds.which, winners, work, any_voter), kinds


def score_counting(ballots: Ballots, *, seats: int = 1) -> tuple[Counting, Distinct]:
    """Score as something that can be counted again; see `Counting`."""
    _check(ballots, Kind.SCORE, seats)
    kinds = kinds_of(ballots)
    marks = np.nan_to_num(kinds.marks)
    units, _ = _whole(marks)

    def winners(weights: Floats) -> Bools:
        won = top(weighted_sums(weights, units), seats, -math.inf)
        won[weights.sum(axis=1) == 0] = False
        return won

    def any_voter(_: float) -> AnyVoter:
        sums = weighted_sums(kinds.counts.astype(np.float64)[None, :], units)[0]
        return AnyVoter(_score_is_close(units, sums, seats), OTHERWISE)

    work = float(kinds.marks.size)
    return Counting(ballots.options, kinds.counts, kinds.which, winners, work, any_voter), kinds


def wilson(n: float, d: float) -> tuple[float, float]:
    """Between which bounds does the true share plausibly lie, having seen n of d?

    Meaning: 95 %, both bounds in [0, 1], for d independent voters of one mind; people who follow each other make
    the true interval wider.

    Formula: (p + z²/2d ± z·√(p(1−p)/d + z²/4d²)) / (1 + z²/d), p = n / d, z = 1.96.

    Parameters: n, a count, 0 ≤ n ≤ d; d, a count, > 0. Returns (low, high). Raises ValueError outside of these.
    Deterministic, O(1).

    Example
    -------
    >>> [round(bound, 4) for bound in wilson(1, 4)]
    [0.0456, 0.6994]

    Source: E. B. Wilson, JASA 22 (1927) 209–212, doi:10.1080/01621459.1927.10502953.
    """
    if d <= 0 or not 0 <= n <= d:
        raise ValueError(f"a share needs 0 <= n <= d and d > 0, not n={n}, d={d}")
    p, z2 = n / d, Z95 * Z95
    centre, half = p + z2 / (2 * d), Z95 * math.sqrt(p * (1 - p) / d + z2 / (4 * d * d))
    low = 0.0 if n == 0 else (centre - half) / (1 + z2 / d)
    return low, 1.0 if n == d else (centre + half) / (1 + z2 / d)


def _check(ballots: Ballots, kind: Kind, seats: int) -> None:
    if ballots.kind is not kind:
        raise MethodMisfit(
            f"These ballots are of the kind “{ballots.kind}”; this method counts “{kind}”.",
            todo="Choose the method that fits how people voted.",
            kind=str(ballots.kind),
        )
    if seats < 1:
        raise ValueError("at least one option may win")


def _from_best(sums: Floats) -> list[int]:
    """Positions from the highest to the lowest, equal ones as they stand."""
    return [int(place) for place in np.argsort(-sums, kind="stable")]


def _whole(marks: Floats) -> tuple[Floats, float]:
    """Marks as whole numbers of the smallest decimal that they use, and how many of these make one."""
    for decimals in range(DECIMALS + 1):
        scale = float(10**decimals)
        units = marks * scale
        rounded = np.rint(units)
        if np.abs(units - rounded).max(initial=0.0) < 1e-6:
            return rounded, scale
    return marks, 1.0


def _half_width(marks: Floats, kinds: Distinct, means: Floats, voters: int) -> Floats | None:
    if voters < 2:
        return None
    squares = kinds.counts.astype(np.float64) @ (marks * marks)
    variance = np.maximum(squares - voters * means * means, 0.0) / (voters - 1)
    half: Floats = Z95 * np.sqrt(variance / voters)
    return half


def _approval_is_close(best_first: Floats, seats: int) -> bool:
    """Whether one ballot, cast otherwise, changes who wins. Exact.

    One ballot moves two options against each other by at most 2. A gap of 2 between the last winner and the
    first loser means that at least two voters approve of the former and not of the latter: one of them,
    changing sides, makes a tie. With a gap of 1 one who approves of the winner withdraws; a tie is undone by
    anyone. Where fewer than `seats` are approved of, one approval makes a winner, or the only one unmakes it.
    """
    if len(best_first) == 0:
        return False
    approved = int((best_first > 0).sum())
    if approved < min(seats, len(best_first)):
        return True
    if len(best_first) <= seats:
        return bool(best_first[-1] <= 1)
    return bool(best_first[seats - 1] - best_first[seats] <= 2)


def _score_is_close(units: Floats, sums: Floats, seats: int) -> bool:
    """Whether one ballot, with any marks of the scale that was used, changes who wins. Exact.

    A voter who gave a to winner w and c to loser x can bring x up to w if (a − lowest) + (highest − c) reaches
    the distance of their sums; lowest and highest include 0, which is a blank.
    """
    if len(sums) <= seats or units.size == 0:
        return False
    lowest, highest = min(0.0, float(units.min())), max(0.0, float(units.max()))
    won = top(sums[None, :], seats, -math.inf)[0]
    if won.sum() > seats:
        return highest > lowest
    width = highest - lowest
    for w in np.flatnonzero(won):
        for x in np.flatnonzero(~won & (sums >= sums[w] - 2 * width)):
            if (units[:, w] - units[:, x]).max() + width >= sums[w] - sums[x]:
                return True
    return False
