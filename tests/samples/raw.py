"""The raw files of the samples as acts, read anew with the standard library (docs/channels.md says what means what)."""

import csv
import gzip
import hashlib
import json
import re
import tomllib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

SAMPLES = Path(__file__).resolve().parents[2] / "src/estime/cli/samples"
MANIFEST: dict[str, Any] = tomllib.loads((SAMPLES / "manifest.toml").read_text())
FORUM = "community/slicer_forum_2017_2020.jsonl.gz"
FORUM_SHA256 = "29f59e065a115397b7f82fc028940b0ae8f30a90c7822c95b2a05be6b45b991e"
DONE = {
    "channel_join": "Join",
    "channel_leave": "Leave",
    "bot_add": "Add",
    "pinned_item": "Add",
    "channel_purpose": "Update",
    "channel_archive": "Update",
    "channel_name": "Update",
    "channel_topic": "Update",
}
METRICS = ("likes", "comments", "shares")


class Act(NamedTuple):
    """One act that stands: what was taken back is not here."""

    channel: str
    who: str
    kind: str
    when: datetime
    object: str
    answers: str
    brand: bool


class Post(NamedTuple):
    """A post of a page with the totals that the platform tells."""

    id: str
    when: datetime
    totals: dict[str, float]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sample_acts() -> dict[str, list[Act]]:
    """Of each shipped sample, the acts that stand."""
    ours = {(one["channel"], one["handle"]) for one in MANIFEST["brand_accounts"]}
    readers = {"slack": slack, "polis": polis, "insights": page}
    found = {}
    for sample in MANIFEST["samples"]:
        name = sample["channel"]
        acts = readers[sample["format"]](name, SAMPLES / sample["path"])
        found[name] = [act._replace(brand=act.brand or (name, act.who) in ours) for act in acts]
    return found


def slack(channel: str, path: Path) -> list[Act]:
    acts = []
    for line in path.read_text().splitlines():
        told = json.loads(line)
        room, name = told["channel"], f"{told['channel']}/{told['ts']}"
        seconds, _, micros = told["ts"].partition(".")
        when = datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(micros))
        who = told["user"] or re.match(r"<@(\w+)>", told["text"])[1]  # type: ignore[index]
        kind = DONE.get(told["subtype"] or "", "Create")
        acts.append(Act(channel, who, kind, when, name if kind == "Create" else room, "", False))
        for reaction in told["reactions"]:
            kind = "Dislike" if reaction["name"].split("::")[0] in ("-1", "thumbsdown") else "Like"
            acts += [
                Act(channel, user, kind, when, name, "", False) for user in dict.fromkeys(reaction["users"])
            ]
    return acts


def polis(channel: str, folder: Path) -> list[Act]:
    """Statements, and the last vote of each participant on each."""
    place = re.search(r"^url,.*/(\w+)$", (folder / "summary.csv").read_text(), re.MULTILINE)[1]  # type: ignore[index]
    acts, standing = [], {}
    for row in _rows(folder / "comments.csv"):
        who, name = f"{place}/{row['author-id']}", f"{place}/comment/{row['comment-id']}"
        acts.append(Act(channel, who, "Create", _millis(row["timestamp"]), name, "", False))
    for row in sorted(_rows(folder / "votes.csv"), key=lambda row: int(row["timestamp"])):
        parent = f"{place}/comment/{row['comment-id']}"
        vote = Act(
            channel, f"{place}/{row['voter-id']}", "Vote", _millis(row["timestamp"]), "", parent, False
        )
        standing[vote.who, parent] = vote
    return acts + list(standing.values())


def page(channel: str, path: Path) -> list[Act]:
    return [Act(channel, "page", "Create", post.when, post.id, "", True) for post in page_posts(path)]


def page_posts(path: Path) -> list[Post]:
    """Each post once: a few stand in a file twice."""
    zone = timezone(timedelta(hours=-5))
    posts = {
        row["status_id"]: Post(
            row["status_id"],
            datetime.fromisoformat(row["status_published"]).replace(tzinfo=zone).astimezone(UTC),
            {metric: float(row[f"num_{metric}"]) for metric in METRICS},
        )
        for row in _rows(path)
    }
    return list(posts.values())


def forum(path: Path) -> list[Act]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [_forum_act(json.loads(line)) for line in lines]


def _forum_act(told: dict[str, Any]) -> Act:
    name = str(told["id"])
    answers = told["reply_to"] or ("" if name.endswith("/1") else f"{told['topic']}/1")
    return Act("forum", told["author"], "Create", datetime.fromisoformat(told["at"]), name, answers, False)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _millis(told: str) -> datetime:
    return datetime.fromtimestamp(int(told) // 1000, UTC) + timedelta(milliseconds=int(told) % 1000)
