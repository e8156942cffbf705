"""A made-up ledger that is shaped like a real community, for measuring speed and nothing else.

Activity per person is heavy-tailed, days of the week differ, replies go to recent acts, a few percent of likes are
taken back. `python bench/synthetic.py ACTS PERSONS` fills the installation of ESTIME_HOME.
"""

import gc
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

START = datetime(2022, 1, 3, tzinfo=UTC)
DAYS = 3 * 365
TEXT = "A sentence of the length that people write, about a product and what could be better in it."


def batches(acts: int, persons: int, *, size: int = 50_000, first: int = 0, seed: int = 1) -> Iterator[list]:
    """Batches of (line, draft), in the order of time."""
    from estime.ledger.drafts import ActDraft

    random = np.random.default_rng(seed + first)
    shares = random.pareto(1.3, persons) + 0.2
    cumulated = np.cumsum(shares / shares.sum())
    liked: dict[int, int] = {}
    seconds = DAYS * 86400 / acts if first == 0 else 60.0
    for start in range(first, first + acts, size):
        count = min(size, first + acts - start)
        people = np.minimum(np.searchsorted(cumulated, random.random(count)), persons - 1)
        kinds = random.random(count)
        back = (random.exponential(2000, count) + 1).astype(int)
        rows = []
        for i in range(count):
            number = start + i
            at = START + timedelta(
                seconds=number * seconds if first == 0 else DAYS * 86400 + (number - first) * 0.5
            )
            other = max(number - int(back[i]), 0)
            who = int(people[i])
            if kinds[i] < 0.40:
                liked[who] = number
            elif kinds[i] >= 0.98:
                other = liked.get(who, other)  # one takes back one's own
            rows.append((number, _draft(ActDraft, number, f"u{who}", at, kinds[i], other)))
        yield rows


def _draft(new: type, number: int, who: str, at: datetime, kind: float, other: int) -> object:
    own, parent = f"urn:o:{number}", f"urn:o:{other}"
    if kind < 0.40:
        return new(f"urn:a:{number}", who, "Like", at, parent)
    if kind < 0.65:
        return new(f"urn:a:{number}", who, "Create", at, own, "Note", parent, None, TEXT)
    if kind < 0.75:
        return new(f"urn:a:{number}", who, "Create", at, own, "Note", None, None, TEXT)
    if kind < 0.90:
        return new(f"urn:a:{number}", who, "Create", at, own, "Vote", parent, None, None, None, 1.0)
    if kind < 0.93:
        return new(f"urn:a:{number}", who, "Announce", at, parent)
    if kind < 0.98:
        return new(f"urn:a:{number}", who, "Join", at, "urn:room")
    return new(f"urn:a:{number}", who, "Undo", at, f"urn:a:{other}", "Like")


def fill(acts: int, persons: int, *, first: int = 0) -> float:
    """Append them; returns the seconds it took."""
    from estime.ledger import api

    begun, done = time.perf_counter(), 0
    gc.disable()
    for batch in batches(acts, persons, first=first):
        done += api.append("community", batch).new
        if done % 1_000_000 == 0:
            print(f"{done:,} acts, {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    assert done == acts, (done, acts)
    return time.perf_counter() - begun


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estime.config.settings")
    import django

    django.setup()
    print(f"{fill(int(sys.argv[1]), int(sys.argv[2])):.1f} s")
