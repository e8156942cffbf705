"""The model card says what was measured, the model is the one of these words, and a new one has texts read again."""

import hashlib
import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from estime.listening import version
from estime.listening.affect.model import model

TRAINING = Path(__file__).parents[2] / "training" / "affect"
ASKED = {"fr": 0.64, "en": 0.62}


@pytest.fixture(scope="module")
def card() -> ModuleType:
    found = importlib.util.spec_from_file_location("affect_card", TRAINING / "card.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((TRAINING / "figures.json").read_text(encoding="utf-8"))
    return told


def test_the_card_has_the_figures_that_were_measured(card: ModuleType, figures: dict[str, Any]) -> None:
    written = card.CARD.read_text(encoding="utf-8")
    assert card.tables(figures) in written
    assert card.card_with(written, figures) == written


def test_another_figure_would_be_another_card(card: ModuleType, figures: dict[str, Any]) -> None:
    other = json.loads(json.dumps(figures))
    other["fr"]["val"]["shipped"]["macro_f1"] = 0.9
    assert card.tables(other) != card.tables(figures)


@pytest.mark.parametrize("language", ASKED)
def test_tweets_never_seen_are_read_as_well_as_was_asked(figures: dict[str, Any], language: str) -> None:
    shipped = figures[language]["val"]["shipped"]
    assert shipped["macro_f1"] >= ASKED[language]
    assert shipped["low"] < shipped["macro_f1"] < shipped["high"]


def test_the_shipped_model_was_made_from_these_files() -> None:
    """After a change of them: `make affect`, and `make affect-figures`."""
    made_from = model().made_from
    written = [path for path in TRAINING.iterdir() if path.suffix in {".tsv", ".txt"}]
    assert len(written) >= 12
    for path in written:
        assert made_from[path.name] == hashlib.sha256(path.read_bytes()).hexdigest(), path.name


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Versions are remembered in a process; this test has them asked anew, and the next ones too."""
    for remembered in (version.version_of, version._model_digest):
        remembered.cache_clear()
    yield
    for remembered in (version.version_of, version._model_digest):
        remembered.cache_clear()


def test_another_model_has_texts_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forgotten: None
) -> None:
    before = version.version_of("targets")
    version.version_of.cache_clear()
    version._model_digest.cache_clear()
    (tmp_path / "model.npz").write_bytes(b"another")
    monkeypatch.setattr(version, "files", lambda _: tmp_path)
    assert version.version_of("targets") != before
