"""How fast similar titles are found among 100,000, at every keystroke, on both databases; and what writing them costs.

`python bench/similar.py [TITLES]`; PostgreSQL where ESTIME_BENCH_POSTGRESQL (or ESTIME_TEST_POSTGRESQL) names a server. Titles are made of
real words in real neighbourhoods: the beginning of one real sentence and the end of another (XED and tweets in French; XED, Polis statements,
topics of a forum and Reddit comments in English), half French, half English, 3 to 14 words, none twice, a slip in every fourth. Bodies are three such sentences and ten.
Half of the titles typed are there, with one slip; the others are composed anew. Typed letter by letter, from the fourth letter on.
"""

import gc
import random
import re
import statistics
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / p) for p in ("src", "bench")]
import similar_quality as real
from installed import installed

SPACES, CHALLENGES = 4, 40
TABLES = tuple(f"cocreation_title{end}" for end in ("", "_posting", "_body", "_word", "_near"))


def sentences() -> tuple[list[str], list[str]]:
    def lines(path: str) -> list[str]:
        told = (
            re.sub(r"@\w+|https?\S+|#", "", line.split("\t")[0]).strip()
            for line in (real.SHARED / path).read_text().splitlines()
        )
        return [t for t in told if 4 <= len(t.split()) <= 30]

    french = real.xed("xed_fr") + lines("affect/tweets/french/train_text.txt")
    english = real.xed("xed_en") + real.polis() + real.topics() + lines("affect/goemotions_train.tsv")
    return french, english


def composed(rng: random.Random, pool: list[str]) -> str:
    one, other = rng.choice(pool).split(), rng.choice(pool).split()
    a, b = rng.randint(2, 6), rng.randint(2, 6)
    at = rng.randrange(max(1, len(other) - b))
    return " ".join([*one[:a], *other[at : at + b]])[:160]


def titles(count: int, rng: random.Random) -> list[str]:
    pools, made = sentences(), {}
    slip = real._in_word(real._neighbour)
    while len(made) < count:
        title = composed(rng, pools[len(made) % 2])
        made[slip(title, "", rng) or title if rng.random() < 0.25 else title] = None
    return list(made)


def told(name: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    p = [ordered[min(len(ordered) - 1, int(len(ordered) * q))] * 1000 for q in (0.5, 0.99)]
    print(
        f"{name}: p50 {p[0]:.1f} ms, p99 {p[1]:.1f} ms, worst {ordered[-1] * 1000:.1f} ms ({len(ordered):,} times)",
        flush=True,
    )


def keystrokes(rng: random.Random, there: list[str], count: int) -> list[str]:
    pools, made = sentences(), []
    for n in range(count):
        title = composed(rng, pools[n % 2])
        if n % 4 < 2:
            title = real._in_word(real._neighbour)(rng.choice(there), "fr", rng) or title
        made += [title[:length] for length in range(4, len(title) + 1)]
    return made


def timed(call, *args, **named) -> float:
    begun = time.perf_counter()
    call(*args, **named)
    return time.perf_counter() - begun


Scope = dict[int, tuple[int, int]]
"""Number of a title → its space and its challenge."""


def measure(count: int) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    rng = random.Random(5)
    every = titles(count + 3_000, rng)
    there, fresh = every[:count], every[count:]
    scope = {pk: (pk % SPACES + 1, pk % CHALLENGES + 1) for pk in range(1, len(every) + 1)}
    bodies = filled(there, scope, rng)
    settled()
    asked = keystrokes(rng, there, 150)
    gc.collect()
    gc.freeze()  # a server does not hold the benchmark's sentences: looking through them is not its time
    searched(asked)
    written(fresh, count, scope, bodies)


def filled(there: list[str], scope: Scope, rng: random.Random) -> list[str]:
    """Put every title in, and told how long; with bodies once more where asked. Returns the bodies."""
    from django.db import connection

    from estime.cocreation.similar.index import Title, titles_put_many

    def row(pk: int, title: str, *body: str) -> Title:
        return Title(pk, scope[pk][0], title, scope[pk][1], *body)

    seconds = timed(titles_put_many, (row(pk, t) for pk, t in enumerate(there, 1)))
    print(
        f"{connection.vendor}: titles_put_many, titles alone: {seconds:.1f} s for {len(there):,}", flush=True
    )
    sizes()
    if "bodies" not in sys.argv:
        return [""] * 2_000
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")
    bodies = [". ".join(rng.choices(there, k=rng.choice((3, 10)))) for _ in range(2_000)]
    seconds = timed(
        titles_put_many, (row(pk, t, bodies[pk % 2_000][pk % 7 :]) for pk, t in enumerate(there, 1))
    )
    print(f"the same with bodies: {seconds:.1f} s", flush=True)
    sizes()
    return bodies


def settled() -> None:
    from django.db import connection

    from estime.cocreation.similar.settle import titles_settle

    print(f"titles_settle: {timed(titles_settle):.1f} s; {titles_settle()}", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        for table in TABLES:
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            print(table, f"{cursor.fetchone()[0]:,}")


def searched(asked: list[str]) -> None:
    from estime.cocreation.similar import words
    from estime.cocreation.similar.find import similar
    from estime.cocreation.similar.search import search

    words._words_of.cache_clear()
    told("similar, every space", [timed(similar, None, text) for text in asked])
    told("similar, one space", [timed(similar, 1, text) for text in asked])
    told("search, every space", [timed(search, None, None, text) for text in asked[::3]])
    told(
        "search, one challenge",
        [timed(search, 2, 1 + n % CHALLENGES, text) for n, text in enumerate(asked[::3])],
    )
    slow = sorted(((timed(similar, None, text), text) for text in asked[:2000]), reverse=True)[:3]
    print("slowest again:", [(f"{s * 1000:.0f} ms", t) for s, t in slow])


def written(fresh: list[str], count: int, scope: Scope, bodies: list[str]) -> None:
    from django.db import transaction

    from estime.cocreation.similar.index import title_put, title_remove

    def put(pk: int, title: str) -> float:
        space, challenge = scope[pk]
        with transaction.atomic():
            return timed(title_put, pk, space, title, challenge=challenge, body=bodies[pk % 2_000])

    puts = [put(pk, t) for pk, t in enumerate(fresh[:1500], count + 1)]
    changes = [put(pk, t) for pk, t in enumerate(fresh[1500:2500], count + 1)]
    gone = []
    for pk in range(count + 1, count + 500):
        with transaction.atomic():
            gone.append(timed(title_remove, pk))
    told("title_put, a new one", puts)
    told("title_put, another title", changes)
    told("title_remove", gone)
    print(f"mean title_put {statistics.mean(puts) * 1000:.2f} ms (in a transaction, without its commit)")


def sizes() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            print(f"  file: {Path(connection.settings_dict['NAME']).stat().st_size / 1e6:.0f} MB")
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
            print(f"  database: {cursor.fetchone()[0] / 1e6:.0f} MB")


def main() -> None:
    with installed("similar", postgresql="postgresql" in sys.argv):
        measure(int(next((w for w in sys.argv[1:] if w.isdigit()), 100_000)))


if __name__ == "__main__":
    main()
