"""Protects that plain statements are not read as complaints; none of them was learnt from (plain_cases/README.md)."""

import json
from pathlib import Path

import numpy as np
import pytest

from estime.listening.affect.reading import POLARITIES, read_arrays

CASES = Path(__file__).parent / "plain_cases"
TRAINING = Path(__file__).parents[2] / "training" / "affect"
FIGURES = json.loads((TRAINING / "figures.json").read_text(encoding="utf-8"))["plain cases"]
LANGUAGES = ("fr", "en")
MOST_AS_COMPLAINTS = {"fr": 15, "en": 8}
"""Of a hundred neutral ones, told as negative. Before plain statements were learnt from: 31 and 14."""


def cases(language: str) -> list[list[str]]:
    return [line.split("\t") for line in (CASES / f"{language}.tsv").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_plain_statements_are_read_as_the_card_says(language: str) -> None:
    found = read_arrays([text for _, _, text in cases(language)])
    said, told = found.polarity.argmax(axis=1), np.array([POLARITIES.index(p) for _, p, _ in cases(language)])
    for name, at in (("neutral", told == 1), ("feeling", told != 1)):
        assert int((said == told)[at].sum()) == FIGURES[language]["told"][name]["right"], name
    as_complaints = int(((said == 0) & ~found.unclear & (told == 1)).sum())
    assert as_complaints == FIGURES[language]["told"]["neutral"]["negative"] <= MOST_AS_COMPLAINTS[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_none_was_learnt_from(language: str) -> None:
    kept = {text.casefold() for _, _, text in cases(language)}
    learnt = {
        field.casefold()
        for kind in ("sentences", "plain", "pairs")
        for line in (TRAINING / f"{kind}.{language}.tsv").read_text(encoding="utf-8").splitlines()
        for field in line.split("\t")
    }
    assert len(kept) == 130
    assert len(learnt) > 2_000
    assert not kept & learnt
