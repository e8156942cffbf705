"""Files that people really have, in any encoding and layout; and those that must be refused, naming the line."""

import codecs
import csv
import os
import re
from pathlib import Path

import numpy as np
import pytest

from estime.cocreation.tally import errors
from estime.cocreation.tally.ballots import Duels, Opinions
from estime.cocreation.tally.methods import opinion_groups, tally
from estime.cocreation.tally.reading import read
from estime.cocreation.tally.result import Method

PB = (
    "META\nkey;value\nbudget;100\nvote_type;{kind}\nPROJECTS\nproject_id;cost\n1;60\n2;50\n"
    "VOTES\nvoter_id;vote{more}\n"
)


@pytest.fixture
def file(tmp_path: Path):
    def write(content: str | bytes, name: str = "ballots.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def counted(path: Path, method: Method = Method.APPROVAL, encoding: str | None = None):
    cast = read(path, method, encoding)
    return tally(method, cast.votes, money=cast.money)


TABLE = "voter,thé,café\nana,1,\nbob,x,oui\nzoé,0,0\n"


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        codecs.BOM_UTF8 + TABLE.encode(),
        TABLE.encode("utf-16"),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace("\n", "\r").encode(),
        TABLE.replace(",", ";").encode(),
        TABLE.replace(",", "\t").encode(),
        TABLE.replace(",", "|").encode() + b"\n\n",
        TABLE.replace("thé", '"thé"').encode().rstrip(b"\n"),
        b"option,voter\nth\xc3\xa9,ana\nth\xc3\xa9,bob\ncaf\xc3\xa9,bob\n",
        "Participant-ID,Choix,Vote\nana,thé,1\nbob,thé,yes\nbob,café,vrai\nana,café,non\n".encode(),
        "votant;bulletin\nana;thé\nbob;thé,café\n".encode(),
        "bulletin\nthé\nthé|café\n".encode(),
    ],
)
def test_the_same_ballots_in_many_files(file, content: bytes) -> None:
    told = counted(file(content))
    assert told.winners == ("thé",)
    assert told.detail["approvals"] == {"thé": 2, "café": 1}


def test_another_encoding_is_refused_until_it_is_named(file) -> None:
    path = file(TABLE.encode("cp1252"))
    with pytest.raises(errors.BallotsUnreadable, match="not UTF-8") as told:
        counted(path)
    assert "--encoding" in told.value.todo
    assert counted(path, encoding="cp1252").winners == ("thé",)
    with pytest.raises(errors.BallotsUnreadable, match="no text encoding named"):
        counted(path, encoding="klingon")


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("count,ballot\n2,a > b = c\n", [[1, 2, 2]]),
        ("ballot\n a|c \n", [[1, 0, 2]]),
        ("voter,a,b,c\nv,1,3,\n", [[1, 3, 0]]),
        ("voter,option,rank\nv,a,2\nv,b,1\nv,c,2\n", [[2, 1, 2]]),
    ],
)
def test_rankings(file, text: str, marks: list[list[int]]) -> None:
    votes = read(file(text), Method.RANKED).votes
    table = dict(zip(votes.options, votes.marks[0].tolist(), strict=True))
    assert [table.get(name, 0) for name in "abc"] == marks[0]


@pytest.mark.parametrize(
    "text",
    ["voter,a,b\nv,5,\nw,-1,2.5\n", "ballot\na:5\na: -1 | b: 2.5\n", "voter,option,score\nv,a,5\nw,a,-1\nw,b,2.5\n",
     'voter;a;b\nv;5;\nw;-1;"2,5"\n'],
)  # fmt: skip
def test_scores(file, text: str) -> None:
    votes = read(file(text), Method.SCORE).votes
    assert np.array_equal(votes.marks, [[5, np.nan], [-1, 2.5]], equal_nan=True)


def test_who_votes_again_replaces_their_ballot(file) -> None:
    """By time where it is told, else by the place in the file; and a note says so."""
    told = counted(file("voter,ballot\nana,a\nbob,b\nana,b\n"))
    assert told.detail["approvals"] == {"a": 0, "b": 2}
    assert told.voters == 2
    assert "voted again" in told.notes[0]
    timed = "voter,ballot,time\nana,a,2026-01-02T00:00:00Z\nbob,b,2026-01-01T00:00:00Z\nana,b,2026-01-01T00:00:00Z\n"
    assert counted(file(timed)).detail["approvals"] == {"a": 1, "b": 1}
    marks = "voter,option,vote,time\nana,a,1,100\nana,a,0,300\nana,a,1,200\n"
    assert counted(file(marks)).detail["approvals"] == {"a": 0}


def test_times_and_ages_are_read(file) -> None:
    text = (
        "voter,ballot,time,account_created\n"
        "ana,a,2026-01-08T00:00:00Z,2026-01-01T12:00:00+00:00\n"
        "bob,b,1767830400,\n"
        "zoe,b,1767830400000,2025-01-08 00:00:00 UTC\n"
    )
    votes = read(file(text), Method.APPROVAL).votes
    assert votes.times.tolist() == [1767830400.0] * 3
    assert votes.ages[0] == 6.5
    assert np.isnan(votes.ages[1])
    assert votes.ages[2] == 365
    days = read(file("ballot,account_age_days\na,3\nb,\n"), Method.APPROVAL).votes
    assert days.ages[0] == 3


REFUSED = [
    ("voter,tea\nana,perhaps\n", Method.APPROVAL, 2, "yes or no"),
    ("voter,tea\nana,NaN\n", Method.SCORE, 2, "a number"),
    ("voter,tea\nana,inf\n", Method.SCORE, 2, "a number"),
    ("voter,tea\nana,-1\n", Method.RANKED, 2, "a rank"),
    ("voter,tea\nana,99999\n", Method.RANKED, 2, "a rank"),
    ("voter,tea\nana,1,1\n", Method.APPROVAL, 2, "3 cells"),
    ("ballot\na > b > a\n", Method.RANKED, 2, "twice"),
    ("ballot\na: x\n", Method.SCORE, 2, "option: points"),
    ("voter,ballot\n,a\n", Method.APPROVAL, 2, "no voter"),
    ("voter,option\nana,\n", Method.APPROVAL, 2, "no option"),
    ("count,ballot\n-3,a\n", Method.APPROVAL, 2, "number of voters"),
    ("ballot,time\na,1\nb,yesterday\n", Method.APPROVAL, 3, "is no time"),
    ("ballot,time,account_created\na,100,900000\n", Method.APPROVAL, 2, "no age"),
    ("winner,loser\na,b\na,a\n", Method.PAIRWISE, 3, "the same"),
    ("winner,loser\na,\n", Method.PAIRWISE, 2, "missing"),
    ("comment-id,voter-id,vote\n0,1,2\n", Method.GROUPS, 2, "no vote"),
    ("comment-id,voter-id,vote\n0,1\n", Method.GROUPS, 2, "cut short"),
    ("timestamp,comment-id,voter-id,vote\nmonday,0,1,1\n", Method.GROUPS, 2, "timestamp"),
    (PB.format(kind="approval", more="") + "7;1,3\n", Method.BUDGET, 11, "no project “3”"),
    (PB.format(kind="approval", more="") + "7;1\n7;2\n", Method.BUDGET, 12, "comes twice"),
    (PB.format(kind="ordinal", more="") + "7;1,1\n", Method.RANKED, 11, "comes twice"),
    (PB.format(kind="scoring", more=";points") + "7;1,2;4\n", Method.SCORE, 11, "numbers of points"),
    (PB.format(kind="approval", more="").replace("2;50", "2;-50"), Method.BUDGET, 8, "0 or more"),
    (PB.format(kind="approval", more="").replace("2;50", "2;NaN"), Method.BUDGET, 8, "0 or more"),
    (PB.format(kind="approval", more="").replace("2;50", "1;50"), Method.BUDGET, 8, "comes twice"),
    (
        PB.format(kind="approval", more="").replace("project_id;cost", "id;cost"),
        Method.BUDGET,
        6,
        "project_id",
    ),
]


@pytest.mark.parametrize(("text", "method", "line", "says"), REFUSED)
def test_a_line_that_cannot_be_counted_is_named(
    file, text: str, method: Method, line: int, says: str
) -> None:
    with pytest.raises(errors.BallotsInvalid, match=says) as told:
        read(file(text, "ballots.pb" if text.startswith("META") else "votes.csv"), method)
    assert told.value.data["line"] == line
    assert f"line {line}" in told.value.message
    assert told.value.todo


UNCLEAR = [
    ("voter\nana\n", Method.APPROVAL, "no column that says how"),
    ("option,vote\na,1\n", Method.APPROVAL, "whose"),
    ("a,b,a\n1,1,1\n", Method.APPROVAL, "twice"),
    ("time,date,ballot\n1,1,a\n", Method.APPROVAL, "two columns"),
    ("a,b\n1,1\n", Method.PAIRWISE, "which of two"),
    ("a,b\n1,1\n", Method.GROUPS, "lacks the columns"),
    ("META\nkey;value\nbudget;1\n", Method.BUDGET, "no PROJECTS and no VOTES"),
    (
        PB.format(kind="approval", more="").replace("budget;100", "budget;?"),
        Method.BUDGET,
        "how large the budget",
    ),
    (PB.format(kind="guess", more=""), Method.BUDGET, "of the type “guess”"),
]


@pytest.mark.parametrize(("text", "method", "says"), UNCLEAR)
def test_what_cannot_be_understood_says_what_is_looked_for(
    file, text: str, method: Method, says: str
) -> None:
    with pytest.raises(errors.BallotsUnclear, match=says) as told:
        read(file(text, "ballots.pb" if text.startswith("META") else "votes.csv"), method)
    assert told.value.todo


@pytest.mark.parametrize("method", list(Method))
def test_empty_missing_and_folders(file, tmp_path: Path, method: Method) -> None:
    with pytest.raises(errors.BallotsMissing):
        read(tmp_path / "nothing.csv", method)
    with pytest.raises(errors.BallotsEmpty):
        read(file(b"", "votes.csv"), method)
    with pytest.raises(errors.BallotsEmpty):
        read(file(codecs.BOM_UTF8, "votes.csv"), method)
    (tmp_path / "votes.csv").unlink()
    with pytest.raises((errors.BallotsUnclear, errors.BallotsMissing)):
        read(tmp_path, method)


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("voter,tea,coffee\n", Method.APPROVAL),
        ("voter,tea,coffee\n", Method.SCORE),
        ("voter,tea,coffee\n", Method.RANKED),
        ("ballot\n", Method.APPROVAL),
        ("winner,loser\n", Method.PAIRWISE),
        (PB.format(kind="approval", more=""), Method.BUDGET),
    ],
)
def test_a_header_alone_is_an_election_in_which_nobody_voted(file, text: str, method: Method) -> None:
    told = counted(file(text, "ballots.pb" if text.startswith("META") else "votes.csv"), method)
    assert (told.winners, told.voters) == ((), 0)


def test_nobody_voted_on_statements(file) -> None:
    found = opinion_groups(read(file("comment-id,voter-id,vote\n", "votes.csv"), Method.GROUPS).votes)
    assert (found.groups, found.stable) == ({}, False)


def test_methods_that_do_not_fit_say_which_do(file) -> None:
    for text, method, says in [
        ("winner,loser\na,b\n", Method.APPROVAL, "pairwise"),
        ("ballot\na\n", Method.BUDGET, r"\.pb"),
        (PB.format(kind="approval", more="") + "7;1\n", Method.RANKED, "budget or approval"),
    ]:
        name = "ballots.pb" if text.startswith("META") else "ballots.csv"
        with pytest.raises(errors.MethodMisfit) as told:
            read(file(text, name), method)
        assert re.search(says, told.value.todo)


def test_a_project_named_twice_in_one_approval_counts_once(file) -> None:
    told = counted(file(PB.format(kind="approval", more="") + "7;1,1\n", "b.pb"), Method.APPROVAL)
    assert told.detail["approvals"] == {"1": 1, "2": 0}
    assert "twice" in told.notes[0]


def test_points_are_read_as_approvals_for_a_budget_with_a_note(file) -> None:
    path = file(PB.format(kind="cumulative", more=";points") + "7;1,2;3,0\n8;2;5\n", "b.pb")
    told = counted(path, Method.BUDGET)
    assert told.detail["votes"] == {"1": 1, "2": 1}
    assert "points" in told.notes[0]


def test_polis_keeps_the_last_vote_by_its_time(file, tmp_path: Path) -> None:
    file(
        "timestamp,datetime,comment-id,voter-id,vote\n"
        "3000,x,0,10,1\n1000,x,0,10,-1\n2000,x,0,9,-1\n2000,x,0,9,0\n5,x,7,9,1\n",
        "votes.csv",
    )
    file('comment-id,comment-body,moderated\n0,"“Quoted, with commas”",1\n2,Bad,-1\n', "comments.csv")
    votes = read(tmp_path, Method.GROUPS).votes
    assert isinstance(votes, Opinions)
    assert (votes.participants, votes.statements) == (("9", "10"), ("0", "2", "7"))
    said = {
        (votes.participants[p], votes.statements[s]): int(v)
        for p, s, v in zip(votes.participant, votes.statement, votes.vote, strict=True)
    }
    assert said == {("10", "0"): 1, ("9", "0"): 0, ("9", "7"): 1}
    assert votes.removed == {"2"}
    assert votes.texts["0"] == "“Quoted, with commas”"
    assert len(votes.notes) == 2
    assert counted(tmp_path).detail["approvals"] == {"0": 1, "7": 1}
    assert counted(tmp_path, Method.SCORE).scores["0"].score == 0.5


def test_all_our_ideas_from_the_votes_the_ideas_or_the_folder(file, tmp_path: Path) -> None:
    votes = file(
        "Vote ID,Session ID,Winner ID,Winner Text,Loser ID,Loser Text,Created at,Valid\n"
        "1,s,10,Ten,20,Twenty,2017-06-28 18:03:55 UTC,TRUE\n"
        "2,s,20,Twenty,10,Ten,2017-06-28 18:04:13 UTC,FALSE\n",
        "wikisurvey_votes.csv",
    )
    alone = read(votes, Method.PAIRWISE).votes
    assert (alone.options, alone.names["10"]) == (("10", "20"), "Ten")
    assert "no file of ideas" in alone.notes[1]
    ideas = file("Idea ID,Idea Text\n30,Thirty\n10,10!\n20,Twenty\n", "wikisurvey_ideas.csv")
    for path in (votes, ideas, tmp_path):
        found = read(path, Method.PAIRWISE).votes
        assert isinstance(found, Duels)
        assert found.options == ("30", "10", "20")
        assert found.names["10"] == "10!"
        assert (found.winner.tolist(), found.loser.tolist(), found.voter.tolist()) == ([1], [2], [0])
        assert found.times.tolist() == [1498673035.0]
        assert "not valid" in found.notes[0]
    file("Winner ID,Loser ID\n", "other_votes.csv")
    with pytest.raises(errors.BallotsUnclear, match="2 surveys"):
        read(tmp_path, Method.PAIRWISE)


def test_more_than_fits_into_memory_is_refused(file, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("estime.cocreation.tally.ballots.CELLS", 5)
    with pytest.raises(errors.BallotsTooLarge):
        read(file("a,b\n1,1\n1,0\n1,1\n"), Method.APPROVAL)


def test_a_hundred_thousand_lines(file) -> None:
    """One row for each mark; what a long file costs is in docs/tally.md, that it is right is here."""
    lines = [f"v{n % 50_000},o{n % 7}" for n in range(100_000)]
    told = counted(file("voter,option\n" + "\n".join(lines) + "\n"))
    assert told.voters == 50_000
    assert sum(told.detail["approvals"].values()) == len(set(lines))


SHARED = Path(os.environ.get("ESTIME_SHARED", Path(__file__).parents[3].parent / "shared")) / "data"


@pytest.mark.skipif(not (SHARED / "polis").is_dir(), reason=f"the Polis exports are not in {SHARED}")
def test_a_real_polis_export_as_polis_itself_reads_it() -> None:
    """Polis writes everybody’s last votes into another file, beside the votes."""
    folder = SHARED / "polis" / "brexit-consensus"
    votes = read(folder, Method.GROUPS).votes
    ours = {
        (votes.participants[p], votes.statements[s]): int(v)
        for p, s, v in zip(votes.participant, votes.statement, votes.vote, strict=True)
    }
    with (folder / "participants-votes.csv").open(newline="") as file_:
        rows = list(csv.DictReader(file_))
    theirs = {
        (row["participant"], column): int(float(cell))
        for row in rows
        for column, cell in row.items()
        if column.isdecimal() and cell
    }
    assert ours == theirs


@pytest.mark.skipif(not (SHARED / "pairs").is_dir(), reason=f"the wiki surveys are not in {SHARED}")
def test_a_real_wiki_survey_counts_as_its_own_file_of_ideas() -> None:
    """Wins and losses of each idea, as All Our Ideas told them on the day of the export."""
    votes = read(SHARED / "pairs" / "wikisurvey_gpa_votes.csv", Method.PAIRWISE).votes
    with (SHARED / "pairs" / "wikisurvey_gpa_ideas.csv").open(newline="") as file_:
        told = {row["Idea ID"]: (int(row["Wins"]), int(row["Losses"])) for row in csv.DictReader(file_)}
    ours = {
        option: (int((votes.winner == i).sum()), int((votes.loser == i).sum()))
        for i, option in enumerate(votes.options)
    }
    assert ours == told
