"""Known answers: the worked tables of docs/measures and the JSON cases beside this file, on every engine."""

from pathlib import Path
from typing import Any

import pytest
from engagement_cases import check, json_case, page_case, run, run_together

HERE = Path(__file__).parent
PAGES = sorted(
    path for path in (HERE.parents[1] / "docs" / "measures").glob("*.md") if path.name != "README.md"
)
GOLDEN = sorted((HERE / "golden").glob("*.json"))
CASES = [pytest.param(page_case(path), id=path.name) for path in PAGES] + [
    pytest.param(json_case(path), id=path.name) for path in GOLDEN
]
RATES = [f"{deed}_per_1000_{base}" for deed in ("comments", "shares") for base in ("likes", "fans")]
MEASURES = {
    *[
        "active_share",
        "active_share_7d",
        "reach",
        "acts",
        "presence",
        "lost_waiting",
        "retention",
        "top_share",
        "absence_factor",
    ],
    *["replies", "horizontality", "reciprocity", "first_response", "unanswered", "owed", "words_deeds"],
    *["behaviour", "rank_stability"],
    *RATES,
    *(f"{rate}_page" for rate in RATES),
}


@pytest.mark.parametrize("case", CASES)
def test_duckdb(case: Any, duckdb: Any) -> None:
    check(case, run(duckdb, case))


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.name)
def test_spark(path: Path, spark: Any) -> None:
    check(json_case(path), run(spark, json_case(path)))


def test_duckdb_of_all_pages_together(duckdb: Any) -> None:
    pages_together(duckdb)


@pytest.mark.spark
@pytest.mark.slow
def test_spark_of_all_pages_together(spark: Any) -> None:
    """Spark takes as long for all as for one."""
    pages_together(spark)


def pages_together(backend: Any) -> None:
    """Each page is a channel beside the others, which must not matter to it."""
    cases = [page_case(path) for path in PAGES]
    found = run_together(backend, cases)
    for case in cases:
        check(case, found[case.name])


def test_every_measure_has_a_worked_table_and_a_place_in_the_index() -> None:
    worked = {row["measure"] for path in PAGES for row in page_case(path).expected}
    assert worked == MEASURES
    index = (PAGES[0].parent / "README.md").read_text()
    for measure in MEASURES:
        assert f"`{measure.removesuffix('_page')}`" in index
    for path in PAGES:
        assert f"({path.name})" in index
