"""Every real sample, read by us and counted again in plain Python over the raw file."""

import csv
import gzip
import json
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from channels.reading import read_rows, sample

from estime.channels.mapping import mapping_load
from estime.channels.options import ReadOptions

FORUM_SHA256 = "29f59e065a115397b7f82fc028940b0ae8f30a90c7822c95b2a05be6b45b991e"
CONVERSATIONS = [
    "15-per-hour-seattle", "brexit-consensus", "canadian-electoral-reform", "football-concussions",
    "scoop-hivemind.affordable-housing",
]  # fmt: skip
PAGES = ["equipedefrance", "monsterenergy", "nikebasketball", "porsche", "redbull", "starbucks"]


def table(path, delimiter=","):
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter))


def json_lines(stream):
    return [json.loads(line) for line in stream]


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_polis(name):
    folder = sample(f"polis/{name}")
    rows = read_rows(folder)
    comments, votes = table(folder / "comments.csv"), table(folder / "votes.csv")
    assert rows.rejects == []
    kinds = Counter((a.type, a.object_type) for a in rows.acts)
    pairs = {(v["voter-id"], v["comment-id"]) for v in votes}
    assert kinds == {
        ("Create", "Note"): len(comments),
        ("Create", "Vote"): len(votes),
        ("Undo", "Vote"): len(votes) - len(pairs),
    }
    assert sorted(a.content for a in rows.acts if a.object_type == "Note") == sorted(
        c["comment-body"] for c in comments
    )
    undone = {a.object_id for a in rows.acts if a.type == "Undo"}
    standing = Counter(
        a.value
        for a in rows.acts
        if (a.type, a.object_type) == ("Create", "Vote") and a.source_id not in undone
    )
    last = {}
    for vote in sorted(votes, key=lambda v: int(v["timestamp"])):
        last[vote["voter-id"], vote["comment-id"]] = float(vote["vote"])
    assert standing == Counter(last.values())
    (views,) = rows.observations
    assert f"views,{views.value:.0f}" in (folder / "summary.csv").read_text()


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_polis_last_votes_are_those_that_polis_itself_counts(name):
    """participants-votes.csv, which our reader never opens, says how each participant finally voted."""
    folder = sample(f"polis/{name}")
    acts = read_rows(folder).acts
    undone = {a.object_id for a in acts if a.type == "Undo"}
    ours = defaultdict(dict)
    for act in acts:
        if act.type == "Create" and act.object_type == "Vote" and act.source_id not in undone:
            ours[act.actor.rpartition("/")[2]][act.in_reply_to.rpartition("/")[2]] = act.value
    checked = agree = 0
    for line in table(folder / "participants-votes.csv"):
        for statement, vote in line.items():
            if statement.isdigit() and vote not in ("", None):
                checked += 1
                agree += ours[line["participant"]].get(statement) == float(vote)
    assert checked > 2000
    assert agree / checked > 0.999


def test_slack():
    path = sample("community/houston_slack.jsonl")
    rows = read_rows(path)
    with path.open(encoding="utf-8") as stream:
        raw = json_lines(stream)
    said = {None, "file_share", "file_comment"}
    assert rows.rejects == []
    likes = sum(len(r["users"]) for m in raw for r in m["reactions"] if r["name"] not in ("-1", "thumbsdown"))
    kinds = Counter(a.type for a in rows.acts)
    assert kinds["Create"] == sum(m["subtype"] in said for m in raw)
    assert kinds["Join"] == sum(m["subtype"] == "channel_join" for m in raw)
    assert kinds["Leave"] == sum(m["subtype"] == "channel_leave" for m in raw)
    assert kinds["Like"] == likes
    assert len({a.source_id for a in rows.acts}) == len(rows.acts)
    named = {m["user"] for m in raw if m["user"]} | {
        u for m in raw for r in m["reactions"] for u in r["users"]
    }
    assert named <= {a.actor for a in rows.acts}


def test_forum():
    path = sample("community/slicer_forum_2017_2020.jsonl.gz", FORUM_SHA256)
    rows = read_rows(path)
    with gzip.open(path) as stream:
        raw = json_lines(stream)
    assert rows.rejects == []
    assert len(rows.acts) == len(raw) == 40_194
    assert len({a.actor for a in rows.acts}) == len({p["author"] for p in raw}) == 2_832
    assert sum(a.in_reply_to is None for a in rows.acts) == len({p["topic"] for p in raw})
    made = {a.object_id for a in rows.acts}
    assert all(a.in_reply_to in made for a in rows.acts if a.in_reply_to)
    for act, post in zip(rows.acts, raw, strict=True):
        assert act.published == datetime.fromisoformat(post["at"])
        assert (act.source_id, act.content, act.context) == (post["id"], post["text"], str(post["topic"]))


@pytest.mark.parametrize("name", PAGES)
def test_pages(name):
    path = sample(f"brandpages/{name}_facebook_statuses.csv")
    rows = read_rows(path, options=ReadOptions(mapping=mapping_load("facebook-page-posts")))
    raw = table(path)
    assert rows.rejects == []
    assert len(rows.acts) == len(raw)
    assert {(a.actor, a.on_behalf_of) for a in rows.acts} == {(raw[0]["status_id"].partition("_")[0],) * 2}
    for metric in ("reactions", "likes", "comments", "shares", "angrys"):
        ours = [o.value for o in rows.observations if o.metric == metric]
        assert ours == [float(line[f"num_{metric}"]) for line in raw]
    first = datetime.strptime(raw[0]["status_published"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    assert rows.acts[0].published == first + timedelta(hours=5)


def test_pages_without_a_zone_are_refused_with_the_option_to_give():
    rows = read_rows(sample("brandpages/porsche_facebook_statuses.csv"))
    assert {(r.code, "--timezone" in r.reason) for r in rows.rejects} == {("time-without-zone", True)}
    assert rows.acts == []


def test_uci_metrics():
    path = sample("brandpages/uci_facebook_metrics.csv")
    rows = read_rows(path, "insights", ReadOptions(mapping=mapping_load("uci-facebook-metrics")))
    raw = table(path, ";")
    assert rows.rejects == []
    assert len({a.source_id for a in rows.acts}) == len(raw) == 500
    for metric, column in (
        ("likes", "like"),
        ("comments", "comment"),
        ("shares", "share"),
        ("reach", "T_Reach"),
    ):
        ours = [o.value for o in rows.observations if o.metric == metric]
        assert ours == [float(line[column]) for line in raw if line[column]]


@pytest.mark.parametrize("name", ["meeting_comments_to2019", "result_comments"])
def test_decidim_comments_by_their_obvious_names(name):
    path = sample(f"ideas/decidim_barcelona_{name}.csv")
    rows = read_rows(path)
    assert len(rows.acts) == len(table(path, ";"))
    assert rows.rejects == []
