"""How well similar titles are found: recall and precision with 95 % intervals, beside simpler ways of looking.

`python bench/similar_quality.py` (SQLite in memory, three minutes). 20,000 titles: sentences of 3 to 14 words of XED (French, English), Polis
statements, topics of a forum, and both titles of every case of tests/cocreation/similar/cases.json. Two questions:

* changed: 400 French and 400 English sentences, and the titles of the cases (ideas), each changed in one way, are typed; is the
  title itself among the first five?
* cases: the hand-written pairs, each typed whole; is the pair's title among the first five, is the other idea kept out?
"""

import csv
import gzip
import json
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Callable
from math import sqrt
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("ESTIME_SHARED", ROOT.parent / "shared")) / "data"
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
CASES = json.loads((ROOT / "tests/cocreation/similar/cases.json").read_text())["cases"]
KEYS = ["azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm"]
FUNCTION = {"fr": ["de", "pour", "avec", "dans"], "en": ["of", "for", "with", "the"]}


def xed(name: str) -> list[str]:
    lines = (SHARED / f"affect/{name}.tsv").read_text().splitlines()
    told = (re.sub(r"\s+([.,!?;:'])", r"\1", line.split("\t")[0]).strip() for line in lines)
    return list(dict.fromkeys(t for t in told if 4 <= len(t.split()) <= 12 and t.count('"') == 0))


def polis() -> list[str]:
    told = []
    for path in sorted(SHARED.glob("polis/*/comments.csv")):
        with path.open(newline="") as file:
            told += [row["comment-body"].strip() for row in csv.DictReader(file)]
    return [t for t in told if 4 <= len(t.split()) <= 25]


def topics() -> list[str]:
    with gzip.open(SHARED / "community/slicer_forum_2017_2020.jsonl.gz", "rt") as file:
        return list(dict.fromkeys(t for t in (json.loads(line)["title"] for line in file) if t))


def wilson(hits: int, n: int) -> str:
    if not n:
        return "–"
    z, p = 1.96, hits / n
    middle, half = (
        (p + z * z / 2 / n) / (1 + z * z / n),
        z * sqrt(p * (1 - p) / n + z * z / 4 / n / n) / (1 + z * z / n),
    )
    return f"{100 * p:.0f} % [{max(0.0, 100 * (middle - half)):.0f}, {100 * (middle + half):.0f}]"


# ---- ways of changing a title; None where it cannot be done ----


def _long(words: list[str], least: int = 5) -> list[int]:
    return [i for i, w in enumerate(words) if len(w) >= least and w.isalpha()]


def _in_word(change: Callable[[str, random.Random], str]) -> Callable[[str, str, random.Random], str | None]:
    def changed(title: str, lang: str, rng: random.Random) -> str | None:
        words = title.split()
        at = _long(words)
        if not at:
            return None
        i = rng.choice(at)
        words[i] = change(words[i], rng)
        return " ".join(words)

    return changed


def _swap(w: str, rng: random.Random) -> str:
    i = rng.randrange(len(w) - 1)
    return w[:i] + w[i + 1] + w[i] + w[i + 2 :]


def _drop(w: str, rng: random.Random) -> str:
    i = rng.randrange(len(w))
    return w[:i] + w[i + 1 :]


def _double(w: str, rng: random.Random) -> str:
    i = rng.randrange(len(w))
    return w[: i + 1] + w[i:]


def _neighbour(w: str, rng: random.Random) -> str:
    i = rng.randrange(len(w))
    rows = [row for row in KEYS if w[i].lower() in row]
    if not rows:
        return _drop(w, rng)
    row = rng.choice(rows)
    at = row.index(w[i].lower())
    return w[:i] + row[at - 1 if at else 1] + w[i + 1 :]


def every_word_slips(title: str, lang: str, rng: random.Random) -> str | None:
    words = title.split()
    at = _long(words)
    if not at:
        return None
    for i in at:
        words[i] = rng.choice([_swap, _drop, _double, _neighbour])(words[i], rng)
    return " ".join(words)


def two_in_one(title: str, lang: str, rng: random.Random) -> str | None:
    words = title.split()
    at = _long(words, 8)
    if not at:
        return None
    i = rng.choice(at)
    words[i] = _neighbour(_swap(words[i], rng), rng)
    return " ".join(words)


def number_of(title: str, lang: str, rng: random.Random) -> str | None:
    """Every word of five letters or more in its other number."""
    words = title.split()
    at = _long(words, 5)
    for i in at:
        w = words[i]
        if w.endswith("aux") and lang == "fr":
            words[i] = w[:-3] + "al"
        elif w.endswith("ies") and lang == "en":
            words[i] = w[:-3] + "y"
        elif w.endswith("y") and lang == "en":
            words[i] = w[:-1] + "ies"
        elif w.endswith("s"):
            words[i] = w[:-1]
        else:
            words[i] = w + "s"
    return " ".join(words) if at else None


def verbs(title: str, lang: str, rng: random.Random) -> str | None:
    """Verbs in another form, as far as their ending tells that they are verbs."""
    words, done = title.split(), False
    for i, w in enumerate(words):
        if len(w) < 5:
            continue
        if lang == "fr" and w.endswith(("er", "ez", "é", "ée", "és", "ées")):
            base = re.sub(r"(er|ez|ées|ée|és|é)$", "", w)
            words[i] = base + rng.choice([e for e in ("er", "ez", "ons", "é", "ées") if base + e != w])
            done = True
        elif lang == "en" and re.search(r"(ing|ed)$", w):
            base = re.sub(r"(ing|ed)$", "", w)
            words[i] = base + ("ed" if w.endswith("ing") else "ing")
            done = True
    return " ".join(words) if done else None


def no_accents(title: str, lang: str, rng: random.Random) -> str | None:
    import unicodedata

    bare = "".join(c for c in unicodedata.normalize("NFD", title) if not unicodedata.combining(c))
    return bare if bare != title else None


def apostrophes(title: str, lang: str, rng: random.Random) -> str | None:
    """Another apostrophe, or a space for it."""
    if "'" not in title and "’" not in title:
        return None
    return re.sub("['’]", rng.choice(["’", "'", " ", "´"]), title)


def order(title: str, lang: str, rng: random.Random) -> str | None:
    words = title.split()
    rng.shuffle(words)
    return " ".join(words)


def one_word_lost(title: str, lang: str, rng: random.Random) -> str | None:
    words = title.split()
    at = _long(words)
    if len(at) < 2:
        return None
    words[rng.choice(at)] = rng.choice(FUNCTION[lang])
    return " ".join(words)


def two_thirds(title: str, lang: str, rng: random.Random) -> str | None:
    """As it stands while it is typed."""
    return title[: max(8, len(title) * 2 // 3)]


def begun_with_a_slip(title: str, lang: str, rng: random.Random) -> str | None:
    return _in_word(_neighbour)(title[: max(12, len(title) * 2 // 3)], lang, rng)


WAYS = {
    "letters swapped": _in_word(_swap),
    "letter dropped": _in_word(_drop),
    "letter doubled": _in_word(_double),
    "neighbouring key": _in_word(_neighbour),
    "two slips in one long word": two_in_one,
    "a slip in every word of 5 letters or more": every_word_slips,
    "singular and plural": number_of,
    "verbs in another form": verbs,
    "accents dropped": no_accents,
    "other apostrophe or none": apostrophes,
    "words in another order": order,
    "a word lost": one_word_lost,
    "two thirds typed": two_thirds,
    "two thirds typed, with a slip": begun_with_a_slip,
}


# ---- simpler ways of looking ----


class Simple:
    """LIKE, whole words and trigrams, over the same titles."""

    def __init__(self, titles: dict[int, str]) -> None:
        self.low = {pk: t.lower() for pk, t in titles.items()}
        self.words: dict[str, set[int]] = {}
        self.grams: dict[str, list[int]] = {}
        self.size: dict[int, int] = {}
        for pk, t in self.low.items():
            for w in set(re.findall(r"\w+", t)):
                self.words.setdefault(w, set()).add(pk)
            grams = self._grams(t)
            self.size[pk] = len(grams)
            for g in grams:
                self.grams.setdefault(g, []).append(pk)

    @staticmethod
    def _grams(text: str) -> set[str]:
        """As PostgreSQL's pg_trgm has them."""
        return {
            p[i : i + 3]
            for w in re.findall(r"\w+", text.lower())
            for p in [f"  {w} "]
            for i in range(len(p) - 2)
        }

    def like(self, typed: str) -> list[int]:
        return [pk for pk, t in self.low.items() if typed.lower().strip() in t][:5]

    def whole_words(self, typed: str) -> list[int]:
        """Most words in common, as they are written; frequent words weigh less."""
        held: Counter[int] = Counter()
        for w in set(re.findall(r"\w+", typed.lower())):
            for pk in self.words.get(w, ()):
                held[pk] += 1 / len(self.words[w]) ** 0.5  # type: ignore[assignment]
        return [pk for pk, _ in held.most_common(5)]

    def trigrams(self, typed: str, least: float = 0.3) -> list[int]:
        """pg_trgm's similarity(), with its own threshold."""
        grams = self._grams(typed)
        held: Counter[int] = Counter()
        for g in grams:
            held.update(self.grams.get(g, ()))
        scored = [(n / (len(grams) + self.size[pk] - n), pk) for pk, n in held.items()]
        return [pk for s, pk in sorted(scored, reverse=True)[:5] if s >= least]


def prepared() -> tuple[dict[str, Callable[[str], list[int]]], dict[str, int], dict[str, list[str]]]:
    """The ways of looking, where each title stands, and titles to be changed."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "estime.config.settings"
    os.environ.pop("ESTIME_DATABASE_URL", None)
    import django
    from django.conf import settings

    django.setup()
    settings.DATABASES["default"]["NAME"] = ":memory:"
    from cocreation.similar.tables import tables_make

    from estime.cocreation.similar.find import similar
    from estime.cocreation.similar.index import Title, titles_put_many
    from estime.cocreation.similar.settle import titles_settle

    tables_make()
    rng = random.Random(11)
    french, english = xed("xed_fr"), xed("xed_en") + polis() + topics()
    pool = list(dict.fromkeys([*french, *english]))
    titles = dict(enumerate(pool, 1))
    place = {t: pk for pk, t in titles.items()}
    for case in CASES:
        for which in ("same", "different"):
            pk = place.setdefault(case[which], len(titles) + 1)
            titles[pk] = case[which]
    titles_put_many(Title(pk, 1, t) for pk, t in titles.items())
    titles_settle()
    print(f"{len(titles):,} titles")
    simple = Simple(titles)

    def ours(typed: str) -> list[int]:
        return [found.contribution for found in similar(1, typed)]

    lookers = {
        "ours": ours,
        "whole words": simple.whole_words,
        "trigrams": simple.trigrams,
        "LIKE": simple.like,
    }
    samples = {"fr": rng.sample(french, 400), "en": rng.sample(english, 400)}
    for lang in ("fr", "en"):
        samples[f"{lang}, ideas"] = [
            case[k] for case in CASES if case["lang"] == lang for k in ("same", "different")
        ]
    return lookers, place, samples


def changed_titles(lookers, place, samples) -> None:
    rng = random.Random(12)
    print("| changed | tried |", " | ".join(lookers), "|")
    for name, way in WAYS.items():
        for lang, texts in samples.items():
            tried = [(t, changed) for t in texts if (changed := way(t, lang[:2], rng)) and changed != t]
            hits = {k: sum(place[t] in look(c) for t, c in tried) for k, look in lookers.items()}
            print(
                f"| {name}, {lang} | {len(tried)} |",
                " | ".join(wilson(h, len(tried)) for h in hits.values()),
                "|",
            )


def written_cases(lookers, place) -> None:
    for half, name in ((0, "chosen on"), (1, "measured on")):
        part = [c for n, c in enumerate(CASES) if n % 2 == half]
        print(f"\n{name} {len(part)} cases | found | other idea shown | precision of what is shown")
        for k, look in lookers.items():
            for lang in ("fr", "en"):
                found = wrong = shown = right = 0
                some = [c for c in part if c["lang"] == lang]
                for c in some:
                    told = look(c["typed"])
                    found += place[c["same"]] in told
                    wrong += place[c["different"]] in told
                    shown += len(told)
                    right += place[c["same"]] in told
                print(
                    f"| {k}, {lang} | {wilson(found, len(some))} | {wilson(wrong, len(some))} | {wilson(right, shown)} |"
                )


def main() -> None:
    lookers, place, samples = prepared()
    changed_titles(lookers, place, samples)
    written_cases(lookers, place)


if __name__ == "__main__":
    main()
