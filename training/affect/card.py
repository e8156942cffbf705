"""The tables of the model card, `docs/methods/affect.md`, from `figures.json`: so the card cannot say anything else.

`python card.py` writes them between the two marks; a test compares (tests/listening/test_affect_card.py).
"""

import json
from math import sqrt
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OUT = HERE / "figures.json"
CARD = HERE.parents[1] / "docs" / "methods" / "affect.md"
BEGIN = "<!-- written by training/affect/card.py: begin -->\n"
END = "<!-- end -->\n"
NOT_YET = "–"
LANGUAGES = {"fr": "French", "en": "English"}
POLARITIES = ("negative", "neutral", "positive")
POLARITY_OF_FACTS = {"complaint": "negative", "praise": "positive"}
DOMAINS = {"reddit": "Reddit", "subtitles": "subtitles", "sentences": "sentences by hand"}


def tables(figures: dict[str, Any]) -> str:
    """All tables, as Markdown."""
    parts = (
        _polarity,
        _reliability,
        _registers,
        _plain,
        _hard_cases,
        _negation,
        _across,
        _families,
        _emotions,
        _emotions_as_said,
    )
    return "\n".join(part(figures) for part in parts)


def _share(value: float, digits: int = 3) -> str:
    return f"{value:.{digits}f}".removeprefix("0")


def _with_interval(of: dict[str, Any]) -> str:
    return f"{_share(of['macro_f1'])} ({_share(of['low'])}–{_share(of['high'])})"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _polarity(figures: dict[str, Any]) -> str:
    names = {
        "shipped": "`val` tweets, never trained or tuned on",
        "without tweets": "the same reader without any tweet",
        "tweets alone": "tweets alone, one register, no sentences",
    }
    rows = [
        [name, *(_with_interval(figures[lang]["val"][kind]) for lang in LANGUAGES)]
        for kind, name in names.items()
    ]
    rows += [
        [
            "`train` tweets, cross-validated, near-duplicates in one fold",
            *(_with_interval(of["shipped"]) if of else NOT_YET for of in _crossed(figures)),
        ],
        ["published, on the official test halves: fastText / XLM-R", ".548 / .720", ".509 / .706"],
    ]
    for number, polarity in enumerate(POLARITIES):
        told = [_share(figures[lang]["val"]["by polarity"][number]) for lang in LANGUAGES]
        rows.append([f"F1 of {polarity} on `val`", *told])
    title = "Macro-F1 of polarity on tweets, with the middle 95 % of 2,000 bootstrap samples.\n\n"
    return title + _table(["", *LANGUAGES.values()], rows)


def _hard_cases(figures: dict[str, Any]) -> str:
    told = figures["hard cases"]
    kinds = sorted({kind for lang in LANGUAGES for kind in told[lang]} - {"all"})
    rows = [
        [kind, *(_of(told[lang][kind]) if kind in told[lang] else "–" for lang in LANGUAGES)]
        for kind in kinds
    ]
    rows.append(["all", *(_of_many(told[lang]["all"]) for lang in LANGUAGES)])
    title = (
        "### Hard cases\n\nTexts written by hand by somebody who saw neither the words nor the sentences that were"
        " learnt from (`tests/listening/hard_cases`): right, of all.\n\n"
    )
    mixed = f"\nTexts in both languages at once: {_of(told['mixed']['all'])}.\n"
    return title + _table(["", *LANGUAGES.values()], rows) + mixed


def _of(found: dict[str, int]) -> str:
    return f"{found['right']} of {found['n']}"


def _of_many(found: dict[str, int]) -> str:
    """With the middle 95 % by Wilson."""
    n, share, z = found["n"], found["right"] / found["n"], 1.96
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return f"{_of(found)}: {share:.0%} ({middle - half:.0%}–{middle + half:.0%})"


def _negation(figures: dict[str, Any]) -> str:
    names = {
        "without": "without a negation",
        "with": "with one",
        "negative": "… that makes it negative",
        "neutral": "… that leaves it neutral",
        "positive": "… that makes it positive",
    }
    rows = []
    for kind, name in names.items():
        found = [figures[lang]["pairs"][kind] for lang in LANGUAGES]
        rows.append([name, *map(_of_many, found)])
    return "### Negation\n\nPairs of sentences left out, right of all.\n\n" + _table(
        ["", *LANGUAGES.values()], rows
    )


def _crossed(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """Cross-validation takes longest, and may not have been done for a language yet."""
    return [figures[lang].get("crossed", {}) for lang in LANGUAGES]


def _families(figures: dict[str, Any]) -> str:
    tried = [of.get("tried", {}) for of in _crossed(figures)]
    names = list(dict.fromkeys(name for of in tried for name in of))
    rows = [[name, *(_share(of[name]) if name in of else NOT_YET for of in tried)] for name in names]
    title = (
        "### Families\n\nCross-validated on `train` tweets: macro-F1, all on the same folds; two points are within"
        " chance.\n\n"
    )
    return title + _table(["", *LANGUAGES.values()], rows)


def _across(figures: dict[str, Any]) -> str:
    rows = []
    for lang, language in LANGUAGES.items():
        left_out = {"shipped → sentences, left out": figures[lang]["talk"]["left out"]["sentences"]}
        for name, found in sorted((figures[lang]["across"] | left_out).items()):
            rows.append([f"{language}: {name}", _with_interval(found), f"{found['n']:,}"])
    title = (
        "### Across domains\n\nLearnt from → asked, macro-F1 of the polarities that are there (subtitles have no"
        " neutral). “shipped” learnt from tweets and sentences.\n\n"
    )
    return title + _table(["", "macro-F1", "texts"], rows)


def _reliability(figures: dict[str, Any]) -> str:
    title = (
        "### Is it as sure as it says?\n\n`val` tweets, never seen: how probable the likeliest polarity was said to be,"
        " and how often it was right.\n\n"
    )
    rows, lines = [], []
    for lang, language in LANGUAGES.items():
        told = figures[lang]["val"]["confidence"]
        rows += [
            [
                language,
                f"{_share(one['from'], 1)} on",
                str(one["n"]),
                _share(one["said"]),
                _share(one["right"]),
            ]
            for one in told["reliability"]
        ]
        drawn = "; ".join(
            f"from {one['from']}: {one['clear']:.0%} clear, {one['right']:.0%} of them right"
            for one in told["clear"]
            if one["from"] >= 0.5
        )
        lines.append(f"- {language}: calibration error {_share(told['calibration_error'])}; {drawn}.")
    table = _table(["", "said", "texts", "mean said", "right"], rows)
    return f"{title}{table}\n“Unclear” is what is below 0.5:\n\n" + "\n".join(lines) + "\n"


def _plain(figures: dict[str, Any]) -> str:
    told = figures["plain cases"]
    rows = [
        [
            f"{kind} ({POLARITY_OF_FACTS.get(kind, 'neutral')})",
            *(_of(told[lang]["kinds"][kind]) for lang in LANGUAGES),
        ]
        for kind in told["fr"]["kinds"]
    ]
    for title, asked in (("kept apart", told), ("learnt from, left out", _left_out(figures))):
        for kind, name in (("neutral", "neutral"), ("feeling", "complaints and praise")):
            of = [asked[lang]["told"][kind] for lang in LANGUAGES]
            rows.append([f"**{name}, {title}**", *(_of_many(one) for one in of)])
            rows.append(["… unclear", *(_part(one, "unclear") for one in of)])
            if kind == "neutral":
                rows.append(["… told as negative", *(_part(one, "negative") for one in of)])
                rows.append(["… told as positive", *(_part(one, "positive") for one in of)])
    title = (
        "### Plain statements\n\nTexts that tell no feeling by words, as customers write them; complaints and praise by"
        " facts alone. Kept apart: `tests/listening/plain_cases`. Right (the likeliest), of all; “told” is what was"
        " clear.\n\n"
    )
    return title + _table(["", *LANGUAGES.values()], rows)


def _left_out(figures: dict[str, Any]) -> dict[str, Any]:
    return {lang: {"told": figures[lang]["talk"]["plain"]} for lang in LANGUAGES}


def _part(found: dict[str, int], name: str) -> str:
    return _of_many({"right": found[name], "n": found["n"]})


def _registers(figures: dict[str, Any]) -> str:
    rows = []
    for lang, language in LANGUAGES.items():
        talk = figures[lang]["talk"]["confidence"]
        for name, found in (
            ("posts: `val` tweets", figures[lang]["val"]["confidence"]),
            ("talk: sentences by hand, left out", talk["sentences"]),
            ("talk: plain statements, left out", talk["plain"]),
            ("talk: plain statements, kept apart", figures["plain cases"][lang]["confidence"]),
        ):
            [clear] = [one for one in found["clear"] if one["from"] == 0.5]
            count = sum(one["n"] for one in found["reliability"])
            means = [
                sum(one[of] * one["n"] for one in found["reliability"]) / count for of in ("said", "right")
            ]
            rows.append(
                [
                    f"{language}, {name}",
                    f"{count:,}",
                    *map(_share, means),
                    _share(found["calibration_error"]),
                    f"{clear['clear']:.0%}",
                    f"{clear['right']:.0%}",
                ]
            )
    title = "### By register\n\nHow probable the likeliest polarity was said to be, and how often it was right.\n\n"
    return title + _table(["", "texts", "said", "right", "calibration error", "clear", "of them right"], rows)


def _emotions(figures: dict[str, Any]) -> str:
    rows = []
    for lang, language in LANGUAGES.items():
        for domain, each in sorted(figures[lang].get("emotions", {}).items()):
            rows += [
                [
                    f"{language}, {DOMAINS[domain]}",
                    emotion,
                    f"{found['share']:.1%}",
                    f"{found['mean_probability']:.1%}",
                    *(_three(found[kind]) for kind in ("auc", "average_precision", "f1_where_told")),
                ]
                for emotion, found in each.items()
                if emotion != "said"
            ]
    title = (
        "### Emotions\n\nTexts left out, with the middle 95 % of 300 bootstrap samples. “Has it” is how many of them"
        " show the emotion, “said” the mean probability. What turns scores into probabilities, and from where on an"
        " emotion is told, are the shipped reader’s.\n\n"
    )
    head = ["texts", "emotion", "has it", "said", "AUC", "average precision", "F1"]
    return title + _table(head, rows)


def _three(found: list[float]) -> str:
    value, low, high = map(_share, found)
    return f"{value} ({low}–{high})"


def _emotions_as_said(figures: dict[str, Any]) -> str:
    """Calibration of the emotions: a row for each tenth, a column for each domain."""
    asked = {
        f"{language}, {DOMAINS[domain]}": each["said"]
        for lang, language in LANGUAGES.items()
        for domain, each in sorted(figures[lang].get("emotions", {}).items())
    }
    rows = []
    for start in sorted({one["from"] for of in asked.values() for one in of["reliability"]}):
        found = [[one for one in of["reliability"] if one["from"] == start] for of in asked.values()]
        cells = [
            f"{_share(one[0]['said'])} / {_share(one[0]['right'])} ({one[0]['n']:,})" if one else "–"
            for one in found
        ]
        rows.append([f"{_share(start, 1)} on", *cells])
    rows.append(["calibration error", *(_share(of["calibration_error"]) for of in asked.values())])
    title = (
        "### Are emotions as sure as they say?\n\nAll eight together: mean probability said / share that has the"
        " emotion (how many).\n\n"
    )
    return title + _table(["said", *asked], rows)


def card_with(card: str, figures: dict[str, Any]) -> str:
    """The card, with its tables anew."""
    before, _, rest = card.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{tables(figures)}\n{END}{after}"


def write_card() -> None:
    """Write the tables into the card, once they were measured."""
    figures = json.loads(OUT.read_text(encoding="utf-8"))
    if all(
        {"val", "pairs", "across", "emotions", "talk"} <= figures.get(lang, {}).keys() for lang in LANGUAGES
    ):
        card = card_with(CARD.read_text(encoding="utf-8"), figures)
        CARD.write_text(card, encoding="utf-8")


if __name__ == "__main__":
    write_card()
