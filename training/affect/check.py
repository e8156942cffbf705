"""Check the hand-written affect resources of this folder and print their counts: `python training/affect/check.py`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
POLARITIES = {"negative", "neutral", "positive"}
EMOTIONS = {"anger", "anticipation", "disgust", "fear", "joy", "sadness", "surprise", "trust"}
KINDS = {"negator", "intensifier", "diminisher", "contrast", "irony"}


def report(*parts: object) -> None:
    """One line on standard output."""
    sys.stdout.write(" ".join(map(str, parts)) + "\n")


def rows(path: Path) -> list[list[str]]:
    """The lines of a three-column file, remarks ("# ") left out; a line of another shape stops the check."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [line.split("\t") for line in lines if not line.startswith("# ")]
    for number, row in enumerate(found, start=1):
        if len(row) != 3 or not row[0].strip() or row[0] != row[0].strip():
            sys.exit(f"{path.name}:{number}: three tab-separated columns expected, got {row!r}")
    return found


def unique(path: Path, keys: list[str]) -> None:
    """Stop on a repeated key."""
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if twice:
        sys.exit(f"{path.name}: repeated: {twice[:10]}")


def emotions(path: Path, cell: str) -> None:
    """Stop on an emotion that is not one of Plutchik's eight."""
    if unknown := set(filter(None, cell.split(","))) - EMOTIONS:
        sys.exit(f"{path.name}: unknown emotions {unknown}")


def check_words(path: Path) -> None:
    """Expression, valence within -3..3, emotions."""
    found = rows(path)
    unique(path, [row[0] for row in found])
    for _, valence, felt in found:
        if not -3 <= float(valence) <= 3:
            sys.exit(f"{path.name}: valence {valence} is outside -3..3")
        emotions(path, felt)
    report(path.name, len(found), dict(Counter((float(v) > 0) - (float(v) < 0) for _, v, _ in found)))


def check_operators(path: Path) -> None:
    """Expression, kind, factor."""
    found = rows(path)
    unique(path, [row[0] for row in found])
    for expression, kind, factor in found:
        if kind not in KINDS or not -3 <= float(factor) <= 3:
            sys.exit(f"{path.name}: {expression}: {kind} {factor}")
    report(path.name, len(found), dict(Counter(row[1] for row in found)))


def check_sentences(path: Path) -> None:
    """Text, polarity, emotions; no two texts alike once case, spaces and end marks are set aside."""
    found = rows(path)
    unique(path, [row[0] for row in found])
    unique(path, [" ".join(row[0].lower().rstrip(" .!?…").split()) or row[0] for row in found])
    for text, polarity, felt in found:
        if polarity not in POLARITIES:
            sys.exit(f"{path.name}: {text}: {polarity}")
        emotions(path, felt)
    report(path.name, len(found), dict(Counter(row[1] for row in found)))
    report("   ", dict(Counter(e for row in found for e in row[2].split(",") if e)))


def check_pairs(path: Path) -> None:
    """Text, polarity, the same with a negation, its polarity."""
    found = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    for number, row in enumerate(found, start=1):
        if len(row) != 4 or not {row[1], row[3]} <= POLARITIES:
            sys.exit(f"{path.name}:{number}: text, polarity, text, polarity expected, got {row!r}")
    unique(path, [text for row in found for text in (row[0], row[2])])
    report(path.name, len(found), dict(Counter(row[3] for row in found)))


def main() -> None:
    """Check every file."""
    check_words(HERE / "emoji.tsv")
    for language in ("fr", "en"):
        check_words(HERE / f"words.{language}.tsv")
        check_operators(HERE / f"operators.{language}.tsv")
        check_sentences(HERE / f"sentences.{language}.tsv")
        check_sentences(HERE / f"plain.{language}.tsv")
        check_pairs(HERE / f"pairs.{language}.tsv")


if __name__ == "__main__":
    main()
