"""CONTRIBUTING names every file to touch to add a channel or a measure, and only files that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
FORMATS = re.compile(r'"(zulip|insights|discourse)"')
"""Formats whose names mean nothing else."""


def files(title: str) -> set[str]:
    """What stands in the first column of the table; a name without its folder is beside or above the one before it."""
    section = TEXT.partition(f"\n## {title}")[2].partition("\n## ")[0]
    found: set[str] = set()
    for row in re.findall(r"^\| (`.+?) \|", section, re.MULTILINE):
        before = Path()
        for name in re.findall(r"`([^`]+)`", row):
            before = next((up / name for up in before.parents if (ROOT / up / name).exists()), Path(name))
            found.add(str(before))
    return found


@pytest.mark.parametrize("title", ["Add a channel", "Add a measure"])
def test_every_file_that_is_named_is_there(title):
    plain = {name for name in files(title) if not re.search(r"NAME|PAGE|[*{]|^\.mo$", name)}
    assert len(plain) > 10
    assert {name for name in plain if not (ROOT / name).exists()} == set()


def test_a_channel_is_named_in_no_other_file():
    """Beside its own folder, a format is named only where CONTRIBUTING says."""
    source = ROOT / "src" / "estime"
    naming = {
        str(path.relative_to(ROOT))
        for path in source.rglob("*.py")
        if path.parts[-3] != "formats" and FORMATS.search(path.read_text("utf-8"))
    }
    assert "src/estime/channels/registry.py" in naming
    assert naming - files("Add a channel") == set()
