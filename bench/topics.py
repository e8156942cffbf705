"""Topics of real texts: how fast, how stable, how coherent, beside an LDA and plain k-means.

`python bench/topics.py speed`: 100,000 real texts (forum 40 k, GoEmotions 43 k, XED, tweets), seconds and memory of one process.
`python bench/topics.py quality [SET]`: the table of docs/methods/topics.md (a quarter of an hour on one core).
"""

import csv
import gzip
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("ESTIME_SHARED", "/work/shared")) / "data"
sys.path[:0] = [str(ROOT / "src")]

import numpy as np  # noqa: E402
from scipy.sparse import csr_matrix  # noqa: E402
from sklearn.cluster import KMeans  # noqa: E402
from sklearn.decomposition import NMF, LatentDirichletAllocation  # noqa: E402
from sklearn.metrics import adjusted_rand_score  # noqa: E402

from estime.listening.topics import finding, measuring  # noqa: E402
from estime.listening.topics.groups import grouped  # noqa: E402
from estime.listening.topics.result import Carried, Options, Texts, numbered  # noqa: E402

SEEDS = range(5)


def forum(most: int | None = None) -> tuple[list[str], list[str]]:
    with gzip.open(SHARED / "community/slicer_forum_2017_2020.jsonl.gz", "rt") as file:
        posts = sorted((json.loads(line) for line in file), key=lambda post: post["at"])[:most]
    return [post["text"] for post in posts], [post["author"] for post in posts]


def slack() -> tuple[list[str], list[str]]:
    lines = (SHARED / "community/houston_slack.jsonl").read_text().splitlines()
    told = [row for row in map(json.loads, lines) if not row.get("subtype")]
    return [row["text"] for row in told], [row["user"] for row in told]


def polis() -> tuple[list[str], list[str]]:
    texts, people = [], []
    for path in sorted(SHARED.glob("polis/*/comments.csv")):
        with path.open(newline="") as file:
            for row in csv.DictReader(file):
                texts.append(row["comment-body"])
                people.append(f"{path.parent.name} {row['author-id']}")
    return texts, people


def decidim() -> tuple[list[str], list[str]]:
    texts, people = [], []
    for path in sorted(SHARED.glob("ideas/decidim*.csv")):
        with path.open(newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                texts.append(row["body"])
                people.append(row["author/id"])
    return texts, people


def pages() -> tuple[list[str], None]:
    texts = []
    for path in sorted(SHARED.glob("brandpages/*statuses.csv")):
        with path.open(newline="") as file:
            texts += [row["status_message"] for row in csv.DictReader(file) if row["status_message"]]
    return texts, None


def tweets(language: str) -> tuple[list[str], None]:
    parts = [SHARED / f"affect/tweets/{language}/{part}_text.txt" for part in ("train", "val")]
    return [line for part in parts for line in part.read_text().splitlines()], None


def first_column(name: str) -> list[str]:
    return [line.split("\t")[0] for line in (SHARED / f"affect/{name}.tsv").read_text().splitlines()]


SETS: dict[str, Callable[[], tuple[list[str], list[str] | None]]] = {
    "slack": slack,
    "polis, all five": polis,
    "decidim": decidim,
    "brand pages": pages,
    "tweets fr": lambda: tweets("french"),
    "tweets en": lambda: tweets("english"),
    "forum, first 12,000": lambda: forum(12_000),
}


def speed() -> None:
    texts, people = forum()
    other = [*first_column("goemotions_train"), *first_column("xed_en"), *first_column("xed_fr")]
    other += [*tweets("english")[0], *tweets("french")[0]]
    other = other[: 100_000 - len(texts)]
    texts, people = texts + other, people + [""] * len(other)
    person = numbered(people)
    began, cpu = time.perf_counter(), time.process_time()
    found = finding.find_topics(Texts(texts, person=person))
    print(
        f"{len(texts):,} texts, {found.groups:,} groups, {len(found.topics)} topics, coverage {found.coverage:.2f}"
    )
    print(f"{time.perf_counter() - began:.1f} s ({time.process_time() - cpu:.1f} s of processor)")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB at most")


def ours(texts: Texts, seed: int) -> np.ndarray:
    return finding.find_topics(texts, options=Options(seed=seed, fewest_people=2)).member


def baseline(kind: str, topics: int) -> Callable[[Texts, int], np.ndarray]:
    def run(texts: Texts, seed: int) -> np.ndarray:
        groups = grouped(texts.text, np.arange(len(texts.text)))
        counts = finding._terms(texts, groups, Carried()).counts
        if kind == "lda":
            model = LatentDirichletAllocation(
                topics, learning_method="online", random_state=seed, max_iter=10
            )
            label = model.fit_transform(counts).argmax(axis=1)
        elif kind == "nmf":
            label = (
                NMF(topics, init="nndsvda", random_state=seed, max_iter=200)
                .fit_transform(measuring.tfidf(counts))
                .argmax(axis=1)
            )
        else:
            label = KMeans(topics, n_init=1, random_state=seed).fit_predict(measuring.tfidf(counts))
        empty = np.diff(counts.indptr) == 0
        return np.where(empty, 0, label + 1)[groups.of]

    return run


def quality() -> None:
    print("| texts | method | topics | coverage | largest | NPMI | ARI seeds | ARI as texts arrive |")
    print("|---|---|---|---|---|---|---|---|")
    wanted = sys.argv[2:]
    for name, load in SETS.items():
        if wanted and name not in wanted:
            continue
        told, people = load()
        if (
            people is None
        ):  # in the order of time where there is one; shuffled where files are in the order of pages
            told = [told[at] for at in np.random.default_rng(1).permutation(len(told))]
        person = None if people is None else numbered(people)
        many = len(told)
        texts = Texts(told, person=person)
        some = int(many / 1.2)
        part = Texts(told[:some], person=None if person is None else person[:some])
        mine = ours(texts, 0)
        k = max(2, int(mine.max()))
        carried_over(name, part, texts, some)
        nmf_carried_over(name, part, texts, (some, k))
        methods = {"recurring": ours, **{kind: baseline(kind, k) for kind in ("lda", "k-means", "nmf")}}
        for label, method in methods.items():
            row(name, label, method, (texts, part, some))


def row(
    name: str, label: str, method: Callable[[Texts, int], np.ndarray], parts: tuple[Texts, Texts, int]
) -> None:
    texts, part, some = parts
    runs = [method(texts, seed) for seed in SEEDS]
    agree = [adjusted_rand_score(a, b) for at, a in enumerate(runs) for b in runs[:at]]
    grown = [
        adjusted_rand_score(method(part, seed), run[:some]) for seed, run in zip(SEEDS, runs, strict=True)
    ]
    coherence = [measuring.coherence(texts, run) for run in runs]
    sizes = np.bincount(runs[0])
    largest = sizes[1:].max(initial=0) / len(runs[0])
    cover = np.mean([(run > 0).mean() for run in runs])
    told = " | ".join(measuring.interval(values) for values in (coherence, agree, grown))
    print(
        f"| {name} | {label} | {int((sizes[1:] > 0).sum())} | {cover:.2f} | {largest:.2f} | {told} |",
        flush=True,
    )


def carried_over(name: str, part: Texts, texts: Texts, some: int) -> None:
    values, kept = [], []
    for seed in SEEDS:
        before = finding.find_topics(part, options=Options(seed=seed, fewest_people=2))
        after = finding.find_topics(
            texts, options=Options(seed=seed + 100, fewest_people=2), carried=before.carried
        )
        values.append(adjusted_rand_score(before.member, after.member[:some]))
        kept.append(float((before.member == after.member[:some]).mean()))
    print(
        f"| {name} | recurring, carried over | | | | | | {measuring.interval(values)}, same id {np.mean(kept):.2f} |",
        flush=True,
    )


def nmf_carried_over(name: str, part: Texts, texts: Texts, asked: tuple[int, int]) -> None:
    """NMF begun where its earlier topics are, and NMF with them held fast: known again by the names of terms."""
    some, topics = asked
    groups = grouped(part.text, np.arange(len(part.text)))
    known = finding._terms(part, groups, Carried())
    model = NMF(topics, init="nndsvda", random_state=0, max_iter=200)
    before = _most(model.fit_transform(measuring.tfidf(known.counts)), known.counts)[groups.of]
    place = {term: at for at, term in enumerate(known.names())}
    groups = grouped(texts.text, np.arange(len(texts.text)))
    now = finding._terms(texts, groups, Carried())
    weights = measuring.tfidf(now.counts)
    there = np.array([place.get(term, -1) for term in now.names()])
    ways = np.where(there >= 0, model.components_[:, there], 0.0) + 1e-6
    fixed = NMF(topics, init="custom", random_state=0, max_iter=200)
    fixed.components_, fixed.n_components_, fixed.n_features_in_ = ways, topics, ways.shape[1]
    held = fixed.transform(weights)
    begun = NMF(topics, init="custom", random_state=0, max_iter=200).fit_transform(
        weights, W=held + 1e-6, H=ways
    )
    for way, found in (("held fast", held), ("begun there", begun)):
        after = _most(found, now.counts)[groups.of]
        same = float((before == after[:some]).mean())
        print(
            f"| {name} | nmf, carried over, {way} | {topics} | {(after > 0).mean():.2f}"
            f" | {np.bincount(after)[1:].max() / len(after):.2f} | {measuring.coherence(texts, after):.2f} |"
            f" | {adjusted_rand_score(before, after[:some]):.2f}, same id {same:.2f} |",
            flush=True,
        )


def _most(found: np.ndarray, counts: csr_matrix) -> np.ndarray:
    """The topic that each text has most of, 0 for a text without a term."""
    return np.where(np.diff(counts.indptr) == 0, 0, found.argmax(axis=1) + 1)


if __name__ == "__main__":
    {"speed": speed, "quality": quality}[sys.argv[1] if len(sys.argv) > 1 else "speed"]()
