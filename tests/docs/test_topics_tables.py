"""docs/methods/topics.md shows what `bench/topics.py` measured, and no figure that it did not."""

import importlib.util
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("bench_topics", ROOT / "bench" / "topics.py")


def test_the_tables_are_those_of_the_results() -> None:
    assert SPEC is not None
    assert SPEC.loader is not None
    bench = importlib.util.module_from_spec(SPEC)
    SPEC.loader.exec_module(bench)
    found = json.loads((ROOT / "bench" / "topics.json").read_text())
    page = (ROOT / "docs" / "methods" / "topics.md").read_text()
    assert set(found) == set(bench.SETS)
    assert bench.page_with(page, found) == page, "run `python bench/topics.py tables`"
    found["decidim"]["methods"]["nmf"]["npmi"] = [0.5] * 5
    assert bench.page_with(page, found) != page
