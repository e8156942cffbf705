"""Two installations that read the same acts tell the same figures, though each draws its own keys; the placebo deals
readings out among the texts that had one."""

import json
import random
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest
from durability_oracle import DAY
from engagement_cases import ACTS, EPOCH, on_engine

from estime.engagement.actions.validate import UNKNOWN, _cells
from estime.engagement.measures.durability import Durability
from estime.engagement.measures.validity import Validity
from estime.engagement.models import Place
from estime.engagement.tables.arrival import numbered
from estime.engagement.tables.foresee import Foreseen, validated
from estime.engagement.tables.placebo import dealt
from estime.engagement.tables.prepare import prepare
from estime.engagement.tables.shelf import Shelf

START, DAYS = 20_000, 480
MODULUS = (1 << 59) - 55  # a prime: multiplying by anything else is a drawing of keys


def keyed(number: int | None, secret: int) -> int | None:
    return None if number is None else number * secret % MODULUS


def community(secret: int) -> pa.Table:
    """Ninety people, half of whom stay; some come within the same second. Keys are those of one installation."""
    rng = random.Random(4)
    said = []
    for who in range(1, 91):
        day, end = float(rng.randrange(200)), DAYS if who % 2 else rng.uniform(210, 300)
        while day < end:
            said.append((int((START + day) * DAY), who))
            day += rng.expovariate(1 / 22) + 0.01
    rows = [
        {
            **dict.fromkeys(ACTS.names),
            "batch": 1, "seq": seq, "channel": "forum", "account": keyed(who, secret), "type": "Create",
            "object_type": "Note", "source_key": seq, "object_key": keyed(1_000 + seq, secret),
            "reply_key": keyed(1_000 + seq - rng.randrange(1, 9), secret) if seq % 3 else None,
            "thread_key": keyed(seq // 6, secret), "published": EPOCH.fromtimestamp(at, EPOCH.tzinfo),
            "day": at // DAY, "spontaneous": True, "spoken_for": False,
        }
        for seq, (at, who) in enumerate(sorted(said), 10)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=ACTS)


def scores(acts: pa.Table) -> pa.Table:
    """How each text reads; every third says nothing clear."""
    seq = acts["seq"].to_numpy()
    tone = np.where(seq % 3 == 0, np.nan, np.sin(seq))
    toward = np.where(seq % 4 == 0, tone, np.nan)
    columns = {"affect_valence": tone, "affect_strength": np.abs(tone), "affect_toward": toward}
    return pa.table({"seq": seq, **{name: pa.array(v, from_pandas=True) for name, v in columns.items()}})


def told(secret: int) -> dict[str, Any]:
    backend, acts = ibis.duckdb.connect(threads=2), community(secret)
    with Shelf(backend) as shelf:
        known, keys = numbered(shelf, shelf.keep(prepare(on_engine(backend, acts, "acts"), ())))
        read = on_engine(backend, scores(acts), "scores")
        found = validated(shelf, known, START + DAYS, scores=read, people=60, replicates=30)
        first = known.filter(known.person == 0)["at"].min().to_pyarrow().as_py()
    assert isinstance(found, Validity)
    assert first == min(acts["published"].to_pylist()).timestamp()
    assert sorted(keys.tolist()) == sorted(set(acts["account"].to_pylist()))
    return found.as_json()


def test_two_installations_with_the_same_acts_tell_the_same_figures() -> None:
    one, other = told(secret=3**37 % MODULUS), told(secret=5**29 % MODULUS)
    assert json.dumps(one) == json.dumps(other)
    assert one["persons"] < 60, "half of the people are sampled, the same half"
    assert one["heard"]["toward"] < one["heard"]["tone"] < one["heard"]["texts"]
    assert None not in (one["placebo"], one["toward"])


def test_what_was_read_is_dealt_out_among_the_texts_that_had_it() -> None:
    backend, acts = ibis.duckdb.connect(), community(7_919)
    with Shelf(backend) as shelf:
        known, _ = numbered(shelf, shelf.keep(prepare(on_engine(backend, acts, "acts"), ())))
        read = on_engine(backend, scores(acts), "scores")
        made = {part: dealt(shelf, known, read, part).scores.to_pyarrow().to_pandas() for part in (1, 3)}
    whole = made[1]
    for name in ("valence", "strength", "toward"):
        own, drawn = whole[f"affect_{name}"], whole[f"dealt_{name}"]
        assert (own.isna() == drawn.isna()).all()
        assert sorted(own.dropna()) == sorted(drawn.dropna())
        assert (own.dropna() != drawn.dropna()).mean() > 0.9
    assert (whole["dealt_valence"].abs().dropna() == whole["dealt_strength"].dropna()).all(), "dealt together"
    assert 0 < len(made[3]) < len(whole) / 2


@pytest.mark.django_db
def test_people_are_found_on_the_map_by_their_keys_again() -> None:
    keys = np.array([555, 333, 444])
    for account, cell in ((333, "attached_active"), (555, "critical")):
        kept = {"value": 0.1, "low": 0.0, "high": 0.2, "pieces": 4, "weight": 4.0}
        Place.objects.create(account=account, scope="forum", as_of=EPOCH, cell=cell, **kept)
    now = Foreseen(np.array([0, 1, 2]), np.full(3, 0.5), Durability((), 0.1, (), None, 0, 0))
    assert _cells(now, keys) == ["critical", "attached_active", UNKNOWN]
