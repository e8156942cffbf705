"""A made-up ledger for searching in: nine channels, texts of words as frequent as real words are, and what is rare.

The acts are those of `synthetic.py`, with texts of their own, some of which name people; one account (a bot) did a tenth of
everything; three reports (Flag) in all; the word `introuvable` nowhere; the word `seulement` in every third
text of every channel but `quiet`. `python bench/texts.py ACTS` fills the installation of ESTIME_HOME.
"""

import gc
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

CHANNELS = ("community", "quiet", "forum", "slack", "page", "app", "shop", "events", "club")
SYLLABLES = [
    a + b for a in "b c d f g l m n p r s t v ch qu".split() for b in "a é i o u an on ou eau ai".split()
]
WORDS = 60_000


def vocabulary(random: np.random.Generator) -> list[str]:
    """Words of two to four syllables, the frequent ones short."""
    made = [
        "".join(random.choice(SYLLABLES, 1 + (rank > 40) + (rank > 900) + (rank > 9_000)))
        for rank in range(WORDS)
    ]
    return [word + ("" if rank < 9_000 else str(rank % 7)) for rank, word in enumerate(made)]


def texts(count: int, random: np.random.Generator, words: list[str], weights: np.ndarray) -> Iterator[str]:
    lengths = random.integers(3, 32, count)
    drawn = np.searchsorted(weights, random.random(int(lengths.sum()))).tolist()
    often = random.random(count) < 1 / 3
    named = random.random(count) < 0.02
    place = 0
    for i, length in enumerate(lengths.tolist()):
        told = [words[n] for n in drawn[place : place + length]]
        place += length
        if often[i]:
            told.insert(length // 2, "seulement")
        if named[i]:
            told.insert(0, f"@u{i % 5000}")
        yield " ".join(told).capitalize() + "."


def fill(acts: int) -> float:
    """Append them; returns the seconds it took."""
    import synthetic

    from estime.ledger import api

    random = np.random.default_rng(7)
    words = vocabulary(random)
    ranks = 1 / (np.arange(WORDS) + 2.7)
    weights = np.cumsum(ranks / ranks.sum())
    begun, done = time.perf_counter(), 0
    gc.disable()
    for batch in synthetic.batches(acts, acts // 20, size=45_000):
        told = texts(len(batch), random, words, weights)
        which = random.integers(0, len(CHANNELS), len(batch)) * (random.random(len(batch)) < 0.6)
        bot = random.random(len(batch)) < 0.1
        rows: dict[str, list] = {name: [] for name in CHANNELS}
        for (number, act), text, place, ours in zip(batch, told, which.tolist(), bot.tolist(), strict=True):
            name = CHANNELS[place]
            content = act.content and (text.replace("seulement", "peu") if name == "quiet" else text)
            act = act._replace(content=content, actor="bot" if ours else act.actor)
            if number in (11, acts // 2, acts - 5):
                act = act._replace(type="Flag", object_type=None, content=None)
            rows[name].append((number, act))
        for name, part in rows.items():
            done += api.append(name, part).new
        if (done // 45_000) % 10 == 0:
            print(f"{done:,} acts, {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    assert done == acts, (done, acts)
    return time.perf_counter() - begun


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estime.config.settings")
    sys.path.insert(0, str(Path(__file__).parent))
    import django

    django.setup()
    print(f"{fill(int(sys.argv[1])):.1f} s")
