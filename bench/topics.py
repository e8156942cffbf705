"""Topics of real texts: how fast, how stable, how coherent, beside an LDA and plain k-means.

`python bench/topics.py speed`: 100,000 real texts (forum 40 k, GoEmotions 43 k, XED, tweets), seconds and memory of one process.
`python bench/topics.py quality [SET …]`: what the tables of docs/methods/topics.md show, every run of it kept in
bench/topics.json (a quarter of an hour on one core); `tables` writes them from there.
"""

import csv
import gzip
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("ESTIME_SHARED", "/work/shared")) / "data"
sys.path[:0] = [str(ROOT / "src")]

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF, LatentDirichletAllocation
from sklearn.metrics import adjusted_rand_score

from estime.listening.topics import finding, measuring
from estime.listening.topics.groups import grouped
from estime.listening.topics.result import Carried, Options, Texts, numbered

SEEDS = range(5)
FOUND: Final = ROOT / "bench" / "topics.json"
PAGE: Final = ROOT / "docs" / "methods" / "topics.md"
BEGINS, ENDS = "<!-- tables: bench/topics.py -->", "<!-- end of tables -->"


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
    """Measure some sets, or all; what was found of others stays as it was."""
    found = json.loads(FOUND.read_text()) if FOUND.exists() else {}
    for name in sys.argv[2:] or SETS:
        found[name] = measured(SETS[name])
        ordered = {known: found[known] for known in SETS if known in found}
        FOUND.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n")
        print(name, flush=True)
    write_tables()


def write_tables() -> None:
    PAGE.write_text(page_with(PAGE.read_text(), json.loads(FOUND.read_text())))


def measured(load: Callable[[], tuple[list[str], list[str] | None]]) -> dict[str, Any]:
    """Every method on one set of texts, and what becomes of its topics as texts arrive."""
    told, people = load()
    if (
        people is None
    ):  # in the order of time where there is one; shuffled where files are in the order of pages
        told = [told[at] for at in np.random.default_rng(1).permutation(len(told))]
    person = None if people is None else numbered(people)
    texts = Texts(told, person=person)
    some = int(len(told) / 1.2)
    part = Texts(told[:some], person=None if person is None else person[:some])
    k = max(2, int(ours(texts, 0).max()))
    methods = {"recurring": ours, **{kind: baseline(kind, k) for kind in ("lda", "k-means", "nmf")}}
    return {
        "texts": len(told),
        "methods": {name: of_method(method, (texts, part, some)) for name, method in methods.items()},
        "carried": {"ours": carried_over(part, texts, some), **nmf_carried_over(part, texts, (some, k))},
    }


def of_method(method: Callable[[Texts, int], np.ndarray], parts: tuple[Texts, Texts, int]) -> dict[str, Any]:
    """Of five seeds each; agreement of every two of them."""
    texts, part, some = parts
    runs = [method(texts, seed) for seed in SEEDS]
    sizes = np.bincount(runs[0])
    grown = [
        adjusted_rand_score(method(part, seed), run[:some]) for seed, run in zip(SEEDS, runs, strict=True)
    ]
    return {
        "topics": int((sizes[1:] > 0).sum()),
        "coverage": rounded([(run > 0).mean() for run in runs]),
        "largest": round(float(sizes[1:].max(initial=0)) / len(runs[0]), 4),
        "npmi": rounded([measuring.coherence(texts, run) for run in runs]),
        "ari_seeds": rounded([adjusted_rand_score(a, b) for at, a in enumerate(runs) for b in runs[:at]]),
        "ari_grown": rounded(grown),
    }


def rounded(values: Sequence[float]) -> list[float | None]:
    """For JSON, which has no nan."""
    return [None if np.isnan(value) else round(float(value), 4) for value in values]


def carried_over(part: Texts, texts: Texts, some: int) -> dict[str, Any]:
    """Our topics of the first part given to a second call, which has another seed."""
    values, kept = [], []
    for seed in SEEDS:
        before = finding.find_topics(part, options=Options(seed=seed, fewest_people=2))
        after = finding.find_topics(
            texts, options=Options(seed=seed + 100, fewest_people=2), carried=before.carried
        )
        values.append(adjusted_rand_score(before.member, after.member[:some]))
        kept.append(float((before.member == after.member[:some]).mean()))
    return {"npmi": [], "ari": rounded(values), "same": rounded(kept)}


def nmf_carried_over(part: Texts, texts: Texts, asked: tuple[int, int]) -> dict[str, Any]:
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
    told = {}
    for way, found in (("nmf, held fast", held), ("nmf, begun there", begun)):
        after = _most(found, now.counts)[groups.of]
        told[way] = {
            "npmi": rounded([measuring.coherence(texts, after)]),
            "ari": rounded([adjusted_rand_score(before, after[:some])]),
            "same": rounded([(before == after[:some]).mean()]),
        }
    return told


def _most(found: np.ndarray, counts: csr_matrix) -> np.ndarray:
    """The topic that each text has most of, 0 for a text without a term."""
    return np.where(np.diff(counts.indptr) == 0, 0, found.argmax(axis=1) + 1)


def tables(found: dict[str, Any]) -> str:
    """What was found, as Markdown: every method on every set; then what is carried over."""
    rows = [
        "| texts | method | topics | coverage | largest | NPMI | ARI seeds | ARI as texts arrive |",
        "|---" * 8 + "|",
    ]
    for name, each in found.items():
        for method, told in each["methods"].items():
            sizes = (str(told["topics"]), f"{np.mean(told['coverage']):.2f}", f"{told['largest']:.2f}")
            means = (shown(told[of]) for of in ("npmi", "ari_seeds", "ari_grown"))
            rows.append(f"| {' | '.join((name, method, *sizes, *means))} |")
    rows += ["", "| carried over | method | NPMI | ARI | same id |", "|---" * 5 + "|"]
    for name, each in found.items():
        for method, told in each["carried"].items():
            cells = (shown(told["npmi"]), shown(told["ari"]), f"{np.mean(told['same']):.2f}")
            rows.append(f"| {' | '.join((name, method, *cells))} |")
    return "\n".join(rows)


def shown(values: Sequence[float | None]) -> str:
    told = measuring.interval([float("nan") if value is None else value for value in values])
    return told.replace("-", "−")


def page_with(text: str, found: dict[str, Any]) -> str:
    """The page with its tables written anew between their marks."""
    before, rest = text.split(BEGINS)
    return f"{before}{BEGINS}\n\n{tables(found)}\n\n{ENDS}{rest.split(ENDS)[1]}"


if __name__ == "__main__":
    {"speed": speed, "quality": quality, "tables": write_tables}[
        sys.argv[1] if len(sys.argv) > 1 else "speed"
    ]()
