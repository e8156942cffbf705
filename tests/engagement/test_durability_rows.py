"""What durability is told from: against plain Python, blind to the future, the same on every engine."""

import random
from math import isclose
from typing import Any

import ibis
import pyarrow as pa
import pytest
from durability_oracle import DAY, Act, oracle
from engagement_cases import ACTS, EPOCH, on_engine

from estime.engagement.tables.durability import durability_rows
from estime.engagement.tables.prepare import prepare
from estime.engagement.tables.shelf import Shelf

START = 20_000
CUTS = [START + 90, START + 200, START + 420]


def conversation(seed: int, size: int = 120) -> list[Act]:
    """Made-up people who open threads, answer each other and fall silent."""
    rng = random.Random(seed)
    acts: list[Act] = []
    at = START * DAY
    for number in range(size):
        at += int(rng.expovariate(1 / (4 * DAY)))
        who = min(int(rng.expovariate(0.25)), 9) + 1
        if acts and rng.random() < 0.7:
            parent = rng.choice(acts[-12:])
            acts.append(Act(who, at, number + 1, parent.object, parent.thread))
        else:
            acts.append(Act(who, at, number + 1, None, None if rng.random() < 0.1 else 1_000 + number))
    return acts


def table(acts: list[Act], extra: tuple[dict[str, Any], ...] = ()) -> pa.Table:
    rows = [
        {
            "channel": "forum",
            "account": act.who,
            "type": "Create",
            "object_type": "Note",
            "object_key": act.object,
            "reply_key": act.answers,
            "thread_key": act.thread,
            "published": EPOCH.fromtimestamp(act.at, EPOCH.tzinfo),
            "day": act.day,
        }
        for act in acts
    ]
    filled = {"batch": 1, "value": None, "spontaneous": True, "spoken_for": False}
    made = [
        {**dict.fromkeys(ACTS.names), **filled, "seq": seq, "source_key": seq, **row}
        for seq, row in enumerate([*rows, *extra], 1)
    ]
    return pa.Table.from_pylist(made, schema=ACTS)


def told(
    backend: Any, acts: pa.Table, cuts: list[int], brand: tuple[tuple[str, int], ...] = (), **more: Any
) -> dict[tuple[int, int], dict[str, Any]]:
    source = on_engine(backend, acts, ibis.util.gen_name("acts"))
    if "scores" in more:
        more["scores"] = on_engine(backend, more["scores"], ibis.util.gen_name("scores"))
    with Shelf(backend) as shelf:
        rows = durability_rows(shelf, prepare(source, brand), cuts, **more).to_pyarrow().to_pylist()
    return {(row["person"], row["cut"]): row for row in rows}


def same(found: Any, wanted: Any) -> bool:
    return found is wanted if None in (found, wanted) else isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-9)


@pytest.fixture(scope="module")
def places() -> list[list[Act]]:
    """Conversations of twelve places; nobody and nothing is in two of them."""
    return [apart(conversation(seed), seed) for seed in range(12)]


@pytest.fixture(scope="module")
def whole(places: list[list[Act]]) -> dict[tuple[int, int], dict[str, Any]]:
    return told(ibis.duckdb.connect(), table([act for acts in places for act in acts]), CUTS)


def apart(acts: list[Act], place: int) -> list[Act]:
    def moved(key: int | None) -> int | None:
        return None if key is None else key + 10_000 * place

    return [
        Act(act.who + 10_000 * place, act.at, moved(act.object) or 0, moved(act.answers), moved(act.thread))
        for act in acts
    ]


def test_every_column_is_what_plain_python_finds(
    places: list[list[Act]], whole: dict[tuple[int, int], dict[str, Any]]
) -> None:
    wanted = {
        (who, cut): oracle(acts, who, cut)
        for acts in places
        for who in {act.who for act in acts}
        for cut in CUTS
    }
    assert whole.keys() == {key for key, row in wanted.items() if row is not None}
    for key, row in whole.items():
        expected = wanted[key] or {}
        wrong = {name: (row[name], value) for name, value in expected.items() if not same(row[name], value)}
        assert not wrong, (key, wrong)


def test_only_the_wait_knows_what_came_after_the_cut_and_a_sample_is_told_the_same(
    places: list[list[Act]], whole: dict[tuple[int, int], dict[str, Any]]
) -> None:
    cut = CUTS[1]
    past = [act for acts in places for act in acts if act.day < cut]
    then = told(ibis.duckdb.connect(), table(past), [cut], part=3)
    assert then.keys() == {key for key in whole if key[1] == cut and key[0] % 3 == 0}
    for key, row in then.items():
        assert {
            name for name, value in row.items() if name != "wait" and not same(value, whole[key][name])
        } == set()
        assert row["wait"] is None


def test_likes_keep_nobody_here_the_brand_is_not_asked_about_and_scores_of_texts_fade(duckdb: Any) -> None:
    acts = [
        *conversation(3),
        Act(70, START * DAY, 901, None, 905),
        Act(70, (START + 89) * DAY, 902, None, 905),
    ]
    likes = ((77, 80), (77, 85), (1, 85), (1, 20))
    liking = tuple(
        {
            "channel": "forum",
            "account": who,
            "type": "Like",
            "object_key": 1,
            "day": START + day,
            "published": EPOCH.fromtimestamp((START + day) * DAY, EPOCH.tzinfo),
        }
        for who, day in likes
    )
    scores = pa.table({"seq": pa.array([len(acts) - 1, len(acts)], pa.int64()), "words_thanks": [1.0, 0.0]})
    found = told(duckdb, table(acts, liking), CUTS[:1], brand=(("forum", 2),), scores=scores)
    assert not {person for person, _ in found} & {77, 2}
    assert any(row["received_brand"] for row in found.values())
    first = found[1, CUTS[0]]
    assert (first["likes30"], first["likes180"]) == (1, 2)
    assert first["wait"] == (oracle(acts, 1, CUTS[0]) or {})["wait"]
    assert first["words_thanks_mean"] is None
    halves = 2 ** (-1 / 90), 2 ** (-1)
    wrote = found[70, CUTS[0]]
    assert wrote["words_thanks_mean"] == pytest.approx(halves[1] / sum(halves))
    assert wrote["words_thanks_last"] == 0


@pytest.mark.spark
@pytest.mark.slow
def test_spark_tells_the_same(spark: Any, duckdb: Any) -> None:
    acts = table(conversation(11, 60))
    scores = pa.table({"seq": pa.array([1, 2, 9], pa.int64()), "words_thanks": [1.0, 0.0, 0.5]})
    known = told(duckdb, acts, CUTS[:2], scores=scores)
    found = told(spark, acts, CUTS[:2], scores=scores)
    assert found.keys() == known.keys()
    for key, row in known.items():
        assert {name for name, value in row.items() if not same(found[key][name], value)} == set()
