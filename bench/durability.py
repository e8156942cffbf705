"""How likely everybody is to stay, of made-up people: `python bench/durability.py [ACTS]` (default 10 million acts).

A twentieth as many people, over three years, in threads, seven of ten acts answering another. Prints seconds.
"""

import sys
import time

import ibis

from estime.engagement.measures.durability import TooShort
from estime.engagement.tables.durability import durability_rows
from estime.engagement.tables.foresee import foreseen
from estime.engagement.tables.prepare import prepare
from estime.engagement.tables.shelf import Shelf

START, DAYS = 19_000, 1_095

# People come in over the years at a rate of their own and go; few are very busy.
MADE = """
CREATE TEMP TABLE acts AS
WITH people AS (
 SELECT i AS account, (hash(i) % 1000) / 1000.0 AS joins, 4 + 40 * pow((hash(i + 7) % 1000) / 1000.0, 6) AS busy,
  0.02 + pow((hash(i + 3) % 1000) / 1000.0, 3) AS stays FROM range(1, {people} + 1) t(i)
), raw AS (
 SELECT account, {start} + least({days} - 0.001, {days} * (joins + (1 - joins) * stays * (hash(account * 97 + k) % 100000)
  / 100000.0)) AS moment FROM people, unnest(range(greatest(1, CAST(busy * 2 AS INT)))) u(k)
), numbered AS (SELECT account, moment, row_number() OVER (ORDER BY moment) AS n FROM raw)
SELECT 1::BIGINT AS batch, n::BIGINT AS seq, 'forum' AS channel, account::BIGINT AS account, 'Create' AS type,
 'Note' AS object_type, n::BIGINT AS source_key, n::BIGINT AS object_key,
 CASE WHEN hash(n) % 10 < 7 AND n > 50 THEN n - 1 - (hash(n + 1) % 40)::BIGINT END AS reply_key,
 (n // 12)::BIGINT AS thread_key, make_timestamp((moment * 86400000000)::BIGINT)::TIMESTAMPTZ AS published,
 floor(moment)::INTEGER AS day, NULL::DOUBLE AS value, true AS spontaneous, false AS spoken_for
FROM numbered WHERE n <= {acts}
"""


def main(acts: int) -> None:
    backend = ibis.duckdb.connect()
    backend.raw_sql("SET TimeZone = 'UTC'")
    backend.raw_sql("SET threads = 2")
    backend.raw_sql(MADE.format(people=acts // 20, acts=acts, start=START, days=DAYS))
    table = backend.table("acts")
    print(backend.raw_sql("SELECT count(*), count(DISTINCT account) FROM acts").fetchall())
    with Shelf(backend) as shelf:
        begun = time.perf_counter()
        prepared = shelf.keep(prepare(table, []))
        print(f"prepared {time.perf_counter() - begun:.1f} s")
        begun = time.perf_counter()
        rows = durability_rows(shelf, prepared, [START + DAYS]).count().to_pyarrow()
        print(f"columns of {rows} people now {time.perf_counter() - begun:.1f} s")
        begun = time.perf_counter()
        found = foreseen(shelf, prepared, START + DAYS)
        if isinstance(found, TooShort):
            raise SystemExit(f"nothing learnt: {found}")
        print(
            f"learnt from {found.model.rows} rows, {len(found.person)} told {time.perf_counter() - begun:.1f} s"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
