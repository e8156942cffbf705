"""Protects against a power cut: what a lake whose last files were lost or cut short does to the next refresh."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from driving import drive, job
from story import Told

pytestmark = pytest.mark.slow

Harm = Callable[[Path], None]
ACTS, LOG = Path("lake/acts"), Path("lake/acts/_delta_log")


def commits(home: Path) -> list[Path]:
    return sorted((home / LOG).glob("*.json"))


def no_last_commit(home: Path) -> None:
    """As if killed within a write, after the data and before the commit: the data belongs to nobody."""
    commits(home)[-1].unlink()


def half_a_last_commit(home: Path) -> None:
    last = commits(home)[-1]
    last.write_bytes(last.read_bytes()[: last.stat().st_size // 2])


def an_empty_last_commit(home: Path) -> None:
    commits(home)[-1].write_bytes(b"")


def an_orphan(home: Path) -> None:
    file = next((home / ACTS).glob("*.parquet"))
    shutil.copyfile(file, file.with_name("part-00000-orphan-c000.snappy.parquet"))


def half_an_orphan(home: Path) -> None:
    file = next((home / ACTS).glob("*.parquet"))
    file.with_name("part-00000-orphan-c000.snappy.parquet").write_bytes(file.read_bytes()[:700])


def half_a_data_file(home: Path) -> None:
    file = next((home / ACTS).glob("*.parquet"))
    file.write_bytes(file.read_bytes()[:700])


def no_data_file(home: Path) -> None:
    next((home / ACTS).glob("*.parquet")).unlink()


def no_log(home: Path) -> None:
    shutil.rmtree(home / LOG)


def half_the_persons(home: Path) -> None:
    for file in (home / "lake/persons").glob("*.parquet"):
        file.write_bytes(file.read_bytes()[:100])


HARMLESS = [no_last_commit, an_orphan, half_an_orphan, no_log]
NAMED = [half_a_last_commit, an_empty_last_commit, half_a_data_file, no_data_file, half_the_persons]


def damaged(undisturbed: list[Told], harms: list[Harm], then: list[list[str]]) -> dict[str, Any]:
    """What a refresh does, new acts being there to be copied, after each of `harms` came to the lake."""
    before, jobs = told(undisturbed).before, []
    for harm in harms:
        home = before.parent / f"{harm.__name__}-{len(then)}"
        shutil.copytree(before, home)
        harm(home)
        jobs.append(job(harm.__name__, home, [["refresh"]], then=then, look="whole"))
    return {result["id"]: result for result in drive(jobs)}


def told(undisturbed: list[Told]) -> Told:
    return next(one for one in undisturbed if one.chapter.name == "refresh-and-compact")


def test_what_a_power_cut_leaves_beside_the_lake_does_no_harm(undisturbed: list[Told]) -> None:
    for name, result in damaged(undisturbed, HARMLESS, []).items():
        assert [end["code"] for end in result["first"]["ended"]] == ["ok"], (name, result["first"]["ended"])
        assert result["first"]["state"] == told(undisturbed).state, name


def test_a_lake_that_cannot_be_read_says_what_makes_it_anew(undisturbed: list[Told]) -> None:
    for name, result in damaged(undisturbed, NAMED, [["refresh", "--all"]]).items():
        [end] = result["first"]["ended"]
        assert end["code"] == "lake-broken", (name, end)
        assert "estime refresh --all" in end["todo"]
        assert result["second"]["state"] == told(undisturbed).state, name
