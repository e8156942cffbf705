"""Known answers: the worked tables of docs/measures and the JSON cases beside this file, on every engine."""

from dataclasses import replace
from math import isclose
from pathlib import Path
from typing import Any

import pytest
from engagement_cases import Case, check, json_case, of_case, page_case, run, run_together

from estime.engagement.families import ALL
from estime.engagement.figures import Figure

HERE = Path(__file__).parent
PAGES = sorted(
    path
    for path in (HERE.parents[1] / "docs" / "measures").glob("*.md")
    if path.name
    not in ("README.md", "affect.md", "map.md")  # those are worked through in test_engagement_map.py
)
GOLDEN = sorted((HERE / "golden").glob("*.json"))
WORKED = [page_case(path) for path in PAGES] + [json_case(path) for path in GOLDEN]
RATES = [f"{deed}_per_1000_{base}" for deed in ("comments", "shares") for base in ("likes", "fans")]
OF_POSTS = {f"{rate}_page" for rate in RATES}
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
    *OF_POSTS,
}
Numbers = tuple[float | None, ...]


@pytest.mark.parametrize("case", WORKED, ids=lambda case: case.name)
def test_duckdb(case: Case, duckdb: Any) -> None:
    check(case, run(duckdb, case))


def test_duckdb_of_all_cases_together(duckdb: Any) -> None:
    together(duckdb)


@pytest.mark.spark
@pytest.mark.slow
def test_spark_of_all_cases_together(spark: Any, duckdb: Any) -> None:
    """Spark takes as long for all as for one. All channels together are not worked by hand: the engines agree."""
    found = {figure[:4]: figure[4:] for figure in together(spark)}
    known = {figure[:4]: figure[4:] for figure in together(duckdb)}
    assert found.keys() == known.keys()
    assert [key for key in known if not close(found[key], known[key])] == []
    assert {measure for measure, scope, *_ in known if scope == ALL} == MEASURES - {*RATES, *OF_POSTS}


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.parametrize("case", [case for case in WORKED if case.linked], ids=lambda case: case.name)
def test_spark_where_channels_are_linked(case: Case, spark: Any) -> None:
    check(case, run(spark, case))


def together(backend: Any) -> list[Figure]:
    """Each channel of each case is beside all others, which must not matter to it."""
    cases = [case for case in WORKED if not case.linked]
    assert len(cases) == len(WORKED) - 1
    figures = run_together(backend, cases)
    for case in cases:
        check(alone(case), of_case(case, figures))
    return figures


def close(found: Numbers, wanted: Numbers) -> bool:
    pairs = zip(found, wanted, strict=True)
    return all(a is b if None in (a, b) else isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) for a, b in pairs)


def alone(case: Case) -> Case:
    """What is known of each channel by itself: of them together, others would have a say."""
    return replace(case, expected=[row for row in case.expected if row.get("scope") != ALL])


def test_every_measure_has_a_worked_table_and_a_place_in_the_index() -> None:
    worked = {row["measure"] for path in PAGES for row in page_case(path).expected}
    assert worked == MEASURES
    index = (PAGES[0].parent / "README.md").read_text()
    for measure in MEASURES:
        assert f"`{measure.removesuffix('_page')}`" in index
    for path in PAGES:
        assert f"({path.name})" in index
