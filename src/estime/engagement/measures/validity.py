"""The validity report: how far durability can be trusted on this ledger, told by its own past.

Rolling cuts: at each, the model is learnt only from what was known on that day and judged only by what came after.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import numpy as np

from estime.engagement.measures.baselines import baselines
from estime.engagement.measures.crowd import Crowd, crowd
from estime.engagement.measures.durability import DAYS, FEWEST, Durability, TooShort, durability_fit
from estime.engagement.measures.felt import Felt, Heard, felt_adds
from estime.engagement.measures.lesser import lesser
from estime.engagement.measures.panel import Panel
from estime.engagement.measures.scoring import (
    REPLICATES,
    Bin,
    Draws,
    Estimate,
    Numbers,
    Scores,
    auc,
    brier,
    calibration,
    known,
    scored,
    slope_and_intercept_bounded,
)

STEP: Final = 30
"""Days between the cuts that are learnt from; every third is one that is judged."""
LEAST_CUTS: Final = 3
FIRST: Final = 6
"""With a long past the first cut judged is the sixth, day 540: a year to learn from, and its windows closed."""
DURABILITY: Final = "durability"
LESSER: Final = ("without_", "with_", "affect_", "rhythm_only")
"""How the names of ablations begin."""
MOST: Final = 12
"""Judged cuts at most, the newest of them: three years."""
A_BIN: Final = 10
"""So many predictions are in a bin of the calibration at least, where there are as many."""


def day_of(number: int) -> date:
    """The day behind a number of days since 1970."""
    return date(1970, 1, 1) + timedelta(days=int(number))


class Cuts(NamedTuple):
    """Days since 1970: what is learnt from, and what is judged."""

    learnt: tuple[int, ...]
    judged: tuple[int, ...]
    closed: int
    """How many cuts 90 days apart have a window that is over."""


def cuts_of(first: int, ends: int) -> Cuts:
    """Which cuts does a past have that reaches from the day `first` to the day before `ends`?

    Cuts lie 90 days apart from the first act on; the first of them is judged only by others. With many, the first
    judged is the sixth (day 540), with few the one in the middle, but never the first. Of very many the last twelve.

    Example
    -------
    >>> cuts_of(0, 365)
    Cuts(learnt=(90, 120, 150, 180, 210, 240, 270), judged=(180, 270), closed=3)
    """
    closed = range(first + DAYS, ends - DAYS + 1, DAYS)
    start = max(1, min(FIRST - 1, len(closed) // 2))
    last = closed[-1] if closed else first
    return Cuts(tuple(range(first + DAYS, last + 1, STEP)), tuple(closed[start:][-MOST:]), len(closed))


class Cut(NamedTuple):
    """One judged cut by itself."""

    cut: int
    n: int
    came: int
    auc: float
    brier: float
    rfm_auc: float
    rfm_brier: float
    said: float
    """How many were expected to come: the sum of what was said."""
    chance: float
    """The variance of how many come, were each to come by chance as was said."""

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        told: dict[str, Any] = {name: known(value) for name, value in self._asdict().items()}
        return {"day": day_of(self.cut).isoformat(), **told}


@dataclass(frozen=True)
class Validity:
    """The report on one ledger."""

    n: int
    persons: int
    prevalence: float
    durability: Scores
    baselines: Mapping[str, Scores]
    ablations: Mapping[str, Scores]
    """`without_…`: the same, knowing less. `auc_lead` above 0: what was left out had helped."""
    calibration: Sequence[Bin]
    slope: Estimate
    intercept: Estimate
    cuts: Sequence[Cut]
    felt: Felt
    skipped: Sequence[int]
    """Cuts at which there was not yet enough to learn from."""
    crowd: Crowd
    crowds: Sequence[Crowd]
    """Who stands behind each bin of the calibration."""
    heard: Heard | None = None
    """Of how many texts affect is; None where nothing was read."""

    @property
    def few(self) -> bool:
        """Whether so few came, or did not, that the figures say next to nothing, intervals included."""
        came = sum(each.came for each in self.cuts)
        return min(came, self.n - came) < FEWEST

    def as_json(self) -> dict[str, Any]:
        """For machines: `durability.auc` and so on, each with value, low and high."""
        return {
            "outcome": "measured",
            "few": self.few,
            "n": self.n,
            "persons": self.persons,
            "prevalence": self.prevalence,
            **self.crowd._asdict(),
            "durability": self.durability.as_json(),
            "baselines": {name: scores.as_json() for name, scores in self.baselines.items()},
            "ablations": {name: scores.as_json() for name, scores in self.ablations.items()},
            "calibration": {
                **_flat("slope", self.slope),
                **_flat("intercept", self.intercept),
                "bins": [
                    each._asdict() | who._asdict()
                    for each, who in zip(self.calibration, self.crowds, strict=True)
                ],
            },
            "cuts": [each.as_json() for each in self.cuts],
            **self.felt.as_json(),
            "heard": None if self.heard is None else self.heard._asdict(),
            "skipped": [day_of(cut).isoformat() for cut in self.skipped],
        }


def _flat(name: str, told: Estimate) -> dict[str, float | None]:
    return {name: told.value, f"{name}_low": told.low, f"{name}_high": told.high}


def too_short_json(short: TooShort) -> dict[str, Any]:
    """The same door for a past that is too short."""
    return {
        "outcome": "too_short",
        "reason": short.reason,
        "closed_cuts": short.closed_cuts,
        "needed_cuts": LEAST_CUTS,
        "n": short.rows,
        "came": short.came,
    }


def validity(
    panel: Panel,
    cuts: Cuts,
    *,
    every: int = 1,
    replicates: int = REPLICATES,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Validity | TooShort:
    """How far can durability be trusted on this ledger, and what does it owe to which evidence?

    Meaning: AUC (order) and Brier (closeness) over all judged cuts pooled, the same of simpler ways, and of the same
    model knowing less. Intervals are over persons; they do not cover that another year may be another world. What
    helps to tell is no cause.

    Parameters
    ----------
    panel : rows at all of `cuts.learnt` (which hold `cuts.judged`), with any of the optional columns words_…,
        affect_… and dealt_… (the placebo, of which nothing but its own ablation knows).
    cuts : from `cuts_of`.
    every : durability is learnt only from people whose number leaves no rest when divided by it, as it is where it is
        told of everybody; the baselines, which take little, from all.
    progress : told after each judged cut, how many of how many are done.

    Returns
    -------
    Validity; TooShort with fewer than three closed cuts, or where no cut has enough to learn from.

    Deterministic for a seed. Cost: one fit for each cut and family of evidence.

    Source: rolling origin, L. J. Tashman, International Journal of Forecasting 16 (2000) 437–450,
    doi:10.1016/S0169-2070(00)00065-0; see `scored`, `calibration` and `durability_fit` for the rest.
    """
    closed = panel.closed(panel.ends, DAYS)
    short = TooShort("too_few_cuts", cuts.closed, len(closed), int(closed.came(DAYS).sum()))
    if cuts.closed < LEAST_CUTS:
        return short
    told: dict[str, list[Numbers]] = {}
    asked: list[Panel] = []
    skipped = []
    for done, cut in enumerate(cuts.judged):
        if progress is not None:
            progress(done, len(cuts.judged))
        here = _told_at(panel, cut, every)
        if here is None:
            skipped.append(cut)
            continue
        asked.append(panel.at(cut))
        for name, predictions in here.items():
            told.setdefault(name, []).append(predictions)
    if not asked:
        return replace(short, reason="too_few_outcomes")
    return _report(asked, told, skipped, (replicates, seed))


def _told_at(panel: Panel, cut: int, every: int) -> dict[str, Numbers] | None:
    """Every model's probabilities for the people asked about at one cut."""
    everything = panel.without(["dealt"])
    some = panel.person % every == 0
    whole = durability_fit(everything.rows(some), cut)
    asked = everything.at(cut)
    if isinstance(whole, TooShort) or not len(asked):
        return None
    told = {DURABILITY: whole.tell(asked), **baselines(everything, cut)}
    for name, less in lesser(panel).items():
        model = durability_fit(less.rows(some), cut)
        told[name] = model.tell(less.at(cut)) if isinstance(model, Durability) else told["prevalence"]
    return told


def _report(
    asked: Sequence[Panel],
    told: Mapping[str, Sequence[Numbers]],
    skipped: Sequence[int],
    draw: tuple[int, int],
) -> Validity:
    came = np.concatenate([each.came(DAYS) for each in asked])
    persons = np.concatenate([each.person for each in asked])
    pooled = {name: np.concatenate(list(parts)) for name, parts in told.items()}
    draws = Draws(persons, *draw)
    scores = scored(pooled, came, draws, DURABILITY)
    own = pooled[DURABILITY]
    slope, intercept = slope_and_intercept_bounded(own, came, draws)
    less = [name for name in pooled if name.startswith(LESSER)]
    bins = max(1, min(10, len(came) // A_BIN))
    in_bins = np.array_split(np.argsort(own, kind="stable"), bins)
    lately = np.concatenate([each.columns["fading21"] for each in asked])
    return Validity(
        n=len(came),
        persons=len(np.unique(persons)),
        prevalence=float(came.mean()),
        durability=scores[DURABILITY],
        baselines={name: scores[name] for name in pooled if name not in (*less, DURABILITY)},
        ablations={name: scores[name] for name in less},
        calibration=calibration(own, came, bins),
        slope=slope,
        intercept=intercept,
        cuts=_cut_by_cut(asked, told),
        felt=felt_adds(DURABILITY, pooled, came, lately, draws),
        skipped=tuple(skipped),
        crowd=crowd(persons, came),
        crowds=[crowd(persons[part], came[part]) for part in in_bins],
    )


def _cut_by_cut(asked: Sequence[Panel], told: Mapping[str, Sequence[Numbers]]) -> list[Cut]:
    found = []
    for place, panel in enumerate(asked):
        own, rfm, came = told[DURABILITY][place], told["rfm"][place], panel.came(DAYS)
        found.append(
            Cut(
                int(panel.cut[0]),
                len(came),
                int(came.sum()),
                auc(own, came),
                brier(own, came),
                auc(rfm, came),
                brier(rfm, came),
                float(own.sum()),
                float((own * (1 - own)).sum()),
            )
        )
    return found
