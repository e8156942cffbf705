"""Where people stand on the engagement map, now and at the end of past quarters: the rows that cells are told from.

A *cut* is a moment of one scope: the end of a calendar quarter (UTC), or now. On the map are the members who did
something other than a like in the quarter, or in the 90 days before now. Everything at a cut is made of acts before it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

import ibis

from estime.engagement.measures.evidence import HALF_LIFE
from estime.engagement.tables.affect import evidence, faded, quarter_of, summed_up
from estime.engagement.tables.prepare import DAY, Moments, Scope, with_all
from estime.engagement.tables.replies import answered, openings, replies
from estime.engagement.tables.shelf import Shelf
from estime.engagement.tables.table import Table

NOW: Final = 1_000_000
"""The cut of the present; others are numbered year · 4 + quarter − 1."""
QUARTERS: Final = 8
"""Past quarters on the map: two years."""
LASTING: Final = 8
"""Quarters whose acts count for B: after two years an act counts 2^−26."""
EVIDENCE: Final = ("pieces", "weight", "value", "square", "spread")
EXPOSED: Final = ("asked", "late", "refused", "bare")


class Cut(NamedTuple):
    """`quarter`: the last one that counts. Seconds since 1970: `ends` is the moment itself."""

    scope: Scope
    cut: int
    quarter: int
    ends: int
    starts: int
    recent: int


@dataclass(frozen=True)
class Places:
    """What the map of one lake is made of. `acts` is the table of `prepare`, `texts` that of `affect.pieces`; scopes
    as in `acts`. `weights`: that of each kind, as `acts` writes kinds. Lengths in days."""

    acts: Table
    texts: Table
    moments: Moments
    everything: Scope
    weights: Mapping[Scope, float]
    answers: Table | None = None
    refusals: Table | None = None
    """scope, person, at, bare: refusals that people got; `bare`, without a reason that is one."""
    half_life: float = 28.0
    window: int = 28
    span: int = 90
    patience: int = 7
    several: bool = True


def quarter_number(moment: datetime) -> int:
    """year · 4 + quarter − 1, in UTC."""
    told = moment.astimezone(UTC)
    return told.year * 4 + (told.month - 1) // 3


def quarter_start(quarter: int) -> date:
    """The first day of a quarter."""
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)


def cuts_of(firsts: Mapping[Scope, int], moments: Moments, window: int, span: int) -> list[Cut]:
    """The cuts of every scope: its last `QUARTERS` whole quarters that began after its first act's quarter did, and
    now.

    `firsts`: when each scope began, in seconds.
    """
    cuts = []
    for scope, first in firsts.items():
        now = int(moments[scope].timestamp())
        current = quarter_number(moments[scope])
        begun = quarter_number(datetime.fromtimestamp(first, UTC))
        for quarter in range(max(begun, current - QUARTERS), current):
            ends = _seconds(quarter + 1)
            cuts.append(Cut(scope, quarter, quarter, ends, _seconds(quarter), ends - window * DAY))
        cuts.append(Cut(scope, NOW, current, now, now - span * DAY, now - window * DAY))
    return cuts


def standings(shelf: Shelf, places: Places) -> Table:
    """scope, cut, person, recent, b, sums of evidence (`EVIDENCE`), counts of what they met in the quarter (`EXPOSED`).

    One row for each person on the map at each cut.
    """
    acts = places.acts
    done = acts.filter(acts.active & ~acts.brand)
    firsts = _firsts(acts, places)
    if not firsts:
        raise ValueError("a map needs acts")
    told = cuts_of(firsts, places.moments, places.window, places.span)
    cuts = shelf.keep(_memory(told, acts))
    quarters = shelf.keep(_quarters(min(firsts.values()), max(cut.quarter for cut in told)))
    people = shelf.keep(_people(shelf, done.filter(~done.liking), cuts, places))
    parts = [
        (_behaviour(shelf, done, people, (cuts, quarters), places), {"b": 0.0}),
        (_felt(shelf, people, (cuts, quarters), places), dict.fromkeys(EVIDENCE, 0.0)),
        (_exposed(shelf, people, places), dict.fromkeys(EXPOSED, 0.0)),
    ]
    found = people
    for part, empty in parts:
        made = shelf.keep(part)
        joined = found.left_join(made, ["scope", "cut", "person"])
        values = {name: made[name].cast("float64").fill_null(value) for name, value in empty.items()}
        found = joined.select(*(found[name] for name in found.columns), **values)
    return found


def _firsts(acts: Table, places: Places) -> dict[Scope, int]:
    grouped = acts.group_by("scope").agg(first=acts["at"].min()).to_pyarrow().to_pylist()
    firsts: dict[Scope, int] = {row["scope"]: row["first"] for row in grouped}
    if places.several and firsts:
        firsts[places.everything] = min(firsts.values())
    return firsts


def _memory(cuts: Sequence[Cut], acts: Table) -> Table:
    columns = {name: [getattr(cut, name) for cut in cuts] for name in Cut._fields}
    schema = dict.fromkeys(Cut._fields, "int64") | {
        "scope": acts.scope.type(),
        "cut": "int32",
        "quarter": "int32",
    }
    return ibis.memtable(columns, schema=schema)


def _quarters(first: int, last: int) -> Table:
    numbers = range(quarter_number(datetime.fromtimestamp(first, UTC)), last + 1)
    columns = {"quarter": list(numbers), "ends": [_seconds(number + 1) for number in numbers]}
    return ibis.memtable(columns, schema={"quarter": "int32", "ends": "int64"})


def _people(shelf: Shelf, done: Table, cuts: Table, places: Places) -> Table:
    """scope, cut, person, recent: who is on the map of each cut."""
    dated = done.mutate(quarter=quarter_of(done["at"]))
    lasts = dated.group_by("scope", "person", "quarter").agg(last=dated["at"].max())
    lasts = shelf.keep(with_all(lasts, places.several))
    joined = lasts.join(cuts, [lasts.scope == cuts.scope, lasts.quarter <= cuts.quarter])
    joined = joined.select(lasts.scope, cuts.cut, lasts.person, lasts["last"], cuts.starts, cuts.recent)
    # A quarter begins with its first second; the days before now do not count the second they begin with.
    began = joined.starts + ibis.ifelse(joined.cut == NOW, 1, 0)
    joined = joined.filter(joined["last"] >= began)
    moved = joined.group_by("scope", "cut", "person").agg(
        last=joined["last"].max(), since=joined.recent.max(), now=(joined.cut == NOW).any()
    )
    since = moved.since + ibis.ifelse(moved.now, 1, 0)
    return moved.select("scope", "cut", "person", recent=moved["last"] >= since)


def _behaviour(shelf: Shelf, done: Table, people: Table, clock: tuple[Table, Table], places: Places) -> Table:
    """scope, cut, person, b."""
    cuts, quarters = clock
    weights = {kind: weight for kind, weight in places.weights.items() if weight}
    dated = done.filter(done.kind.isin(list(weights))).mutate(quarter=quarter_of(done["at"]))
    joined = dated.inner_join(quarters, "quarter")
    joined = joined.mutate(part=faded(joined.ends - joined["at"], places.half_life))
    sums = joined.group_by("scope", "person", "kind", "quarter").agg(decayed=joined.part.sum())
    sums = with_all(shelf.keep(sums.inner_join(quarters, "quarter")), places.several)
    found = _until(people, cuts, sums, places.half_life, LASTING)
    kinds = found.group_by("scope", "cut", "person", "kind").agg(decayed=(found.decayed * found.fading).sum())
    weight = ibis.cases(*((kinds.kind == kind, float(value)) for kind, value in weights.items()), else_=0.0)
    parts = kinds.mutate(part=weight * (kinds.decayed + 1.0).ln())
    return parts.group_by("scope", "cut", "person").agg(b=parts.part.sum().round(9))


def _felt(shelf: Shelf, people: Table, clock: tuple[Table, Table], places: Places) -> Table:
    """scope, cut, person and the sums of evidence at the cut."""
    cuts, quarters = clock
    sums = evidence(places.texts, quarters, places.answers, several=places.several)
    sums = shelf.keep(sums.inner_join(quarters, "quarter"))
    found = _until(people, cuts, sums, HALF_LIFE)
    fading = found.fading
    found = found.mutate(
        weight=found.weight * fading,
        value=found.value * fading,
        square=found.square * fading,
        spread=found.spread * fading * fading,
    )
    return found.group_by("scope", "cut", "person").agg(**{name: summed_up(name) for name in EVIDENCE})


def _until(people: Table, cuts: Table, sums: Table, half_life: float, lasting: int | None = None) -> Table:
    """The rows of `sums` of the quarters up to each cut, with how much they faded from their quarter's end to the
    cut.
    """
    asked = people.inner_join(cuts.select("scope", "cut", until="quarter", moment="ends"), ["scope", "cut"])
    asked = asked.select("scope", "cut", "person", "until", "moment")
    joined = asked.inner_join(sums, ["scope", "person"])
    joined = joined.filter(joined.quarter <= joined.until)
    if lasting is not None:
        joined = joined.filter(joined.quarter > joined.until - lasting)
    return joined.mutate(fading=faded(joined.moment - joined.ends, half_life))


def _exposed(shelf: Shelf, people: Table, places: Places) -> Table:
    """scope, cut, person, asked, late, refused, bare: what people on the map met in each whole quarter."""
    acts = places.acts
    made = shelf.keep(replies(acts))
    opened = answered(openings(acts), made)
    opened = opened.filter(~opened.brand)
    late = opened.wait.isnull() | (opened.wait > places.patience * DAY)
    none = ibis.literal(0, type="int64")
    met = opened.select(
        "scope",
        "person",
        cut=quarter_of(opened["at"]),
        asked=ibis.literal(1, type="int64"),
        late=late.cast("int64"),
        refused=none,
        bare=none,
    )
    if places.refusals is not None:
        no = places.refusals
        met = met.union(
            no.select(
                no.scope.cast(met.scope.type()).name("scope"),
                "person",
                cut=quarter_of(no["at"]),
                asked=none,
                late=none,
                refused=ibis.literal(1, type="int64"),
                bare=no.bare.cast("int64"),
            )
        )
    summed = met.group_by("scope", "person", "cut").agg(**{name: summed_up(name) for name in EXPOSED})
    return with_all(summed, places.several).semi_join(people, ["scope", "cut", "person"])


def _seconds(quarter: int) -> int:
    return int(datetime.combine(quarter_start(quarter), datetime.min.time(), UTC).timestamp())
