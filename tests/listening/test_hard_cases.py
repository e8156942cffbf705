"""Protects what the affect reader can do with hard texts; none of them was learnt from (hard_cases/README.md)."""

import json
from collections import Counter
from pathlib import Path

import pytest

from estime.listening.affect.reading import POLARITIES, read

CASES = Path(__file__).parent / "hard_cases"
TRAINING = Path(__file__).parents[2] / "training" / "affect"
FIGURES = json.loads((TRAINING / "figures.json").read_text(encoding="utf-8"))["hard cases"]
REACHED = {name: told["all"]["right"] for name, told in FIGURES.items()}
"""How many were right when docs/methods/affect.md was written: a reader that gets fewer has lost something."""
FEWEST = {"fr": 112, "en": 119, "mixed": 13}
"""No card may say fewer."""


def cases(name: str) -> list[tuple[str, str, str]]:
    lines = (CASES / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [(kind, polarity, text) for kind, polarity, text in (line.split("\t") for line in lines)]


@pytest.mark.parametrize("name", FEWEST)
def test_as_many_are_right_as_the_card_says(name: str) -> None:
    told = cases(name)
    found = read([text for _, _, text in told])
    right: Counter[str] = Counter()
    for (kind, polarity, _), affect in zip(told, found, strict=True):
        right[kind] += max(affect.polarity, key=affect.polarity.__getitem__) == polarity
    assert right.total() == REACHED[name] >= FEWEST[name], right


def test_they_are_enough_and_none_was_learnt_from() -> None:
    told = [case for name in REACHED for case in cases(name)]
    assert len(told) == len({text for _, _, text in told}) >= 300
    assert {polarity for _, polarity, _ in told} == {*POLARITIES}
    learnt = {
        text.casefold()
        for kind in ("sentences", "plain", "pairs")
        for path in TRAINING.glob(f"{kind}.*.tsv")
        for line in path.read_text(encoding="utf-8").splitlines()
        for text in line.split("\t")
    }
    assert learnt
    assert not learnt & {text.casefold() for _, _, text in told}
