"""The life that is interrupted: what a small community's files hold, and the commands that are run on them."""

import hashlib
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from driving import drive, job

ERASED, WORDS = "Marie.Curie", "radium is fine"
PEOPLE = [ERASED, *(f"p{n}" for n in range(1, 9))]
BRAND = "p1"


class Chapter(NamedTuple):
    """Commands that are run together; `whole` when lake and figures are up to date with the ledger afterwards."""

    name: str
    commands: list[list[str]]
    whole: bool = True


class Told(NamedTuple):
    """A chapter as it was lived undisturbed; `stills` has the home before each boundary and after the last."""

    chapter: Chapter
    before: Path
    boundaries: list[str]
    state: dict[str, Any]
    stills: Path = Path()


def write_files(folder: Path) -> None:
    """Two files of acts that overlap, followers of the channel, and a row or two that nobody can use."""
    folder.mkdir()
    random = Random(7)
    acts = [_act(random, number) for number in range(110)]
    _write(
        folder / "first.csv", [*acts[:40], *acts[60:75], {"id": "bad", "author": "p3", "date": "yesterday"}]
    )
    _write(folder / "second.csv", [*acts[30:60], *acts[75:], {"id": "bad", "author": "p4"}])
    days = "".join(f"2024-0{month}-01T00:00:00Z,{1000 + month}\n" for month in range(1, 7))
    (folder / "followers.csv").write_text("date,followers\n" + days)


def _act(random: Random, number: int) -> dict[str, str]:
    kind = random.choice(["post", "reply", "reply", "like", "join", "vote"])
    told = {
        "id": f"a{number}",
        "author": PEOPLE[int(random.paretovariate(0.7)) % len(PEOPLE)],
        "date": f"2024-{1 + number // 25:02d}-{1 + random.randrange(28):02d}T{random.randrange(24):02d}:07:11Z",
        "text": f"{WORDS} {number}",
        "type": {"reply": "comment"}.get(kind, kind),
    }
    other = f"a{random.randrange(number + 1)}"
    if kind == "reply":
        told["reply_to"] = other
    elif kind == "like":
        told["object"] = other
    elif kind == "join":
        told |= {"object": f"room{number % 2}", "text": ""}
    return told


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    names = ["id", "author", "date", "text", "type", "reply_to", "object"]
    lines = [",".join(names), *(",".join(row.get(name, "") for name in names) for row in rows)]
    path.write_text("\n".join(lines) + "\n")


def chapters(files: Path) -> list[Chapter]:
    """What is run, in order; each chapter begins where the one before ended.

    Followers come first: new ones would have the second refresh compute everything, not what is touched.
    """
    first, second = (
        ["import", str(files / name), "--channel", "forum"] for name in ("first.csv", "second.csv")
    )
    followers = ["import", str(files / "followers.csv"), "--channel", "forum", "--as", "audience"]
    erase = ["erase", ERASED, "--channel", "forum", "--yes"]
    return [
        Chapter("followers", [followers], whole=False),
        Chapter("import", [first], whole=False),
        Chapter("refresh", [["refresh"]]),
        Chapter("import-more", [second], whole=False),
        Chapter("refresh-and-compact", [["refresh"]]),
        Chapter("erase", [erase, ["refresh"]]),
        Chapter("import-again", [second], whole=False),
        Chapter("rebuild", [["refresh", "--all"]]),
    ]


def configuration() -> str:
    return f'[brand]\nname = "B"\naccounts = [{{ channel = "forum", handle = "{BRAND}" }}]\n'


def live(folder: Path, told: list[Chapter], place: str = "undisturbed") -> list[Told]:
    """Run chapters without disturbance, from `folder / "home"` on, keeping the state after each."""
    before, jobs = folder / "home", []
    for chapter in told:
        home = folder / f"{place}-{chapter.name}"
        look = "whole" if chapter.whole else "ledger"
        more = {"from": before, "look": look, "stills": stills(home)}
        jobs.append((before, job(chapter.name, home, chapter.commands, **more)))
        before = home
    results = {one["id"]: one["first"] for one in drive([one for _, one in jobs], one_by_one=True)}
    for result in results.values():
        assert {end["code"] for end in result["ended"]} <= {"ok", "exit 1"}, result["ended"]
    firsts = [results[chapter.name] for chapter in told]
    return [
        Told(chapter, start, first["boundaries"], first["state"], stills(Path(lived["home"])))
        for chapter, (start, lived), first in zip(told, jobs, firsts, strict=True)
    ]


def stills(home: Path) -> Path:
    return home.with_name(f"{home.name}-stills")


def fingerprint(home: Path) -> str:
    """Of everything in a home that outlives a process: not the index that SQLite makes anew from its journal."""
    told = hashlib.sha256()
    for path in sorted(home.rglob("*")):
        if not path.name.endswith("-shm"):
            told.update(f"{path.relative_to(home)}\0{path.is_dir()}\0".encode())
            told.update(path.read_bytes() if path.is_file() else b"")
    return told.hexdigest()
