"""The validity report: how far durability can be trusted on this ledger, told by its own past.

Rolling cuts: at each, the model is learnt only from what was known on that day and judged only by what came after.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import numpy as np

from estime.engagement.measures.baselines import baselines
from estime.engagement.measures.durability import DAYS, FEWEST, Durability, TooShort, durability_fit
from estime.engagement.measures.panel import Panel, family_of
from estime.engagement.measures.scoring import (
    REPLICATES,
    Bin,
    Flags,
    Numbers,
    Scores,
    Whole,
    auc,
    brier,
    calibration,
    known,
    scored,
    slope_and_intercept,
)

STEP: Final = 30
"""Days between the cuts that are learnt from; every third is one that is judged."""
LEAST_CUTS: Final = 3
FIRST: Final = 6
"""With a long past the first cut judged is the sixth, day 540: a year to learn from, and its windows closed."""
CORE: Final = ("last", "n", "first")
FAMILIES: Final = ("rhythm", "role", "replies", "partners", "conversations", "likes", "words")
DURABILITY: Final = "durability"
ALONE: Final = "affect_alone"
"""What texts feel like, no recency or frequency beside it. How much somebody wrote shines through all the same: a mean
of many texts lies nearer the middle, and of few texts more often none is clear (docs/validity.md)."""
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


class Tercile(NamedTuple):
    """What affect adds among those with little, middling or much behaviour lately."""

    name: str
    n: int
    came: int
    without: Scores


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
    slope: float
    intercept: float
    cuts: Sequence[Cut]
    affect: Sequence[Tercile]
    """Overall and by tercile of behaviour: the model without affect against the one with it. Empty without affect."""
    skipped: Sequence[int]
    """Cuts at which there was not yet enough to learn from."""

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
            "durability": self.durability.as_json(),
            "baselines": {name: scores.as_json() for name, scores in self.baselines.items()},
            "ablations": {name: scores.as_json() for name, scores in self.ablations.items()},
            "calibration": {
                "slope": self.slope,
                "intercept": self.intercept,
                "bins": [each._asdict() for each in self.calibration],
            },
            "cuts": [each.as_json() for each in self.cuts],
            "affect": [{**each._asdict(), "without": each.without.as_json()} for each in self.affect],
            "skipped": [day_of(cut).isoformat() for cut in self.skipped],
        }


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
    panel : rows at all of `cuts.learnt` (which hold `cuts.judged`), with any of the optional columns words_… and
        affect_….
    cuts : from `cuts_of`.
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
        here = _told_at(panel, cut)
        if here is None:
            skipped.append(cut)
            continue
        asked.append(panel.at(cut))
        for name, predictions in here.items():
            told.setdefault(name, []).append(predictions)
    if not asked:
        return replace(short, reason="too_few_outcomes")
    return _report(asked, told, skipped, (replicates, seed))


def _told_at(panel: Panel, cut: int) -> dict[str, Numbers] | None:
    """Every model's probabilities for the people asked about at one cut."""
    whole = durability_fit(panel, cut)
    asked = panel.at(cut)
    if isinstance(whole, TooShort) or not len(asked):
        return None
    told = {DURABILITY: whole.tell(asked), **baselines(panel, cut)}
    for name, less in _less(panel).items():
        model = durability_fit(less, cut, strength=whole.strength)
        told[name] = model.tell(less.at(cut)) if isinstance(model, Durability) else told["prevalence"]
    return told


def _less(panel: Panel) -> dict[str, Panel]:
    """The panel without each family of evidence that it has, recency, frequency and age kept; and affect alone."""
    families = {family_of(name) for name in panel.columns}
    found = {
        f"without_{family}": _without(panel, {family})
        for family in (*FAMILIES, "affect")
        if family in families
    }
    found["rhythm_only"] = _without(panel, families - {"rhythm"})
    if "affect" in families:
        found[ALONE] = panel.only([name for name in panel.columns if family_of(name) == "affect"])
    found["with_season"] = _with_season(panel)
    return found


def _without(panel: Panel, families: set[str]) -> Panel:
    kept = [name for name in panel.columns if name in CORE or family_of(name) not in families]
    return panel.only(kept)


def _with_season(panel: Panel) -> Panel:
    angle = 2 * np.pi * panel.cut / 365.2425
    season = {"season_sine": np.sin(angle), "season_cosine": np.cos(angle)}
    return Panel(panel.person, panel.cut, panel.wait, {**panel.columns, **season}, panel.ends)


def _report(
    asked: Sequence[Panel],
    told: Mapping[str, Sequence[Numbers]],
    skipped: Sequence[int],
    draw: tuple[int, int],
) -> Validity:
    came = np.concatenate([each.came(DAYS) for each in asked])
    persons = np.concatenate([each.person for each in asked])
    pooled = {name: np.concatenate(list(parts)) for name, parts in told.items()}
    scores = scored(pooled, came, persons, DURABILITY, replicates=draw[0], seed=draw[1])
    own = pooled[DURABILITY]
    slope, intercept = slope_and_intercept(own, came)
    lesser = [
        name for name in pooled if name.startswith(("without_", "with_")) or name in ("rhythm_only", ALONE)
    ]
    return Validity(
        n=len(came),
        persons=len(np.unique(persons)),
        prevalence=float(came.mean()),
        durability=scores[DURABILITY],
        baselines={name: scores[name] for name in pooled if name not in (*lesser, DURABILITY)},
        ablations={name: scores[name] for name in lesser},
        calibration=calibration(own, came, max(1, min(10, len(came) // A_BIN))),
        slope=slope,
        intercept=intercept,
        cuts=_cut_by_cut(asked, told),
        affect=_affect(
            np.concatenate([each.columns["fading21"] for each in asked]), pooled, came, persons, draw
        ),
        skipped=tuple(skipped),
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


def _affect(
    behaviour: Numbers, pooled: Mapping[str, Numbers], came: Flags, persons: Whole, draw: tuple[int, int]
) -> list[Tercile]:
    if "without_affect" not in pooled:
        return []
    both = {name: pooled[name] for name in (DURABILITY, "without_affect")}
    edges = np.quantile(behaviour, [1 / 3, 2 / 3])
    third = np.searchsorted(edges, behaviour, side="left")
    parts = {"overall": np.ones(len(came), bool)}
    parts |= {name: third == place for place, name in enumerate(("little", "middling", "much"))}
    found = []
    for name, part in parts.items():
        here = {model: told[part] for model, told in both.items()}
        scores = scored(here, came[part], persons[part], DURABILITY, replicates=draw[0], seed=draw[1])
        found.append(Tercile(name, int(part.sum()), int(came[part].sum()), scores["without_affect"]))
    return found
