"""The engagement map, and durability, of 500,000 people and 10 million acts on DuckDB: seconds and memory.

`python bench/map.py [ACTS]` writes made-up lake tables (acts and readings, as Parquet) under ESTIME_BENCH (default
/tmp/estime-bench) once, and measures in a process of its own. 500,000 is a twentieth of the full size.
"""

import os
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

BENCH = Path(os.environ.get("ESTIME_BENCH", "/tmp/estime-bench"))
START = datetime(2022, 1, 3, tzinfo=UTC)
DAYS = 3 * 365
PART = 500_000
TYPES = np.array(["Like", "Create", "Create", "Create", "Announce", "Join"])
OBJECTS = np.array([None, "Note", "Note", "Vote", None, None], dtype=object)
SHARES = np.array([0.40, 0.25, 0.10, 0.15, 0.05, 0.05])
REPLIES = 1
"""The kind that answers something."""


def folder(acts: int) -> Path:
    """Where the tables of this size are; made the first time."""
    made = BENCH / f"map-{acts}"
    if not (made / "done").exists():
        made.mkdir(parents=True, exist_ok=True)
        write(made, acts, max(10, acts // 20))
        (made / "done").touch()
    return made


def write(made: Path, acts: int, people: int) -> None:
    """Heavy-tailed people who differ in how they feel; replies go to recent acts, some texts are of somebody else."""
    random = np.random.default_rng(1)
    busy = np.cumsum(random.pareto(1.3, people) + 0.2)
    feels = np.clip(random.normal(0.15, 0.4, people), -0.9, 0.9)
    writers: list[pq.ParquetWriter] = []
    for start in range(0, acts, PART):
        for number, table in enumerate(part(random, (start, min(PART, acts - start), acts), busy, feels)):
            if len(writers) <= number:
                writers.append(
                    pq.ParquetWriter(made / f"{('acts', 'readings')[number]}.parquet", table.schema)
                )
            writers[number].write_table(table)
    for writer in writers:
        writer.close()


def part(
    random: np.random.Generator, span: tuple[int, int, int], busy: np.ndarray, feels: np.ndarray
) -> tuple[pa.Table, pa.Table]:
    """Acts and readings from one number on."""
    start, count, acts = span
    seq = np.arange(start, start + count)
    who = np.minimum(np.searchsorted(busy, random.random(count) * busy[-1]), len(busy) - 1)
    kind = random.choice(len(TYPES), count, p=SHARES)
    seconds = (seq * (DAYS * 86_400 / acts)).astype(np.int64)
    at = int(START.timestamp()) + seconds
    parent = np.maximum(seq - (random.exponential(2_000, count) + 1).astype(np.int64), 0)
    answering = kind == REPLIES
    table = pa.table(
        {
            "batch": np.full(count, 1), "seq": seq + 1, "channel": pa.array(["community"] * count),
            "account": who + 1, "type": pa.array(TYPES[kind]), "object_type": pa.array(OBJECTS[kind], pa.string()),
            "source_key": seq + 1, "object_key": seq + 1,
            "reply_key": pa.array(parent + 1, mask=~answering), "thread_key": pa.nulls(count, pa.int64()),
            "published": pa.array(at * 1_000_000, pa.timestamp("us", "UTC")),
            "day": (at // 86_400).astype(np.int32), "value": pa.nulls(count, pa.float64()),
            "spontaneous": random.random(count) < 0.9, "spoken_for": np.zeros(count, bool),
        }
    )  # fmt: skip
    texts = np.flatnonzero((kind == 1) | (kind == 2))
    valence = np.clip(random.normal(feels[who[texts]], 0.35) * 1000, -1000, 1000).astype(np.int16)
    readings = pa.table(
        {
            "seq": seq[texts] + 1, "channel": pa.array(["community"] * len(texts)), "account": who[texts] + 1,
            "day": (at[texts] // 86_400).astype(np.int32),
            "toward": pa.array(valence, mask=random.random(len(texts)) < 0.5), "valence": valence,
            "unclear": random.random(len(texts)) < 0.2,
        }
    )  # fmt: skip
    return table, readings


def measure(made: Path) -> None:
    """Print what it takes."""
    import ibis

    from estime.engagement.families import ALL
    from estime.engagement.settings import Settings
    from estime.engagement.tables.foresee import foreseen
    from estime.engagement.tables.place import Said, figures_of, map_of, people_of
    from estime.engagement.tables.prepare import prepare
    from estime.engagement.tables.shelf import Shelf

    backend = ibis.duckdb.connect(threads=int(os.environ.get("THREADS", "2")))
    acts, readings = (backend.read_parquet(made / f"{name}.parquet") for name in ("acts", "readings"))
    now = START + timedelta(days=DAYS)
    begun = time.perf_counter()
    maps = map_of(backend, acts, readings, Said(), as_of={"community": now, ALL: now}, settings=Settings())
    found = figures_of(maps, 10)
    people = people_of(maps)
    mapped = time.perf_counter() - begun
    print(
        f"map: {mapped:.1f} s, {len(people):,} people, {sum(p.value is not None for p in people):,} known, {len(found)} figures",
        flush=True,
    )
    begun = time.perf_counter()
    with Shelf(backend) as shelf:
        base = shelf.keep(prepare(acts, ()))
        told = foreseen(shelf, base, int(now.timestamp()) // 86_400)
    foresaw = time.perf_counter() - begun
    print(f"durability: {foresaw:.1f} s, {type(told).__name__}")
    print(
        f"together: {mapped + foresaw:.1f} s, peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )


if __name__ == "__main__":
    if "--measure" in sys.argv:
        measure(Path(sys.argv[-1]))
    else:
        made = folder(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
        subprocess.run([sys.executable, __file__, "--measure", str(made)], check=True)
