"""The map of the code leads to files that are there, and leaves no part out."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "estime"
MAP = (ROOT / "docs" / "map.md").read_text("utf-8")
NAME = re.compile(r"`([^`]+)`")


def parts_told() -> dict[str, list[str]]:
    """The files that the table of the parts names, by part."""
    told: dict[str, list[str]] = {}
    part = ""
    for line in MAP.partition("\n## The parts\n")[2].partition("\n## ")[0].splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 3 or not NAME.search(cells[1]):
            continue
        part = (NAME.findall(cells[0]) or [part])[0]
        told.setdefault(part, []).extend(NAME.findall(cells[1]))
    return told


def test_every_file_of_the_table_is_there():
    gone = [
        f"{part}/{name}"
        for part, names in parts_told().items()
        for name in names
        if not any((SOURCE / part).glob(name.rstrip("/"))) and not (SOURCE / part / name).exists()
    ]
    assert gone == []


def test_every_part_is_told():
    parts = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert set(parts_told()) == parts


def test_every_folder_of_code_is_told():
    told = {f"{part}/{name.split('/')[0]}" for part, names in parts_told().items() for name in names}
    ours = {
        f"{path.parents[1].name}/{path.parent.name}"
        for path in SOURCE.glob("*/*/__init__.py")
        if path.parent.name not in ("migrations", "management")
    }
    assert ours - told == set()


def test_every_file_on_an_acts_path_is_there():
    table = MAP.partition("\n## The path of an act, from a file to a page\n")[2].partition("\n## ")[0]
    named = {name for name in NAME.findall(table) if re.fullmatch(r"\w+(/\w+)+(\.py|/)", name)}
    assert len(named) > 10
    assert {name for name in named if not (SOURCE / name).exists()} == set()
