"""Durability of everybody now, and the validity report, from the acts: the tables and the measures put together.

People are sampled where there are many: what is learnt from some thousands is told of all.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import ibis
import numpy as np

from estime.engagement.measures.durability import DAYS, Durability, TooShort, durability_fit
from estime.engagement.measures.panel import Panel, family_of
from estime.engagement.measures.scoring import Numbers, Whole
from estime.engagement.measures.validity import STEP, Cuts, Validity, cuts_of, validity
from estime.engagement.tables.durability import durability_rows
from estime.engagement.tables.placebo import dealt
from estime.engagement.tables.prepare import DAY
from estime.engagement.tables.shelf import Shelf
from estime.engagement.tables.table import Table

Progress = Callable[[int, int], None]

LEARNT_FROM: Final = 4_000
"""People that a model is learnt from: more make it slower, and hardly better (docs/methods/durability.md)."""
JUDGED_ON: Final = 10_000
"""People that a validity report looks at."""


class Foreseen(NamedTuple):
    """How likely each person is to do something within 90 days: (n,) each, in order of person."""

    person: Whole
    probability: Numbers
    model: Durability


def foreseen(
    shelf: Shelf, acts: Table, ends: int, *, scores: Table | None = None, people: int = LEARNT_FROM
) -> Foreseen | TooShort:
    """Everybody who did something other than a like within the last 180 days before the day `ends`.

    `acts` is the table of `prepare` for one scope, `ends` the first day (since 1970) that is not over. TooShort
    where the past does not reach back far enough to have learnt anything.
    """
    span = _span(acts)
    if span is None or span.first + 2 * DAYS > ends:
        return TooShort("no_closed_window", 0, 0, 0)
    cuts = list(range(ends - STEP, span.first + DAYS - 1, -STEP))
    past = panel_of(shelf, acts, cuts, ends, part=_part(span.people, people), scores=scores)
    model = durability_fit(known_only(past), ends)
    if isinstance(model, TooShort):
        return model
    present = panel_of(shelf, acts, [ends], ends, scores=scores)
    return Foreseen(present.person, model.tell(present), model)


def validated(
    shelf: Shelf,
    acts: Table,
    ends: int,
    *,
    scores: Table | None = None,
    people: int = JUDGED_ON,
    replicates: int = 1_000,
    progress: Progress | None = None,
) -> Validity | TooShort:
    """The validity report on these acts (measures/validity.py); arguments as for `foreseen`."""
    span = _span(acts)
    cuts = Cuts((), (), 0) if span is None else cuts_of(span.first, ends)
    if span is None or not cuts.learnt:
        return TooShort("too_few_cuts", cuts.closed, 0, 0)
    part, heard = _part(span.people, people), None
    if scores is not None:
        scores, heard = dealt(shelf, acts.filter(acts["at"] < ends * DAY), scores, part)
    panel = panel_of(shelf, acts, cuts.learnt, ends, part=part, scores=scores)
    every = part * _part(-(-span.people // part), LEARNT_FROM)
    found = validity(known_only(panel), cuts, every=every, replicates=replicates, progress=progress)
    if heard is None or isinstance(found, TooShort):
        return found
    return replace(found, heard=heard)


def known_only(panel: Panel) -> Panel:
    """The panel without affect where no text was ever clear enough to be known."""
    felt = [values for name, values in panel.columns.items() if family_of(name) == "affect"]
    known = any((~np.isnan(values)).any() for values in felt)
    return panel if known else panel.without(["affect", "dealt"])


def felt(readings: Table) -> Table:
    """What was read in texts, as scores of `durability_rows`: −1 to 1, null where it was unclear or of nobody known.

    How a text feels, how strongly, and what of it is directed at the brand or its products.
    """

    def clear(value: Any) -> Any:
        return ibis.ifelse(readings.unclear, None, value.cast("float64") / 1000.0)

    return readings.select(
        "seq",
        affect_valence=clear(readings.valence),
        affect_strength=clear(readings.valence).abs(),
        affect_toward=clear(readings.toward),
    )


def panel_of(
    shelf: Shelf,
    acts: Table,
    cuts: Sequence[int],
    ends: int,
    *,
    part: int = 1,
    scores: Table | None = None,
) -> Panel:
    """The rows of `durability_rows` as arrays; acts of the day `ends` and later are not looked at.

    Numbers are kept to seven digits: engines add up in an order of their own, and the last ones depend on it.
    """
    over = acts.filter(acts["at"] < ends * DAY)
    told = durability_rows(shelf, over, cuts, part=part, scores=scores).to_pyarrow()
    arrays = {
        name: np.asarray(told[name].to_numpy(zero_copy_only=False), dtype=np.float32).astype(np.float64)
        if name not in ("person", "cut")
        else told[name].to_numpy()
        for name in told.column_names
    }
    return Panel.of(arrays, ends)


class _Span(NamedTuple):
    first: int
    people: int


def _span(acts: Table) -> _Span | None:
    done = acts.filter(acts.active & ~acts.liking & ~acts.brand)
    row = done.aggregate(first=done["at"].min(), people=done.person.nunique()).to_pyarrow().to_pylist()[0]
    return None if row["first"] is None else _Span(row["first"] // DAY, row["people"])


def _part(people: int, most: int) -> int:
    return max(1, -(-people // most))
