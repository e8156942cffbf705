"""docs/validity.md and docs/methods/durability.md show what `estime validate` said, and no figure it did not say."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("bench_validity", ROOT / "bench" / "validity.py")


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    assert SPEC is not None
    assert SPEC.loader is not None
    module = importlib.util.module_from_spec(SPEC)
    SPEC.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((ROOT / "bench" / "validity.json").read_text())
    return told


def test_the_tables_are_those_of_the_results(bench: ModuleType, found: dict[str, Any]) -> None:
    forum = found["forum"]["told"]
    assert (forum["n"], len(forum["cuts"])) == (5_019, 9), "the protocol of the issue"
    other = {**forum, "n": 1, "cuts": [{**forum["cuts"][0], "auc": 0.5}, *forum["cuts"][1:]]}
    changed = {**found, "forum": {**found["forum"], "told": other}}
    for page, tables in ((bench.PAGE, bench.tables), (bench.METHOD, bench.method_tables)):
        text = page.read_text()
        assert bench.page_with(text, tables(found)) == text, "run `python bench/validity.py --tables`"
        assert bench.page_with(text, tables(changed)) != text


def test_every_community_was_measured_and_the_claim_toward_a_brand(found: dict[str, Any]) -> None:
    assert {"forum", "forum-targets", "cdnow", "houston-slack", "polis-football"} <= set(found)
    told = found["forum-targets"]["told"]
    assert told["heard"]["toward"] > 1_000
    assert told["toward"]["auc_lead"]["low"] is not None
    assert found["forum"]["told"]["heard"]["toward"] == 0
    assert found["forum"]["told"]["placebo"]["auc_lead"]["low"] is not None
