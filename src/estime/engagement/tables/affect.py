"""What tells what people feel: pieces of evidence, summed by person and quarter, each fading from its own day on.

A piece is a clear text directed at the brand or its products (lake table `readings`), or an answer that somebody gave
when asked. What its author corrected counts as corrected; what they contested does not count.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import ibis

from estime.engagement.measures.evidence import A_WEEK, ASKED, HALF_LIFE, PROMPTED
from estime.engagement.tables.prepare import DAY, month_of, week_of, with_all
from estime.engagement.tables.shelf import Shelf
from estime.engagement.tables.table import Table

CORRECTED: Final = {"correction_seq": "int64", "correction": "float64"}


class Correction(NamedTuple):
    """What an author says of the reading of their text: `value` as they meant it, −1 to 1, or None to leave it out."""

    seq: int
    value: float | None


class Answer(NamedTuple):
    """The mean of some answered questions, from −1 (not at all) to 1 (entirely); `at` in seconds since 1970."""

    person: int
    channel: str
    at: int
    value: float
    questions: int = 1


def pieces(shelf: Shelf, acts: Table, readings: Table, corrections: Sequence[Correction] = ()) -> Table:
    """scope, person, at, value, weight: the texts of members that tell what they feel toward the brand.

    `acts` is the table of `prepare`, `readings` the lake table. Undone texts and those of the brand are not in it.
    """
    told = readings.select("seq", "toward", "unclear")
    value: Any = told.toward.cast("float64") / 1000.0
    if corrections:
        own = shelf.keep(_corrected(corrections))  # Spark finds no table in memory inside of a kept one
        joined = told.left_join(own, [("seq", "correction_seq")])
        told = joined.select("seq", "toward", "unclear", "correction", "theirs")
        value = ibis.ifelse(told.theirs.fill_null(False), told.correction, _if_clear(told))
    else:
        value = _if_clear(told)
    told = told.mutate(value=value)
    told = told.filter(told.value.notnull()).select("seq", "value")
    wrote = acts.filter(~acts.brand).select("seq", "scope", "person", "at", "spontaneous")
    joined = wrote.inner_join(told, "seq")
    prompted = (~joined.spontaneous).cast(
        "float64"
    )  # not a choice of literals: DuckDB takes those for decimals
    return joined.select("scope", "person", "at", "value", weight=1.0 - (1.0 - PROMPTED) * prompted)


def _corrected(corrections: Sequence[Correction]) -> Table:
    return ibis.memtable(
        {
            "correction_seq": [each.seq for each in corrections],
            "correction": [each.value for each in corrections],
            "theirs": [True] * len(corrections),
        },
        schema={**CORRECTED, "theirs": "boolean"},
    )


def _if_clear(told: Table) -> Any:
    return ibis.ifelse(told.unclear, ibis.null("float64"), told.toward.cast("float64") / 1000.0)


def evidence(texts: Table, quarters: Table, answers: Table | None = None, *, several: bool = True) -> Table:
    """scope, person, quarter, pieces, weight, value, square, spread: sums of evidence, faded to the quarter's end.

    `texts` as `pieces` gives them, `quarters` (quarter, ends) the ends of quarters in seconds, `answers` (scope,
    person, at, value, questions). The texts of a week weigh together `A_WEEK` at most; a week in two quarters is
    counted as two. With `several`, everybody stands under the scope `*` too.
    """
    dated = _dated(texts, quarters)
    weeks = dated.group_by("scope", "person", "quarter", "week").agg(
        pieces=dated.count(),
        full=dated.weight.sum(),
        faded=(dated.weight * dated.fading).sum(),
        value=(dated.weight * dated.fading * dated.value).sum(),
        square=(dated.weight * dated.fading * dated.value * dated.value).sum(),
        spread=(dated.weight * dated.fading * dated.weight * dated.fading).sum(),
    )
    part = ibis.least(1.0, A_WEEK / weeks.full)
    summed = weeks.select(
        "scope",
        "person",
        "quarter",
        "pieces",
        weight=weeks.faded * part,
        value=weeks.value * part,
        square=weeks.square * part,
        spread=weeks.spread * part * part,
    )
    if answers is not None:
        told = _dated(answers.mutate(weight=answers.questions * ASKED), quarters)
        say = told.weight * told.fading
        summed = summed.union(
            told.select(
                told.scope.cast(summed.scope.type()).name("scope"),
                "person",
                "quarter",
                pieces=told.questions,
                weight=say,
                value=say * told.value,
                square=say * told.value * told.value,
                spread=say * say,
            )
        )
    names = ("pieces", "weight", "value", "square", "spread")
    found = with_all(summed, several).group_by("scope", "person", "quarter")
    return found.agg(**{name: summed_up(name) for name in names})


def summed_up(name: str) -> Any:
    """The sum of a column, whatever table it is asked of."""
    return lambda table: table[name].sum()


def quarter_of(at: Any) -> Any:
    """year * 4 + quarter − 1 of seconds since 1970."""
    return (month_of(at // DAY) // 3).cast("int32")


def _dated(rows: Table, quarters: Table) -> Table:
    """`rows` with their quarter, week, and how much they have faded at the quarter's end."""
    dated = rows.mutate(quarter=quarter_of(rows["at"]), week=week_of(rows["at"] // DAY))
    joined = dated.inner_join(quarters, "quarter")
    return joined.mutate(fading=faded(joined.ends - joined["at"], HALF_LIFE))


def faded(seconds: Any, half_life: float) -> Any:
    """2^(−age/half-life), ages in seconds, half-lives in days."""
    return (seconds.cast("float64") * (-0.6931471805599453 / (DAY * half_life))).exp()
