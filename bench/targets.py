"""How often readings know whom a text is about: the hand-labelled cases, all of them and those never looked at.

`python bench/targets.py` prints the tables of docs/methods/targets.md; with `--write` it puts them there; `--wrong` lists
the cases of the half that rules were made by; `--fast [TEXTS]` tells what it costs.
"""

import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

import numpy as np

from estime.kernel.names import name_words
from estime.listening.affect.reading import read_arrays
from estime.listening.scoring import Directed, directed
from estime.listening.targets.attributing import Place
from estime.listening.targets.finding import NOBODY, SOMEBODY_ELSE, Ref
from estime.listening.targets.listed import Listed, Targets
from estime.listening.targets.words import OTHERS

CASES: Final = ROOT / "tests" / "listening" / "target_cases"
PAGE: Final = ROOT / "docs" / "methods" / "targets.md"
MARKS: Final = ("<!-- figures: python bench/targets.py --write -->", "<!-- end of figures -->")
KINDS: Final = ("unknown", "brand", "product", "member", "third_party")
WORDS: Final = {"third_party": "third party"}
LISTED: Final = Targets(
    (
        Listed(1, "Solvane", ("Solvane", "Maison Solvane")),
        Listed(2, "Solvane Go", ("Solvane Go",)),
        Listed(2, "Brume 20", ("Brume 20", "Brume")),
        Listed(2, "Filtéa", ("Filtéa",)),
        Listed(4, "Banque Azur", ("Banque Azur", "Azur Bank"), ("Azur",)),
        Listed(4, "Colivite", ("Colivite",)),
        Listed(4, "Tarnac", ("Tarnac",)),
    ),
    (("app", 2), ("shop", 1)),
)


class Case(NamedTuple):
    """One text, where it stands, and what a person says of it."""

    lang: str
    about: str
    place: Place
    target: str
    name: str
    sign: str
    text: str
    unseen: bool


def cases() -> list[Case]:
    """All of them. `unseen`: of the half that no rule was made by, told by the text's hash."""
    found = []
    answers = {"nobody": 0, "member": 1, "brand": 2}
    for lang in ("en", "fr"):
        for told in json.loads((CASES / f"{lang}.json").read_text("utf-8")):
            place = Place(told["channel"], answers[told["answers"]])
            unseen = hashlib.sha256(told["text"].encode()).digest()[0] % 2 == 1
            found.append(
                Case(
                    lang,
                    told["about"],
                    place,
                    told["target"],
                    told["name"],
                    told["sign"],
                    told["text"],
                    unseen,
                )
            )
    return found


def read(found: Sequence[Case]) -> Directed:
    """What Estime says of them."""
    texts = [case.text for case in found]
    return directed(texts, [case.place for case in found], read_arrays(texts), LISTED)


def right(case: Case, ref: Ref) -> bool:
    """Whether the kind is right, and the one that is named where the label names one."""
    if KINDS[ref.kind] != case.target:
        return False
    return not case.name or (ref.number > 0 and LISTED.listed[ref.number - 1].name == case.name)


def _named(case: Case) -> list[tuple[int, Ref]]:
    """Listed names and nouns of others as a plain search finds them: (word, whom)."""
    words, found = list(name_words(case.text)), []
    forms = [
        (name_words(f), Ref(t.kind, n)) for n, t in enumerate(LISTED.listed, 1) for f in (*t.forms, *t.exact)
    ]
    forms += [(tuple(other.split()), SOMEBODY_ELSE) for other in OTHERS]
    forms.sort(key=lambda form: -len(form[0]))
    at = 0
    while at < len(words):
        fits = next((form for form in forms if tuple(words[at : at + len(form[0])]) == form[0]), None)
        if fits is not None:
            found.append((at, fits[1]))
        at += len(fits[0]) if fits else 1
    return found


def _default(case: Case) -> Ref:
    number = dict(LISTED.about).get(case.place.channel, 0)
    return Ref(LISTED.listed[number - 1].kind, number) if number else NOBODY


def first_mention(found: Sequence[Case]) -> list[Ref]:
    """The first name; what the channel is about where there is none."""
    return [next((ref for _, ref in _named(case)), _default(case)) for case in found]


def nearest_mention(found: Sequence[Case]) -> list[Ref]:
    """The name fewest words away from the strongest word of feeling, whatever stands between."""
    from estime.listening.affect.model import model

    refs = []
    for case in found:
        look, named = model().readers[case.lang].lexicon.look, _named(case)
        weights = [abs(look(word).weight) for word in name_words(case.text)]
        if not named:
            refs.append(_default(case))
            continue
        strongest = int(np.argmax(weights)) if max(weights) else named[0][0]
        refs.append(min(named, key=lambda name: (abs(name[0] - strongest), name[0]))[1])
    return refs


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    if not of:
        return (0.0, 1.0)
    z, share = 1.959964, count / of
    middle, half = share + z * z / (2 * of), z * np.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return float((middle - half) / (1 + z * z / of)), float((middle + half) / (1 + z * z / of))


def told(count: int, of: int) -> str:
    """A share as the page tells it."""
    low, high = wilson(count, of)
    return f"{count} of {of}: {count / of:.2f} ({low:.2f}–{high:.2f})"


def tables() -> Iterator[str]:
    """The lines of the page."""
    found = cases()
    about = read(found)
    ours = [right(case, ref) for case, ref in zip(found, about.refs, strict=True)]
    yield "| who is asked | all cases | French, never looked at | English, never looked at | never looked at, both |"
    yield "|---|---|---|---|---|"
    yield from (
        _row(name, found, hits)
        for name, hits in (
            ("Estime", ours),
            ("nearest name by words", _hits(found, nearest_mention)),
            ("first name", _hits(found, first_mention)),
        )
    )
    yield ""
    yield "| cases | all | never looked at |"
    yield "|---|---|---|"
    for name in dict.fromkeys(case.about for case in found):
        rows = [at for at, case in enumerate(found) if case.about == name]
        unseen = [at for at in rows if found[at].unseen]
        yield f"| {name} | {told(sum(ours[at] for at in rows), len(rows))} | {told(sum(ours[at] for at in unseen), len(unseen))} |"
    yield ""
    yield (
        "| a person says, of those never looked at | "
        + " | ".join(WORDS.get(kind, kind) for kind in KINDS)
        + " |"
    )
    yield "|---" * (len(KINDS) + 1) + "|"
    for kind in KINDS:
        rows = [at for at, case in enumerate(found) if case.target == kind and case.unseen]
        counts = [sum(about.refs[at].kind == number for at in rows) for number in range(len(KINDS))]
        yield f"| {WORDS.get(kind, kind)} | " + " | ".join(map(str, counts)) + " |"
    yield ""
    yield from _signs(found, about, ours)


def _hits(found: Sequence[Case], ask: Callable[[Sequence[Case]], list[Ref]]) -> list[bool]:
    return [right(case, ref) for case, ref in zip(found, ask(found), strict=True)]


def _row(name: str, found: Sequence[Case], hits: Sequence[bool]) -> str:
    def of(*langs: str, unseen: bool) -> str:
        rows = [at for at, case in enumerate(found) if case.lang in langs and (case.unseen or not unseen)]
        return told(sum(hits[at] for at in rows), len(rows))

    both = ("fr", "en")
    shares = [of(*both, unseen=False), of("fr", unseen=True), of("en", unseen=True), of(*both, unseen=True)]
    return f"| {name} | {' | '.join(shares)} |"


def _signs(found: Sequence[Case], about: Directed, ours: Sequence[bool]) -> Iterator[str]:
    """Whether what is kept as felt toward the brand has the right sign, and who is taken for a critic."""
    several = [at for at, case in enumerate(found) if case.about in ("two", "contrast") and ours[at]]
    several = [at for at in several if found[at].target in ("brand", "product")]
    same = [
        at
        for at in several
        if (about.toward[at] > 0) == (found[at].sign == "+") and np.isfinite(about.toward[at])
    ]
    angry = [
        at for at, case in enumerate(found) if case.target in ("third_party", "member") and case.sign == "-"
    ]
    spared = [at for at in angry if not about.toward[at] < 0]
    yield f"- Of texts with several subjects that are rightly taken for the brand's, the sign of `toward` is right: {told(len(same), len(several))}."
    yield f"- Of texts that are angry at somebody else, so many make no critic of the brand: {told(len(spared), len(angry))}."


def page(text: str) -> str:
    """The page with the tables as they are computed now."""
    lines = "\n".join(tables())
    before, after = text.index(MARKS[0]) + len(MARKS[0]), text.index(MARKS[1])
    return f"{text[:before]}\n\n{lines}\n\n{text[after:]}"


def _wrong() -> None:
    found = [case for case in cases() if not case.unseen]
    about = read(found)
    for case, ref, toward in zip(found, about.refs, about.toward, strict=True):
        if not right(case, ref):
            name = LISTED.listed[ref.number - 1].name if ref.number else ""
            print(
                f"{case.about} {case.place} {case.target}:{case.name} ≠ {KINDS[ref.kind]}:{name} {toward:.2f} | {case.text}"
            )


def _fast(count: int) -> None:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.path.insert(0, str(ROOT / "bench"))
    import listening

    from estime.listening.targets.attributing import Attribution

    texts = (pool := listening.texts()) and [pool[number % len(pool)] for number in range(count)]
    many = Targets(
        LISTED.listed + tuple(Listed(2, f"Thing{n}", (f"Thing{n}", f"Chose {n}")) for n in range(5_000)),
        LISTED.about,
    )
    for name, targets, place in (
        ("a channel about nothing", LISTED, Place("street")),
        ("a channel about a product", LISTED, Place("app")),
        ("the same, answers to members", LISTED, Place("app", 1)),
        ("the same, 15,000 forms", many, Place("app", 1)),
    ):
        ask = Attribution(targets)
        begun = time.process_time()
        apart = sum(len(ask.told(text, place, lambda word: 0.0).parts) for text in texts)
        spent = (time.process_time() - begun) / count * 1e6
        print(f"{name}: {spent:.1f} µs a text; {apart / count:.3f} parts a text to be read again")


if __name__ == "__main__":
    if "--wrong" in sys.argv:
        _wrong()
    elif "--fast" in sys.argv:
        _fast(int(next((word for word in sys.argv if re.fullmatch(r"\d+", word)), 100_000)))
    elif "--write" in sys.argv:
        PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
    else:
        print("\n".join(tables()))
