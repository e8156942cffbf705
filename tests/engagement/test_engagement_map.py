"""The engagement map: affect against the book, the tables against plain Python, and nobody told of by subtraction."""

import json
import random
from datetime import UTC, datetime, timedelta
from math import isclose, isnan
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest
from engagement_cases import ACTS, EPOCH, on_engine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from map_oracle import DAY, Did, placed, quarter, stood

from estime.engagement.families import ALL
from estime.engagement.measures.affect import Affect, Community, Evidence, affect_of, community_of
from estime.engagement.measures.map import CELLS, TOLD, cells_of, difference, moves_of, shown_of
from estime.engagement.measures.map_figures import MEASURES, Placed, Scoped, Standing, map_figures
from estime.engagement.settings import Settings
from estime.engagement.tables.affect import Answer, Correction
from estime.engagement.tables.map import NOW
from estime.engagement.tables.place import Refusal, Said, figures_of, map_of, people_of

GOLDEN = sorted((Path(__file__).parent / "golden_map").glob("*.json"))
BRAND = 9_000
COMMUNITY = Community(0.05, 0.4, 0.6, 50)
START = int(datetime(2023, 1, 9, 12, tzinfo=UTC).timestamp())
UNTIL = datetime(2024, 2, 20, 9, 30, tzinfo=UTC)
READINGS = pa.schema(
    [
        *(("seq", pa.int64()), ("channel", pa.string()), ("account", pa.int64()), ("day", pa.int32())),
        *(("toward", pa.int16()), ("valence", pa.int16()), ("unclear", pa.bool_())),
    ]
)


def made_up(seed: int, people: int = 40, acts: int = 900) -> list[Did]:
    """People who differ in how they feel, write at all hours, in bursts too, and sometimes for a prize."""
    rng = random.Random(seed)
    feels = [rng.choice((-0.6, -0.1, 0.1, 0.5, 0.8)) for _ in range(people)]
    busy = [rng.expovariate(1.0) + 0.05 for _ in range(people)]
    found: list[Did] = []
    for seq in range(1, acts + 1):
        who = rng.choices(range(people), busy)[0]
        at = START + int(rng.random() * (UNTIL.timestamp() + 20 * DAY - START))
        if rng.random() < 0.1 and found:
            at = found[-1].at + 60
        kind = rng.choices(("Create", "Vote", "Like", "Announce"), (6, 2, 3, 1))[0]
        if kind != "Create":
            found.append(Did(seq, who, at, kind))
            continue
        heard = max(-1.0, min(1.0, rng.gauss(feels[who], 0.35)))
        toward = round(heard * 1000) if rng.random() < 0.8 else None
        parent = rng.choice(found) if found and rng.random() < 0.5 else None
        answers = parent.seq if parent is not None and parent.kind == "Create" else None
        found.append(Did(seq, who, at, kind, toward, rng.random() < 0.1, rng.random() < 0.2, answers))
    return found


def tables(acts: list[Did], channel: str = "forum", first: int = 0) -> tuple[pa.Table, pa.Table]:
    """The lake's acts and readings; keys of people and things begin after `first`."""
    rows, heard = [], []
    for act in acts:
        moment = datetime.fromtimestamp(act.at, UTC)
        rows.append(
            {
                "batch": 1,
                "seq": act.seq + first,
                "channel": channel,
                "account": act.who + first,
                "type": "Create" if act.kind == "Vote" else act.kind,
                "source_key": act.seq + first,
                "object_type": {"Vote": "Vote", "Create": "Note"}.get(act.kind),
                "object_key": act.seq + first,
                "reply_key": act.answers and act.answers + first,
                "thread_key": None,
                "published": moment,
                "day": (moment - EPOCH).days,
                "value": None,
                "spontaneous": not act.prompted,
                "spoken_for": False,
            }
        )
        if act.kind == "Create":
            told = {"toward": act.toward, "valence": act.toward or 0, "unclear": act.unclear}
            where = {"seq": act.seq + first, "channel": channel, "account": act.who + first}
            heard.append({**where, "day": (moment - EPOCH).days, **told})
    return pa.Table.from_pylist(rows, schema=ACTS), pa.Table.from_pylist(heard, schema=READINGS)


def mapped(
    backend: Any,
    places: dict[str, tuple[pa.Table, pa.Table]],
    said: Said | None = None,
    as_of: datetime = UNTIL,
) -> dict[str, Scoped]:
    acts = on_engine(backend, pa.concat_tables([a for a, _ in places.values()]), ibis.util.gen_name("acts"))
    heard = on_engine(
        backend, pa.concat_tables([r for _, r in places.values()]), ibis.util.gen_name("readings")
    )
    settings = Settings(brand_accounts=tuple((name, BRAND) for name in places))
    maps = map_of(
        backend,
        acts,
        heard,
        said or Said(),
        as_of={**dict.fromkeys(places, as_of), ALL: as_of},
        settings=settings,
    )
    return {scoped.scope: scoped for scoped in maps}


def same(found: float, wanted: float) -> bool:
    return isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-9)


def test_every_number_is_what_plain_python_finds(duckdb: Any) -> None:
    acts = made_up(1)
    told = mapped(duckdb, {"forum": tables(acts)})["forum"]
    now = int(UNTIL.timestamp())
    cuts: list[int | None] = [*range(quarter(START), quarter(now)), None]
    assert set(told.standings) == {NOW if cut is None else cut for cut in cuts}
    seen = set()
    for cut in cuts:
        people = {who: at for who in range(40) if (at := stood(acts, who, cut, now)) is not None}
        standing, places = (each[NOW if cut is None else cut] for each in (told.standings, told.placed))
        assert standing.person.tolist() == sorted(people)
        wanted = placed(people)
        for row, who in enumerate(standing.person.tolist()):
            expected = people[who]
            assert standing.recent[row] == expected.recent
            assert same(standing.behaviour[row], expected.b)
            for found, value in zip(standing.evidence, expected[2:7], strict=True):
                assert same(found[row], value), (cut, who)
            if cut is not None:
                assert (standing.asked[row], standing.late[row]) == (expected.asked, expected.late)
            value, cell = wanted[who]
            assert isnan(places.affect.value[row]) if value is None else same(places.affect.value[row], value)
            assert CELLS[places.cells[row]] == cell
            seen.add(cell)
    assert seen == set(CELLS), "the made-up people stand in every cell"


def test_channels_beside_each_other_and_all_together(duckdb: Any) -> None:
    """A channel is told as if it were alone; all together, people are measured against all."""
    one, other = tables(made_up(2)), tables(made_up(3), "club", 100_000)
    alone, both = mapped(duckdb, {"forum": one}), mapped(duckdb, {"forum": one, "club": other})
    assert alone[ALL].scope == ALL
    for cut, standing in alone["forum"].standings.items():
        assert np.array_equal(both["forum"].standings[cut].person, standing.person)
        assert np.array_equal(both["forum"].placed[cut].cells, alone["forum"].placed[cut].cells)
    now = both[ALL].standings[NOW]
    assert len(now.person) == sum(len(both[name].standings[NOW].person) for name in ("forum", "club"))
    assert figures_of(list(alone.values()), 10)


def test_corrected_contested_answered_refused_and_set_apart(duckdb: Any) -> None:
    acts = made_up(4)
    now = int(UNTIL.timestamp())
    who = next(who for who in range(40) if (at := stood(acts, who, None, now)) and at.pieces >= 6)
    theirs = [
        act for act in acts if act.who == who and act.toward is not None and not act.unclear and act.at <= now
    ]
    gone, meant = theirs[0], theirs[1]
    lake = {"forum": tables(acts)}
    said = Said(
        corrections=[Correction(gone.seq, None), Correction(meant.seq, 1.0)],
        refusals=[
            Refusal(who, "forum", theirs[-1].at - 200 * DAY, True),
            Refusal(who, "elsewhere", 0, False),
        ],
    )
    changed = {gone: gone._replace(toward=None), meant: meant._replace(toward=1000)}
    wanted = stood([changed.get(act, act) for act in acts], who, None, now)
    assert wanted is not None
    found = mapped(duckdb, lake, said)["forum"].standings[NOW]
    row = found.person.tolist().index(who)
    assert [same(each[row], value) for each, value in zip(found.evidence, wanted[2:7], strict=True)] == [
        True
    ] * 5
    answered = Said(
        answers=[Answer(who, "forum", now - 180 * DAY, 1.0), Answer(who, "forum", now + DAY, 1.0)]
    )
    asked = mapped(duckdb, lake, answered)["forum"].standings[NOW].evidence
    plain = stood(acts, who, None, now)
    assert plain is not None
    assert same(asked.weight[row], plain.weight + 2.0)
    assert asked.pieces[row] == plain.pieces + 1
    apart = mapped(duckdb, lake, Said(apart=[who]))["forum"]
    assert apart.standings[NOW].evidence.pieces[row] == 0
    place = next(place for place in people_of([apart]) if place.account == who)
    assert place.value is None
    assert place.cell.startswith("unknown")


def test_nobody_and_too_few(duckdb: Any) -> None:
    """One person, one day, no text: on the map, unknown, and no figure tells of them."""
    one = [Did(1, 1, START, "Like"), Did(2, 1, START + 60, "Vote")]
    told = mapped(duckdb, {"forum": tables(one)}, as_of=datetime.fromtimestamp(START + DAY, UTC))
    assert [place.cell for place in people_of(list(told.values()))] == ["unknown_active"]
    assert figures_of(list(told.values()), 10) == []
    joined = [Did(1, 1, START, "Join"), Did(2, 1, START + 60, "Leave")]
    assert mapped(duckdb, {"forum": tables(joined)}) == {}, "nobody did anything"
    likes = mapped(duckdb, {"forum": tables(one[:1])}, as_of=datetime.fromtimestamp(START + DAY, UTC))
    assert people_of(list(likes.values())) == []


def test_figures_keep_to_groups_and_name_only_what_they_know(duckdb: Any) -> None:
    told = mapped(duckdb, {"forum": tables(made_up(1, people=150, acts=4_000))})
    figures = figures_of(list(told.values()), 10)
    assert {figure.measure for figure in figures} == set(MEASURES)
    for figure in figures:
        if figure.n is not None and figure.measure != "affect" and not figure.label.endswith("_difference"):
            assert figure.n == 0 or figure.n >= 10, figure
        if figure.measure in ("map", "map_health"):
            assert figure.low is not None
            assert figure.low <= figure.value <= figure.high
    by_period: dict[Any, float] = {}
    for figure in figures:
        if (figure.measure, figure.scope) == ("map", "forum") and figure.label != "detached_against":
            by_period[figure.period] = by_period.get(figure.period, 0.0) + (figure.n or 0)
    people = {f.period: f.d for f in figures if f.measure == "map" and f.scope == "forum"}
    assert by_period == people, "cells and what is hidden of them add up to everybody"


@pytest.mark.parametrize(
    ("sizes", "told"), [((80, 5), False), ((80, 12), True), ((80, 5, 6), True), ((80,), True)]
)
def test_all_channels_are_told_where_nobody_learns_of_a_small_one_by_subtraction(
    sizes: tuple[int, ...], told: bool
) -> None:
    apart = [strewn(place, size)._replace(scope=f"c{place}") for place, size in enumerate(sizes)]
    figures = figures_of([strewn(9)._replace(scope=ALL), *apart], 10)
    assert any(figure.scope == ALL for figure in figures) == told
    assert {figure.scope for figure in figures} - {ALL} == {
        f"c{n}" for n, size in enumerate(sizes) if size >= 10
    }


def strewn(seed: int, people: int = 90) -> Scoped:
    """People strewn over the cells of four quarters, some of which are nearly empty."""
    random, nothing = np.random.default_rng(seed), np.zeros(people)
    nobody = Affect(nothing, nothing, nothing, nothing.astype(bool))
    standings, places = {}, {}
    for cut in range(8_092, 8_096):
        who = np.sort(random.choice(140, people, replace=False)).astype(np.int64)
        cells = random.choice(8, people, p=[0.3, 0.12, 0.08, 0.1, 0.04, 0.03, 0.2, 0.13]).astype(np.int8)
        evidence = Evidence(*([nothing] * 5))
        standings[cut] = Standing(who, nothing.astype(bool), nothing, evidence, *([nothing] * 4))
        places[cut] = Placed(COMMUNITY, nobody, cells)
    return Scoped("forum", standings, places, 8_096)


def test_moves_do_not_tell_what_the_map_hides() -> None:
    """Whoever stayed in a cell, left it and came into it adds up to those who were in it."""
    several = 0
    for seed in range(12):
        figures = map_figures(strewn(seed), 10)
        told = {(figure.period, figure.label) for figure in figures if figure.measure == "map"}
        hidden = {(period, cell) for period in {p for p, _ in told} for cell in TOLD} - told
        several += len(hidden) > 1
        for figure in (figure for figure in figures if figure.measure == "map_moves"):
            assert figure.period is not None
            before = (figure.period - timedelta(days=80)).replace(day=1)
            start, _to, end = figure.label.partition(">")
            assert (before, start) not in hidden, figure
            assert (figure.period, end) not in hidden, figure
    assert several, "some cells are hidden to protect others"


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_known_answers(path: Path) -> None:
    case = json.loads(path.read_text())
    rows = case["people"]
    evidence = Evidence(*(np.array([row[name] for row in rows], float) for name in Evidence._fields))
    community = community_of(evidence, fewest=case["fewest"])
    for name, wanted in case["community"].items():
        found = getattr(community, name)
        assert isnan(found) if wanted is None else isclose(found, wanted, abs_tol=5e-7), (name, found)
    told = affect_of(evidence, community)
    cells = cells_of(
        told, np.array([row["b"] for row in rows], float), np.array([row["recent"] for row in rows])
    )
    for at, row in enumerate(rows):
        for name in ("value", "low", "high"):
            found, wanted = getattr(told, name)[at], row["expected"][name]
            assert isnan(found) if wanted is None else isclose(found, wanted, abs_tol=5e-7), (at, name, found)
        assert CELLS[cells[at]] == row["expected"]["cell"]


values = hnp.arrays(np.float64, st.integers(3, 12), elements=st.floats(-1, 1))


def summed(texts: np.ndarray[Any, Any]) -> Evidence:
    ones = np.ones_like(texts)
    told = (ones.sum(), ones.sum(), texts.sum(), (texts * texts).sum(), ones.sum())
    return Evidence(*(np.array([each]) for each in told))


@given(values, st.floats(-1, 1))
@settings(max_examples=100, deadline=None)
def test_bounds_hold_order_does_not_matter_and_more_evidence_never_widens(texts: Any, more: float) -> None:
    one, turned = affect_of(summed(texts), COMMUNITY), affect_of(summed(texts[::-1]), COMMUNITY)
    assert np.allclose(one.value, turned.value, rtol=1e-12, equal_nan=True)
    after = affect_of(summed(np.append(texts, more)), COMMUNITY)
    for told in (one, after):
        if told.known[0]:
            assert -1 <= told.low[0] <= told.value[0] <= told.high[0] <= 1
        else:
            assert isnan(told.value[0])
            assert isnan(told.low[0])
    if one.known[0]:
        assert after.known[0]
        inside = one.low[0] > -0.99 and one.high[0] < 0.99 and after.low[0] > -0.99 and after.high[0] < 0.99
        assert not inside or after.high[0] - after.low[0] < one.high[0] - one.low[0]


@given(
    hnp.arrays(np.int64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=7), elements=st.integers(0, 60))
)
@settings(max_examples=150, deadline=None)
def test_nobody_is_found_by_subtraction(counts: Any) -> None:
    """Whoever knows every told count and every total learns nothing of fewer than ten, as long as lines have others."""
    shown = shown_of(counts, 10)
    assert not (shown & (counts > 0) & (counts < 10)).any()
    lines = [(counts[i], shown[i]) for i in range(counts.shape[0])]
    if counts.shape[0] > 1:
        lines += [(counts[:, i], shown[:, i]) for i in range(counts.shape[1])]
    for numbers, told in lines:
        hidden = numbers[~told]
        assert not len(hidden) or hidden.sum() >= 10 or not told.any()


def test_moves_count_everybody_once() -> None:
    rng = np.random.default_rng(5)
    before = (np.arange(0, 60), rng.integers(0, 8, 60).astype(np.int8))
    after = (np.arange(30, 100)[::-1], rng.integers(0, 8, 70).astype(np.int8))
    table = moves_of(before, after).table
    assert table.sum() == 100
    assert table[0].sum() == 40
    assert table[:, len(TOLD)].sum() == 30
    assert table[0, len(TOLD)] == 0


def test_the_difference_of_two_shares_turns_with_its_sides() -> None:
    one, (low, high) = difference((9, 10), (3, 10))
    other, (low_back, high_back) = difference((3, 10), (9, 10))
    assert (other, low_back, high_back) == pytest.approx((-one, -high, -low))
    assert round(one, 2) == 0.6
    assert (round(low, 4), round(high, 4)) == (0.1705, 0.8090)  # Newcombe 1998, table II, (g), method 10


@pytest.mark.spark
@pytest.mark.slow
def test_spark_tells_the_same(spark: Any, duckdb: Any) -> None:
    places = {"forum": tables(made_up(6, 25, 250)), "club": tables(made_up(7, 12, 60), "club", 100_000)}
    said = Said([Correction(2, 0.0), Correction(3, None)], [Answer(3, "forum", START + 40 * DAY, 0.5)])
    known, found = mapped(duckdb, places, said), mapped(spark, places, said)
    assert known.keys() == found.keys()
    for scope, scoped in known.items():
        assert scoped.standings.keys() == found[scope].standings.keys()
        for cut, standing in scoped.standings.items():
            other = found[scope].standings[cut]
            assert np.array_equal(standing.person, other.person)
            assert np.allclose(standing.behaviour, other.behaviour, atol=1e-9)
            assert np.allclose(np.array(standing.evidence), np.array(other.evidence), rtol=1e-9, atol=1e-9)
            assert np.array_equal(scoped.placed[cut].cells, found[scope].placed[cut].cells)
