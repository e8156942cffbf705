"""Protects against losing or doubling anything by a kill: SIGKILL in every gap between two lasting changes.

Nothing lasts between a boundary and the next one, so the gap after boundary n is the gap before n + 1: killing
before each boundary and after the last meets every state that a killed process can leave.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from story import Told, chapters, drive, job, live

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


def killed(
    told: Told, kills: Iterable[Kill], then: list[list[str]] | None = None, place: str = "again"
) -> list[dict[str, Any]]:
    """Jobs that die at `kills` and are told the same commands again (or `then`)."""
    folder = told.before.parent
    look = "whole" if told.chapter.whole else "ledger"
    again = told.chapter.commands if then is None else then
    return [
        job(
            f"{told.chapter.name}, {side} {number} ({told.boundaries[number]})",
            folder / f"{place}-{told.chapter.name}-{number}-{side}",
            told.chapter.commands,
            **{"from": told.before},
            kill=[number, side],
            then=again,
            look=look,
        )
        for number, side in kills
    ]


def check(results: Iterable[dict[str, Any]], stories: list[Told]) -> int:
    """Every life was cut off, went on, and came to the same end."""
    states = {told.chapter.name: told.state for told in stories}
    wrong, count = [], 0
    for result in results:
        count += 1
        assert result["first"]["killed"], f"{result['id']}: was not killed"
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
        assert state["stale"] in ([[False]], [[0]])
        assert state["figures"]


def test_a_kill_in_an_import_loses_and_doubles_nothing(begun: Path) -> None:
    told = live(begun, chapters(begun / "files")[:1], place="quick")
    check(drive(killed(told[0], gaps(told[0].boundaries), place="quick")), told)


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
    jobs = [one for told in undisturbed for one in killed(told, gaps(told.boundaries))]
    count = check(drive(jobs), undisturbed)
    print(f"killed in {count} gaps:", *(f"{t.chapter.name} {t.boundaries}" for t in undisturbed), sep="\n  ")


@slow
def test_a_rebuild_that_was_killed_is_completed_by_a_plain_refresh(undisturbed: list[Told]) -> None:
    rebuild = next(told for told in undisturbed if told.chapter.name == "rebuild")
    check(drive(killed(rebuild, gaps(rebuild.boundaries), [["refresh"]], place="plain")), [rebuild])
