"""`estime tally`, as people and programs call it. No installation is there, and none is made."""

import json
from pathlib import Path

import pytest

CASES = Path(__file__).parents[1] / "cocreation" / "tally" / "cases"
BALLOTS = "voter,ballot,time,account_age_days\n" + "".join(
    f"v{n},{'tea' if n < 13 else 'coffee'},{n * 3600},{2 if n < 3 else 90}\n" for n in range(24)
)


@pytest.fixture(autouse=True)
def no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "none"
    monkeypatch.setenv("ESTIME_HOME", str(home))
    return home


@pytest.fixture
def ballots(tmp_path: Path) -> Path:
    path = tmp_path / "ballots.csv"
    path.write_text(BALLOTS)
    return path


def test_json_for_programs(call, ballots: Path, no_home: Path) -> None:
    told = call("tally", ballots, "--method", "approval", "--json", "--resamples", 100)
    assert (told.code, told.err) == (0, "")
    assert told.json["winners"] == ["tea"]
    assert set(told.json["scores"]["tea"]) == {"score", "low", "high"}
    assert told.json["scores"]["tea"]["score"] == pytest.approx(13 / 24)
    fragile = told.json["fragility"]
    assert set(fragile) == {"without_new_accounts", "without_look_alikes", "any_single_voter", "bootstrap"}
    assert fragile["without_new_accounts"]["winners"] == ["coffee"]
    assert fragile["any_single_voter"] == {
        "computed": True, "changes": True, "how": "by voting otherwise or staying away",
    }  # fmt: skip
    assert fragile["bootstrap"]["replicates"] == 100
    json.dumps(told.json, allow_nan=False)
    assert not no_home.exists()


def test_words_for_people(call, ballots: Path) -> None:
    told = call("tally", ballots, "-m", "approval", "--resamples", 100)
    assert told.code == 0
    assert told.out.startswith("Winner: tea.\n24 voters.\n")
    assert "without accounts younger than 7 days: coffee instead." in told.out
    assert "could any single voter have changed it: yes" in told.out
    quick = call("tally", ballots, "-m", "approval", "--quick")
    assert "fragile" not in quick.out


def test_a_budget(call) -> None:
    told = call("tally", CASES / "pabulib_format.pb", "-m", "budget", "--quick")
    assert told.out.startswith("Funded: 4, 1 (2,000 of 2,500).\n10 voters.")
    assert (
        call("tally", CASES / "pabulib_format.pb", "-m", "budget", "--json", "--quick").json["fragility"]
        is None
    )


def test_groups_and_a_statement_for_everybody(call, tmp_path: Path) -> None:
    folder = tmp_path / "polis"
    folder.mkdir()
    rows = [
        f"{n},x,{s},{n},{v if s < 6 else 1}"
        for n in range(40)
        for s in range(8)
        for v in [1 if (n < 20) == (s % 2 == 0) else -1]
    ]
    (folder / "votes.csv").write_text(
        "timestamp,datetime,comment-id,voter-id,vote\n" + "\n".join(rows) + "\n"
    )
    told = call("tally", folder, "--method", "groups", "--json")
    assert told.code == 0
    assert set(told.json["groups"]) == {str(n) for n in range(40)}
    assert told.json["groups"]["0"] != told.json["groups"]["39"]
    assert {statement["id"] for statement in told.json["statements"]} == {str(s) for s in range(8)}
    assert call("tally", folder, "-m", "groups").out.startswith("2 opinion groups, of 20, 20 people.")


def test_pairwise(call, tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("winner,loser,voter\n" + "a,b,v\na,b,w\nb,c,x\na,c,y\n")
    told = call("tally", path, "-m", "pairwise", "--json", "--resamples", 100)
    assert told.json["winners"] == ["a"]
    assert (
        told.json["scores"]["a"]["low"] < told.json["scores"]["a"]["score"] < told.json["scores"]["a"]["high"]
    )


def test_refusals_are_two_lines(call, tmp_path: Path) -> None:
    told = call("tally", tmp_path / "nothing.csv", "-m", "ranked")
    assert told.code == 2
    assert told.err.splitlines()[0] == "estime: There is nothing at “nothing.csv”. [ballots-missing]"
    path = tmp_path / "b.csv"
    path.write_text("voter,tea\nana,perhaps\n")
    told = call("tally", path, "-m", "approval", "--json")
    assert (told.code, told.out) == (2, "")
    assert "line 2" in told.err
    assert call("tally", path, "-m", "lots").code == 2
    assert call("tally", path, "-m", "budget", "--utility", "joy").code == 2
    assert call("tally", path, "-m", "approval", "--seats", "0").code == 2


def test_nobody_voted(call, tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text("voter,tea\n")
    told = call("tally", path, "-m", "approval")
    assert (told.code, told.out.splitlines()[0]) == (0, "Nobody voted: nobody wins.")
