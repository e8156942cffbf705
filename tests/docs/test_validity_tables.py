"""docs/validity.md shows what `estime validate` said, and no figure that it did not say."""

import importlib.util
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("bench_validity", ROOT / "bench" / "validity.py")


def test_the_tables_are_those_of_the_results() -> None:
    assert SPEC is not None
    assert SPEC.loader is not None
    bench = importlib.util.module_from_spec(SPEC)
    SPEC.loader.exec_module(bench)
    found = json.loads((ROOT / "bench" / "validity.json").read_text())
    page = (ROOT / "docs" / "validity.md").read_text()
    assert bench.page_with(page, found) == page, "run `python bench/validity.py --tables`"
    assert {"forum", "houston-slack", "polis-football"} <= set(found)
    forum = found["forum"]["told"]
    assert (forum["n"], len(forum["cuts"])) == (5_019, 9), "the protocol of the issue"
    changed = {**found, "forum": {**found["forum"], "told": {**forum, "n": 1}}}
    assert bench.page_with(page, changed) != page
