"""Random acts, measured by the tables and by an independent plain-Python implementation."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from engagement_cases import BRAND, Case, run
from oracle import oracle

AS_OF = datetime(2024, 8, 14, 15, 0, 0, tzinfo=UTC)
TYPES = (
    ["Create"] * 8 + ["Like"] * 4 + ["Announce", "View", "Join", "Join", "Leave", "Follow", "Undo", "Delete"]
)


def random_rows(seed: int, channels: tuple[str, ...]) -> list[dict[str, Any]]:
    """Acts of twelve people and the brand in 200 days: replies, undos, rooms, and acts after the as-of."""
    rng = random.Random(seed)
    rows: list[dict[str, Any]] = []
    for number in range(rng.choice([3, 40, 160])):
        channel = rng.choice(channels)
        who = rng.choice([BRAND, *(f"p{n}" for n in range(6))])
        kind = rng.choice(TYPES)
        when = AS_OF - timedelta(
            seconds=rng.choice([rng.randint(-86_400, 200 * 86_400), 86_400 * rng.randint(0, 130)])
        )
        row = {
            "channel": channel,
            "who": who if who == BRAND else f"{channel} {who}",
            "type": kind,
            "when": when,
        }
        row |= {
            "id": f"id{number}",
            "undoes": "",
            "object": "",
            "kind": "",
            "answers": "",
            "brand": who == BRAND,
        }
        own = [r for r in rows if (r["who"], r["channel"]) == (row["who"], channel) and r["type"] != "Undo"]
        texts = [
            r["object"]
            for r in rows
            if r["channel"] == channel and r["type"] == "Create" and r["kind"] == "Note"
        ]
        if kind == "Create":
            row |= {"object": f"o{number}", "kind": rng.choice(["Note", "Note", "Note", "Vote"])}
            if texts and rng.random() < 0.6:
                row["answers"] = rng.choice([*texts, f"lost{number}"])
        elif kind in ("Join", "Follow", "Leave"):
            row["object"] = channel + rng.choice([" red", " blue"])
        elif kind == "Undo":
            if not own:
                continue
            row["undoes"] = rng.choice(own)["id"]
        rows.append(row)
    return rows


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))])
@pytest.mark.parametrize("channels", [("a",), ("a", "b", "c")])
def test_the_tables_agree_with_plain_python(seed: int, channels: tuple[str, ...], duckdb: Any) -> None:
    rows = random_rows(seed, channels)
    case = Case("random", AS_OF, [{**row, "when": row["when"].isoformat(sep=" ")[:19]} for row in rows])
    figures = run(duckdb, case)
    for scope in (*channels, "*"):
        mine = [row for row in rows if scope in (row["channel"], "*")]
        if not [row for row in mine if row["when"] <= AS_OF and row["type"] != "Undo"]:
            continue
        got = {f[0:1] + f[2:4]: (f.value, f.n, f.d) for f in figures if f.scope == scope}
        wanted: dict[Any, Any] = oracle(mine, AS_OF)
        if scope == "*" and len(channels) > 1:
            # What makes all channels known together has its own golden case.
            skipped = ("active_share", "active_share_7d", "reach")
            got = {key: value for key, value in got.items() if key[0] not in skipped}
            wanted = {key: value for key, value in wanted.items() if key[0] not in skipped}
        compare(scope, got, wanted)


def compare(scope: str, got: dict[Any, Any], wanted: dict[Any, Any]) -> None:
    assert got.keys() == wanted.keys(), (scope, got.keys() ^ wanted.keys())
    for key, triple in wanted.items():
        for mine, theirs in zip(got[key], triple, strict=True):
            if theirs != "~":
                same = mine is theirs if None in (mine, theirs) else mine == pytest.approx(theirs, abs=1e-7)
                assert same, (scope, key, got[key], triple)


def limited(figures: list[Any], weeks: set[date], months: set[int]) -> set[Any]:
    """The figures that a computation limited to these weeks and months should give."""
    kept = set()
    for figure in figures:
        if figure.measure == "retention":
            cohort = figure.period.year * 12 + figure.period.month - 1
            if cohort in months or cohort + int(figure.label) in months:
                kept.add(figure)
        elif figure.period is None or figure.period in weeks:
            kept.add(figure)
    return kept


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))])
def test_a_limited_computation_gives_the_same_figures_as_the_whole(seed: int, duckdb: Any) -> None:
    rows = random_rows(10 * seed + 2, ("a", "b"))
    case = Case("random", AS_OF, [{**row, "when": row["when"].isoformat(sep=" ")[:19]} for row in rows])
    monday = AS_OF.date() - timedelta(days=AS_OF.weekday())
    weeks = {monday, monday - timedelta(days=21)}
    months = {2024 * 12 + 7, 2024 * 12 + 4}
    whole = run(duckdb, case)
    part = run(duckdb, case, weeks=[(week - date(1970, 1, 1)).days for week in weeks], months=months)
    assert rounded(part) == rounded(limited(whole, weeks, months))


def rounded(figures: Any) -> set[Any]:
    return {
        tuple(round(cell, 9) if isinstance(cell, float) else cell for cell in figure) for figure in figures
    }
