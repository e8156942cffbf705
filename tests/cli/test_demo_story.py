"""Protects the demo's invented brand: a whole challenge lived by the product's own actions, and given away."""

import csv
import json
import re
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from estime.channels.challenges.api import challenge_export
from estime.channels.errors import ExportFolderTaken
from estime.cli import demo_story
from estime.cli.demo_people import STAFF, people_ensure
from estime.cocreation import api as cocreation
from estime.cocreation.errors import NotNow
from estime.cocreation.models import (
    Challenge,
    Contribution,
    Decision,
    Event,
    Interpellation,
    Member,
    Merge,
    Outcome,
    Pledge,
    Poll,
    Space,
    Version,
    Voter,
)
from estime.kernel import clock
from estime.kernel.home import make_home
from estime.people import api as people

SAMPLES = Path(str(files("estime.cli"))) / "samples"


def tell() -> bool:
    administrator = cocreation.member_of(people_ensure())
    staff = {
        key: cocreation.member_of(people.person_find(f"{role}@estime.example")) for key, role in STAFF.items()
    }
    return demo_story.story_ensure(SAMPLES, staff, administrator)


@pytest.mark.django_db
def test_the_story_goes_through_the_whole_loop(monkeypatch, tmp_path):
    make_home()
    with monkeypatch.context() as patched:
        patched.setattr(demo_story, "_answer", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tell()
    assert Space.objects.count() == Event.objects.count() == 0, "stopped midway, nothing of it is there"
    assert tell()
    assert not tell(), "told once"

    space = Space.objects.get()
    assert space.fictional
    challenge = Challenge.objects.get(power="decide")
    running = Challenge.objects.get(power="answer")  # whoever tries the demo can give something to it
    assert running.contributions.count() == 3
    assert cocreation.phase_now(running) == "propose"
    assert (challenge.power, cocreation.phase_now(challenge)) == ("decide", "made")
    buckles, belt = Contribution.objects.order_by("pk")[:2]
    assert belt.together == buckles
    adopted = Version.objects.get(contribution=buckles, edit__isnull=False)
    assert adopted.contributor.name == "Chloé Renard"
    assert sorted(Merge.objects.values_list("state", flat=True)) == ["agreed", "undone"]
    poll = Poll.objects.get()
    assert Voter.objects.filter(poll=poll).count() == 28
    assert poll.sealed is not None
    assert poll.results.get().body["winners"] == [poll.options.get(contribution=buckles).number]
    assert sorted(Decision.objects.values_list("outcome", flat=True)) == [
        *("later", "not_taken", "not_taken", "taken", "taken")
    ]
    late_kept, late_now = Pledge.objects.order_by("due")
    assert late_kept.kept > late_kept.due
    assert late_now.kept is None
    assert late_now.due < clock.now()
    outcome = Outcome.objects.get()
    assert outcome.pictures.get().width == 1200
    assert {belt.pk, buckles.pk} <= set(outcome.sources.values_list("contribution", flat=True))
    question = Interpellation.objects.get()
    assert question.joined == 26
    assert question.reached < question.due < question.answered
    moments = list(Event.objects.order_by("pk").values_list("at", flat=True))
    assert moments == sorted(moments), "in the order in which it happened"
    assert cocreation.power_of(space).votes.honoured == 1

    _export_names_nobody(challenge, monkeypatch, tmp_path / "open")


def _export_names_nobody(challenge: Challenge, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """In the same test: the story takes seconds to tell."""
    with pytest.raises(NotNow, match="not over"):
        challenge_export(challenge, folder)
    later = clock.now() + timedelta(days=60)
    monkeypatch.setattr(clock, "now", lambda: later)
    done = challenge_export(challenge, folder)
    assert done.rows["contributions.csv"] == 6
    whole = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    everything = "\n".join(whole.values())
    for member in Member.objects.select_related("user").exclude(user=None):
        words = {member.handle, member.user.email, *re.findall(r"\w+", member.name)}
        words |= {str(member.account)} if member.account else set()
        for word in words:
            if len(word) > 2:
                assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", everything), word
    assert "@" not in everything.replace("`@`", "")
    tables = "\n".join(text for name, text in whole.items() if name.endswith((".csv", ".md")))
    assert not re.search(r"\d\d:\d\d", tables), "no moment within a day"
    comments = list(csv.DictReader(whole["comments.csv"].splitlines()))
    left_out = [row["intent"] for row in comments if row["withheld"]]
    assert (left_out, done.withheld) == (["concern"], 1), "who only commented never agreed to the deal"
    decisions = list(csv.DictReader(whole["decisions.csv"].splitlines()))
    assert [row["considered_yes"] for row in decisions] == ["", "0", "0", "0", "0"], "two people are few"
    rows = list(csv.DictReader(whole["contributions.csv"].splitlines()))
    assert len({row["author"] for row in rows}) == 6
    assert rows[0]["supports"] == "25"
    assert all(row["title"] for row in rows)
    package = json.loads(whole["datapackage.json"])
    for resource in package["resources"]:
        header = whole[resource["path"]].partition("\n")[0].split(",")
        assert header == [field["name"] for field in resource["schema"]["fields"]]
    vote = json.loads(next(text for name, text in whole.items() if re.fullmatch(r"vote-\d+\.json", name)))
    assert vote["result"]["voters"] == 28
    ballots = next(text for name, text in whole.items() if name.endswith("-ballots.csv"))
    counts = [int(row["voters"]) for row in csv.DictReader(ballots.splitlines())]
    assert min(counts) >= 5
    assert sum(counts) + vote["ballots_not_told"] == 28
    again = challenge_export(challenge, folder.with_name("again"))
    assert again.rows == done.rows
    with pytest.raises(ExportFolderTaken):
        challenge_export(challenge, folder)
