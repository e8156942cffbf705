"""Protects against losing or doubling anything by a kill: SIGKILL in every gap between two lasting changes.

Nothing lasts between a boundary and the next one, so the gap after boundary n is the gap before n + 1: killing
before each boundary and after the last meets every state that a killed process can leave.

What a kill leaves is what is in the files at that moment. So long commands are lived once, with a copy of the home in
each gap, and the second life begins in each copy that differs from the others; some are killed in earnest as well,
and short commands in every gap.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from driving import drive, job
from story import Told, chapters, fingerprint, live

slow = pytest.mark.slow

ANY_NUMBER = ("unlink", "rmdir")  # as many as the lake has files: a few of them stand for all

Kill = tuple[int, str]


def gaps(boundaries: list[str]) -> list[Kill]:
    """Every gap, but only the first, a middle and the last of a row of deleted files."""
    found: list[Kill] = []
    row: list[Kill] = []
    for number, name in [*enumerate(boundaries), (len(boundaries), "")]:
        if name in ANY_NUMBER:
            row.append((number, "before"))
            continue
        found += sorted({row[0], row[len(row) // 2], row[-1]} if row else ())
        row = []
        found.append((number, "before") if name else (number - 1, "after"))
    return found


def killed(told: Told, kills: Iterable[Kill], place: str = "again") -> list[dict[str, Any]]:
    """Jobs that die at `kills` and are told the same commands again."""
    look = "whole" if told.chapter.whole else "ledger"
    return [
        job(
            f"{told.chapter.name}, {side} {number} ({told.boundaries[number]})",
            told.before.parent / f"{place}-{told.chapter.name}-{number}-{side}",
            told.chapter.commands,
            **{"from": told.before},
            kill=[number, side],
            then=told.chapter.commands,
            look=look,
        )
        for number, side in kills
    ]


def revived(told: Told, then: list[list[str]] | None = None, place: str = "revived") -> list[dict[str, Any]]:
    """Jobs that go on, with the same commands (or `then`), from every gap whose still differs from the others."""
    found: dict[str, int] = {}
    for number, side in gaps(told.boundaries):
        at = number + (side == "after")
        found.setdefault(fingerprint(told.stills / str(at)), at)
    # Of boundaries, some commit nothing; were they most of them, something would be wrong with the stills.
    assert len(found) > len(gaps(told.boundaries)) // 3, told.boundaries
    return [
        job(
            f"{told.chapter.name}, still {at} of {told.boundaries}",
            told.before.parent / f"{place}-{told.chapter.name}-{at}",
            [],
            **{"from": told.stills / str(at)},
            then=told.chapter.commands if then is None else then,
            look="whole",
        )
        for at in found.values()
    ]


def in_earnest(told: Told) -> list[Kill]:
    """Where to kill really: anywhere in a short chapter, in the middle of a long one."""
    all_of_them = gaps(told.boundaries)
    return [all_of_them[len(all_of_them) // 2]] if told.chapter.whole else all_of_them


def check(results: Iterable[dict[str, Any]], stories: list[Told]) -> int:
    """Every life was cut off, went on, and came to the same end."""
    states = {told.chapter.name: told.state for told in stories}
    wrong, count = [], 0
    for result in results:
        count += 1
        assert "first" not in result or result["first"]["killed"], f"{result['id']}: was not killed"
        second, wanted = result["second"], states[result["id"].partition(",")[0]]
        # An erasure whose handle is gone already cannot be named again: the refresh after it completes it.
        wrong += [
            f"{result['id']}: {end}"
            for end in second["ended"]
            if end["code"] not in ("ok", "exit 1")
            and not (end["code"] == "unknown-account" and "refresh" in end["todo"])
        ]
        wrong += [
            f"{result['id']}: {part} differs: {str(second['state'].get(part))[:200]}, not {str(wanted[part])[:200]}"
            for part in wanted
            if second["state"].get(part) != wanted[part]
        ]
    assert not wrong, "\n".join(wrong)
    return count


def sound(told: Told) -> None:
    """The undisturbed life itself must be as it should."""
    state = told.state
    assert (state["leases"], state["running"], state["litter"]) == ([], [], [])
    assert len({tuple(row[:2]) for row in state["acts"]}) == len(state["acts"])
    if told.chapter.whole:
        assert (state["lake"]["missing"], state["lake"]["too many"], state["left"]) == (0, 0, [])
        assert state["lake"]["readings"] == {"missing": 0, "too many": 0}
        assert state["stale"] in ([[False]], [[0]])
        assert state["figures"]


def rows(home: Path) -> dict[str, int]:
    """How many rows each table of an installation has."""
    with closing(sqlite3.connect(home / "estime.sqlite3")) as link:
        tables = link.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {name: link.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables}


def test_a_kill_leaves_what_the_still_of_its_moment_shows(begun: Path) -> None:
    [told] = live(begun, chapters(begun / "files")[1:2], place="still")
    jobs = [one | {"then": []} for one in killed(told, gaps(told.boundaries), place="left")]
    assert all(result["first"]["killed"] for result in drive(jobs))
    left = {tuple(one["kill"]): rows(Path(one["home"])) for one in jobs}
    shown = {
        (number, side): rows(told.stills / str(number + (side == "after")))
        for number, side in gaps(told.boundaries)
    }
    assert left == shown
    assert len({tuple(found.values()) for found in left.values()}) > 3


@slow
def test_the_undisturbed_life(undisturbed: list[Told]) -> None:
    for told in undisturbed:
        sound(told)
    states = {told.chapter.name: told.state for told in undisturbed}
    assert states["erase"]["figures"] == states["rebuild"]["figures"]
    assert [len(states[name]["acts"]) for name in ("import", "import-more", "import-again")] == [55, 110, 110]
    assert not any("Marie" in str(row) for row in states["erase"]["acts"])


@slow
def test_a_kill_in_any_gap_loses_and_doubles_nothing(undisturbed: list[Told]) -> None:
    jobs = []
    for told in undisturbed:
        jobs += killed(told, in_earnest(told)) + (revived(told) if told.chapter.whole else [])
    rebuild = next(told for told in undisturbed if told.chapter.name == "rebuild")
    jobs += revived(rebuild, [["refresh"]], place="plain")  # completes a rebuild that was killed as well
    count = check(drive(jobs), undisturbed)
    print(f"cut off {count} times:", *(f"{t.chapter.name} {t.boundaries}" for t in undisturbed), sep="\n  ")
