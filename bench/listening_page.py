"""The pages of listening under load: texts with filters of all kinds, brand and products, saved searches.

`python bench/listening_page.py [TEXTS] [RATE] [SECONDS] [postgresql]`; PostgreSQL where ESTIME_BENCH_POSTGRESQL (or
ESTIME_TEST_POSTGRESQL) names a server. Texts are real ones (bench/listening.py), readings are drawn: a page costs the
same whatever they say, and reading a million takes minutes. Open loop; asked: p99 below 150 ms at 20 requests/s with
1,000,000 texts. Each page that takes long is told by its filter.
"""

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from installed import installed

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("src", "bench")]

CONFIGURATION = """
[[listening.targets]]
kind = "product"
name = "Alto 20"
[[listening.targets]]
kind = "product"
name = "Brisa"
[[listening.targets]]
kind = "third_party"
name = "Parcelia"
[brand]
name = "Solvane"
"""
FILTERS = (
    "", "polarity=negative", "polarity=positive&lang=fr", "emotion=joy", "emotion=disgust", "polarity=unclear",
    "target=brand", "target=product-alto-20", "target=product&polarity=negative",
    "target=third_party-parcelia&emotion=anger",
    "brand=0", "brand=1", "channel=community", "channel=community&polarity=negative", "lang=other",
    "since=2022-06-01&until=2022-06-30", "since=2022-06-01&until=2022-09-30&emotion=fear&polarity=positive",
    "emotion=disgust&polarity=positive&lang=other", "target=member&emotion=surprise&lang=en",
)  # fmt: skip
WORDS = ("merci", "love", "the", "jamais", '"thank you"', "commander", "happy birthday", "zxq")
WITH_WORDS = ("", "polarity=negative", "emotion=disgust", "target=product-brisa")


@dataclass(frozen=True)
class DrawnReader:
    """Fits listening's `Reader`: what it reads is drawn, near-duplicates are found as ever."""

    version: str = "drawn"

    def scores(self, texts: Sequence[str], places: Sequence[object] = ()) -> object:
        import numpy as np

        from estime.listening.near import near_keys
        from estime.listening.scoring import NOT_TOWARD, Scores
        from estime.listening.text_asked import targets_listed

        count, drawn = len(texts), np.random.default_rng(len(texts))
        shares = (drawn.dirichlet((0.6, 0.9, 0.7), count) * 1000).astype(np.int16)
        shares[:, 1] += 1000 - shares.sum(axis=1, dtype=np.int16)
        felt = (drawn.random((count, 8)) < (0.08, 0.05, 0.004, 0.02, 0.12, 0.06, 0.03, 0.01)) @ (
            1 << np.arange(8)
        )
        target = drawn.choice(5, count, p=(0.6, 0.1, 0.15, 0.1, 0.05)).astype(np.int16)
        number = np.select([target == 2, target == 4, target == 1], [drawn.integers(1, 3, count), 3, 4], 0)
        return Scores(
            lang=drawn.choice(4, count, p=(0.01, 0.45, 0.5, 0.04)).astype(np.int16),
            shares=shares,
            emotions=np.zeros((count, 8), np.uint8),
            felt=felt.astype(np.int16),
            unclear=shares.max(axis=1) < 500,
            target=target,
            target_id=np.array([0, *(one.identity for one in targets_listed())])[number],
            toward=np.where(np.isin(target, (1, 2)), shares[:, 2] - shares[:, 0], NOT_TOWARD).astype(
                np.int16
            ),
            near=near_keys(texts).view(np.int64),
        )


def filled(count: int) -> None:
    """The ledger, its index, readings, sums, a search with an alert."""
    from django.core.management import call_command
    from listening import batches

    from estime.ledger import api as ledger
    from estime.listening import api
    from estime.listening.actions.listen import listen
    from estime.people.models import User

    call_command("migrate", verbosity=0)
    for batch in batches(count):
        ledger.append("community", batch)
    told("acts in the ledger", count)
    while ledger.index_due():
        ledger.index_acts()
    told("indexed", count)
    listen(reader=DrawnReader(), processes=1)
    told("read", count)
    begun = time.perf_counter()
    api.targets_tell()
    print(f"sums of targets: {time.perf_counter() - begun:.1f} s", flush=True)
    user = User.objects.create_superuser("bench@estime.example", name="Bench", language="en")
    for number in range(20):
        api.search_save(user, api.SearchDraft(f"Search {number}", "merci", {"polarity": "negative"}))


def told(what: str, count: int) -> None:
    print(f"{count:,} {what} after {time.perf_counter() - BEGUN:.0f} s", flush=True)


def addresses() -> list[str]:
    """Every filter alone, words with some of them, and second pages."""
    from django.test import Client

    from estime.people.models import User
    from estime.web.sealed import seal

    words = [f"text={seal(word)}" + (f"&{more}" if more else "") for word in WORDS for more in WITH_WORDS]
    paths = [f"/en/listening/texts/?{asked}" for asked in (*FILTERS, *words)]
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(email="bench@estime.example"))
    for path in paths[::4]:
        page = client.get(path).content.decode()
        older = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        paths += [older] if older else []
    return paths


def measured(rate: float, seconds: float) -> None:
    import pages

    cookie, _acts, _people = pages.prepared()
    paths = addresses()
    port = pages.free_port()
    server, _start = pages.serve(port)
    try:
        names = {"texts": paths, "targets": ["/en/listening/targets/", "/fr/listening/targets/?days=365"],
                 "searches": ["/en/listening/searches/"]}  # fmt: skip
        for name, asked in names.items():
            pages.load(port, rate, 5, cookie, asked)
            pages.told(name, pages.load(port, rate, seconds, cookie, asked))
        slow = []
        for path in paths:
            found: pages.Found = []
            pages.answer(port, path, cookie, time.perf_counter(), found)
            slow.append((found[0][0] * 1000, path[:90]))
        for ms, path in sorted(slow, reverse=True)[:6]:
            print(f"  alone {ms:.0f} ms  {path}")
    finally:
        server.terminate()
        server.wait(30)


def main() -> None:
    numbers = [float(word) for word in sys.argv[1:] if word.replace(".", "").isdigit()]
    count, rate, seconds = (*numbers, *(1_000_000, 20, 30)[len(numbers) :])
    given, postgresql = os.environ.get("BENCH_HOME"), "postgresql" in sys.argv
    kept = given is not None and (Path(given) / "secret").exists()
    with installed("listening-page", postgresql=postgresql, home=Path(given) if given else None) as home:
        (home / "estime.toml").write_text(CONFIGURATION)
        if not kept or postgresql:
            filled(int(count))
        measured(rate, seconds)


BEGUN = time.perf_counter()
if __name__ == "__main__":
    main()
