"""Protects `estime challenge`: what it says, its exit codes, its JSON."""

import json
from pathlib import Path

from channels.challenges.handmade import DECIDIM, PB

from estime.cocreation.models import Challenge, Space
from estime.kernel import clock


def _write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def test_in_listed_and_out_again(installed, call, tmp_path):
    square = Space.objects.create(slug="square", title="Square", threshold=25, created=clock.now())
    town = _write(tmp_path / "town", DECIDIM)
    words = ("--space", "square", "--source", "Open data of the town, ODbL")
    dry = call("challenge", "import", town, *words, "--dry-run", "--json")
    assert (dry.code, dry.json["status"], Challenge.objects.count()) == (1, "dry-run", 0)
    told = call("challenge", "import", town, *words, "--title", "A square in the shade")
    assert told.code == 1
    assert "Challenge" in told.err
    assert "line 5" in told.err
    assert "1 other files of the export are left out" in told.err
    budget = call("challenge", "import", _write(tmp_path / "pb", PB) / "square.pb", *words, "--json")
    assert budget.json["counts"] == {
        "contributions": 0,
        "comments": 0,
        "options": 2,
        "voters": 3,
        "people": 3,
    }
    assert Path(budget.json["rejects_file"]).exists()

    listed = call("challenge", "list", "--json").json
    assert {(one["title"], one["space"], one["over"]) for one in listed} == {
        ("A square in the shade", "square", True),
        ("Square budget", "square", True),
    }
    assert "A square in the shade" in call("challenge", "list", "--space", "square").out

    number = next(one["number"] for one in listed if one["title"] == "Square budget")
    out = call("challenge", "export", number, tmp_path / "out", "--json")
    assert out.code == 0, out.err
    assert out.json["rows"][f"vote-{Challenge.objects.get(pk=number).polls.get().pk}.pb"] == 3
    assert "ODbL" in (tmp_path / "out" / "README.md").read_text()
    assert square.challenges.count() == 2


def test_what_is_wrong_is_said(installed, call, tmp_path):
    path = _write(tmp_path / "pb", PB) / "square.pb"
    nowhere = call("challenge", "import", path)
    assert (nowhere.code, "space-unknown" in nowhere.err) == (2, True)
    Space.objects.create(slug="square", title="Square", threshold=25, created=clock.now())
    assert "square" in call("challenge", "import", path, "--space", "circle").err
    assert "challenge-unknown" in call("challenge", "export", 7, tmp_path / "out").err
    assert "No challenge" in call("challenge", "list").err
    assert json.loads(call("challenge", "list", "--json").out) == []
