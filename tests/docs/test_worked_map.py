"""The tables worked by hand of affect and the map are the case that the code is run on (test_engagement_map.py)."""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CASE = json.loads((ROOT / "tests" / "engagement" / "golden_map" / "balanced.json").read_text("utf-8"))
CELLS = {"attached and active": "attached_active", "active critic": "critic", "detached": "detached"}


def table(page: str, title: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    below = (ROOT / "docs" / "measures" / page).read_text("utf-8").partition(f"\n## {title}\n")[2]
    lines = [line for line in below.splitlines() if line.startswith("|")]
    return [[cell.strip().replace("−", "-") for cell in line.strip("|").split("|")] for line in lines[2:]]


def numbers(value: str, interval: str) -> tuple[float, ...]:
    return (float(value), *(float(end) for end in interval.split(" to ")))


def expected() -> list[tuple[float, ...]]:
    people = [person["expected"] for person in CASE["people"]]
    return [tuple(round(person[name], 4) for name in ("value", "low", "high")) for person in people]


def test_affect():
    rows = table("affect.md", "A community worked through")
    assert [numbers(row[2], row[3]) for row in rows] == expected()
    assert [4 * float(row[1]) for row in rows] == [person["value"] for person in CASE["people"]]


def test_the_map():
    rows = table("map.md", "Cells worked through")
    assert [numbers(row[1], row[2]) for row in rows] == expected()
    for row, person in zip(rows, CASE["people"], strict=True):
        assert (float(row[3]), row[4] == "yes") == (person["b"], person["recent"])
        assert CELLS[row[5]] == person["expected"]["cell"]
