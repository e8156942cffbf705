"""How fast new texts are read and kept, with language, and what that takes of memory; and what few new texts cost.

`python bench/listening.py [TEXTS] [postgresql] [one]`; PostgreSQL where ESTIME_BENCH_POSTGRESQL (or
ESTIME_TEST_POSTGRESQL) names a server; `one` reads in one process. Texts are real ones of shared/data: tweets in French
and English, Reddit comments, film subtitles; every third is two of them, the others carry a number.
"""

import os
import random
import resource
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from installed import installed

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("src", "bench")]
SHARED = Path(os.environ.get("ESTIME_SHARED", ROOT.parent / "shared")) / "data" / "affect"
BATCH = 25_000
START = datetime(2022, 1, 3, tzinfo=UTC)


def texts() -> list[str]:
    """All that there are, as they come."""
    files = [SHARED / "tweets" / lang / "train_text.txt" for lang in ("french", "english")]
    files += [SHARED / name for name in ("goemotions_train.tsv", "xed_fr.tsv", "xed_en.tsv")]
    return [line.split("\t")[0] for path in files for line in path.read_text("utf-8").splitlines()]


def batches(count: int, first: int = 0) -> Iterator[list]:
    from estime.ledger.drafts import ActDraft

    rng, pool = random.Random(7 + first), texts()
    for start in range(first, first + count, BATCH):
        rows = []
        for number in range(start, min(start + BATCH, first + count)):
            text = (
                f"{rng.choice(pool)} {rng.choice(pool)}"
                if number % 3 == 0
                else f"{rng.choice(pool)} {number}"
            )
            at = START + timedelta(seconds=90 * number)
            who = f"u{int(rng.paretovariate(0.7)) % 50_000}"
            rows.append(
                (number, ActDraft(f"a{number}", who, "Create", at, f"o{number}", "Note", content=text))
            )
        yield rows


class Memory(threading.Thread):
    """The most that this process and its children held at once, in MB (proportional: what is shared counts once)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most, self._done = 0.0, threading.Event()

    def run(self) -> None:
        while not self._done.wait(0.3):
            children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
            self.most = max(self.most, sum(map(held, ["self", *children])))

    def stop(self) -> float:
        self._done.set()
        self.join()
        return self.most


def held(process: str) -> float:
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return int(told.split("Pss:")[1].split()[0]) / 1024


def timed(what: str, count: int, **options: object) -> None:
    from estime.listening.actions.listen import listen

    memory, begun, used = Memory(), time.perf_counter(), cpu()
    memory.start()
    heard = listen(**options)
    seconds = time.perf_counter() - begun
    assert sum(heard) == count, heard
    print(
        f"{what}: {seconds:.1f} s, {count / seconds:,.0f} texts/s, {cpu() - used:.0f} s of processors, "
        f"{memory.stop():,.0f} MB at most",
        flush=True,
    )


def cpu() -> float:
    """Seconds of processors, of this process and of children that have ended."""
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def measure(count: int, one: bool) -> None:
    from django.core.management import call_command
    from django.db import connection

    from estime.ledger import api as ledger
    from estime.listening.models import Followed

    call_command("migrate", verbosity=0)
    for batch in batches(count):
        ledger.append("community", batch)
    options = {"processes": 1} if one else {}
    timed(f"{connection.vendor}: {count:,} texts", count, **options)
    for batch in batches(1_000, first=count):
        ledger.append("community", batch)
    timed("1,000 new ones", 1_000, **options)
    Followed.objects.update(reader="another")
    timed(f"all {count + 1_000:,} again", count + 1_000, **options)


def main() -> None:
    count = int(next((word for word in sys.argv[1:] if word.isdigit()), 1_000_000))
    with installed("listening", postgresql="postgresql" in sys.argv):
        measure(count, "one" in sys.argv)


if __name__ == "__main__":
    main()
