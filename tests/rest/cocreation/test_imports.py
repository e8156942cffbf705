"""Protects bringing a challenge in over REST: what the command does, for whoever may, from files nobody vouches for."""

import io
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from channels.challenges.handmade import MADRID, PAIRS, POLIS
from channels.reading import sample
from cocreation.places import person
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from rest.cocreation.conftest import Program

from estime.channels import api as channels
from estime.channels.challenges import uploaded
from estime.channels.challenges.api import challenge_import, challenge_import_job
from estime.channels.models import Upload
from estime.cocreation.models import Challenge, Contribution, Space, Voter
from estime.jobs.models import Job
from estime.kernel import clock
from estime.kernel.home import uploads_dir
from estime.ledger.models import Act

SEATTLE = "polis/15-per-hour-seattle"
IDEAS = b"id,title,created_at\n"
FIELDS = """
tables:
  - rows: contributions
    fields: {id: id, title: title, at: created_at}
"""


def packed(files: dict[str, str | bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def conversation(bad: str = "") -> bytes:
    folder = sample(SEATTLE)
    files: dict[str, str | bytes] = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    files["votes.csv"] += bad.encode()  # type: ignore[operator]
    return packed(files)


def square() -> Space:
    return Space.objects.create(slug="square", title="Square", public=True, threshold=25, created=clock.now())


class Sender(Program):
    """A lead who sends files."""

    def file(self, content: bytes, name: str = "talk.zip", key: str = "", **told: Any) -> Any:
        headers = {"idempotency-key": key} if key else {}
        body = {"file": SimpleUploadedFile(name, content), **told}
        return self.client.post("/api/v1/spaces/square/imports", body, headers=headers)

    def brought(self, content: bytes, name: str = "talk.zip", **told: Any) -> dict[str, Any]:
        """Sent, its job done, and what is told of it."""
        answer = self.file(content, name, **told)
        assert answer.status_code == 201, answer.content
        work(answer.json()["id"])
        return dict(self.get(f"/imports/{answer.json()['id']}").json())


def work(upload: str) -> object:
    return challenge_import_job({"upload": upload}, lambda done, total: None)


def kept() -> list[str]:
    return [path.name for path in uploads_dir().iterdir()]


@pytest.fixture
def lead(db: None) -> Sender:
    square()
    return Sender(person("Léa Martin", "lead"))


class TestOnBoth:
    """With real commits, on SQLite and on PostgreSQL."""

    @pytest.fixture(autouse=True)
    def folder(self, settings, installed: Path) -> Path:
        settings.ALLOWED_HOSTS = ["testserver"]
        return installed

    def test_a_real_conversation_is_tried_then_brought_then_known(self, tmp_path):
        """As the command tells it; with rows that are broken, each with line and reason, and mended after."""
        space = square()
        lead = Sender(person("Léa Martin", "lead"))
        bad = "".join(f"1500000000000,x,{n},0,seven\n" for n in range(1, 13))
        broken = conversation(bad)
        dry = lead.brought(broken, dry_run="true")
        assert (dry["status"], dry["result"]["challenge"], dry["result"]["rejected"]) == ("dry-run", None, 12)
        assert len(dry["result"]["first_rejects"]) == 10
        assert not Challenge.objects.exists()
        assert not Act.objects.exists()

        first, again = (lead.file(broken, key="talk-1", title="Fifteen an hour?") for _ in range(2))
        assert first.json() == again.json()
        assert (first.json()["status"], again["Idempotency-Replayed"]) == ("waiting", "true")
        at = f"/imports/{first.json()['id']}"
        assert Job.objects.filter(kind="challenge-import").count() == 2, "the dry run's and this one's"
        work(first.json()["id"])
        told = lead.get(at).json()
        result = told["result"]
        assert (told["status"], result["new"], result["rejected"]) == ("partial", dry["result"]["new"], 12)
        assert result["counts"] == dry["result"]["counts"]
        lines = sample(f"{SEATTLE}/votes.csv").read_bytes().count(b"\n")
        rejects = lead.get(f"{at}/rejects?limit=8").json()
        rest = lead.get(f"{at}/rejects?limit=8&cursor={rejects['next']}").json()
        refused = rejects["rejects"] + rest["rejects"]
        assert [each["line"] for each in refused] == list(range(lines + 1, lines + 13))
        assert refused[:10] == result["first_rejects"]
        assert all("seven" in each["reason"] for each in refused)
        assert (rest["next"], kept()) == (None, []), "all is told, and the files are gone"

        mended = lead.brought(conversation())
        assert (mended["status"], mended["result"]["new"], mended["result"]["fresh"]) == ("done", 0, False)
        folder = tmp_path / "talk"
        shutil.copytree(sample(SEATTLE), folder)
        by_hand = challenge_import(folder, space)
        same = ("challenge", "new", "known", "counts", "channel", "format")
        assert {name: mended["result"][name] for name in same} == {n: by_hand.told()[n] for n in same}
        assert Program(None).get(f"/challenges/{by_hand.challenge}").json()["title"] == "Fifteen an hour?"
        assert Voter.objects.count() == by_hand.counts["voters"] > 100

    def test_a_file_that_is_broken_says_so_and_fails_no_job(self):
        square()
        lead = Sender(person("Léa Martin", "lead"))
        whole = conversation()
        for content, name, code in (
            (whole[: len(whole) // 2], "talk.zip", "source-truncated"),
            (b"\x00\xff" * 500, "talk.csv", "format-unclear"),
            (packed({"comments.csv": "a,b\n", "votes.csv": "c\n"}), "talk.zip", "document-invalid"),
        ):
            told = lead.brought(content, name)
            assert (told["status"], told["result"], told["error"]["code"]) == ("failed", None, code), told
            assert told["error"]["todo"]
        assert (Challenge.objects.count(), Act.objects.count(), kept()) == (0, 0, [])


def test_whoever_may_not_sends_nothing(lead):
    """No file of theirs is even kept; and what came of one is its sender's alone."""
    ours = lead.file(packed(POLIS)).json()["id"]
    before = kept()
    anna, mo = Sender(person("Anna Weber")), Sender(person("Mo Haddad", "moderator"))
    for sender in (anna, mo):
        assert sender.file(packed(POLIS)).status_code == 403
        assert sender.get(f"/imports/{ours}").status_code == 404
    other = Sender(person("Alix Roy", "administrator"))
    assert other.get(f"/imports/{ours}").status_code == 404
    assert other.get(f"/imports/{ours}/rejects").status_code == 404
    assert Sender(None).file(packed(POLIS)).status_code == 401
    bound = Sender(person("Léo Noir", "lead"), "spaces:lead", "spaces:read", channel="estime")
    assert (bound.file(packed(POLIS)).status_code, bound.get("/spaces").status_code) == (403, 200)
    nowhere = lead.client.post("/api/v1/spaces/nowhere/imports", {"file": SimpleUploadedFile("a.zip", b"x")})
    assert nowhere.status_code == 404
    assert kept() == before


@pytest.mark.parametrize(
    ("told", "status", "code"),
    [
        ({"as": "excel"}, 422, "format-unknown"),
        ({"channel": "estime"}, 422, "bad-channel-name"),
        ({"channel": "../x"}, 422, "bad-channel-name"),
        ({"map": "/etc/passwd"}, 422, "mapping-invalid"),
        ({"map": "tables: [" + "[" * 30_000}, 422, "mapping-invalid"),
        ({"map": "x" * 70_000}, 422, "invalid"),
        ({"timezone": "Mars/Olympus"}, 422, "timezone-unknown"),
        ({"closes": "soon"}, 422, "time-invalid"),
        ({"encoding": "klingon"}, 422, "encoding-unknown"),
        ({"state": "accepted"}, 422, "state-unclear"),
        ({"dry_run": "maybe"}, 422, "invalid"),
        ({"title": "x" * 161}, 422, "invalid"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_kept(lead, told, status, code):
    answer = lead.file(packed(POLIS), **told)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "root:" not in answer.content.decode(), "no file of the machine is read"
    assert (kept(), Upload.objects.count(), Job.objects.count()) == ([], 0, 0)


def test_too_large_is_refused_and_nothing_stays(lead, settings):
    settings.ESTIME_UPLOAD_MB = 1
    for size in ((1 << 20) + 1, 3 << 20):
        answer = lead.file(b"x" * size)
        assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    empty = lead.client.post("/api/v1/spaces/square/imports", {"title": "x"})
    assert (empty.status_code, empty.json()["errors"][0]["at"]) == (422, "body.file")
    plain = lead.post("/spaces/square/imports", {"file": "x"})
    assert plain.status_code == 415
    assert kept() == []


def test_a_bomb_ends_in_words(lead, monkeypatch):
    monkeypatch.setattr("estime.channels.challenges.registry.UNPACKED", 1 << 20)
    told = lead.brought(packed(POLIS | {"votes.csv": b"0" * (8 << 20)}))
    assert (told["status"], told["error"]["code"]) == ("failed", "source-unpacks-too-large")
    assert (Challenge.objects.count(), kept()) == (0, [])


def test_a_reader_finds_no_file_but_the_one_that_was_sent(lead):
    """Readers that look beside a file for its companions see nobody else's; names lead nowhere."""
    (uploads_dir() / "wikisurvey_square_ideas.csv").write_text(PAIRS["wikisurvey_square_ideas.csv"])
    votes = PAIRS["wikisurvey_square_votes.csv"].encode()
    told = lead.brought(votes, "../../../wikisurvey_square_votes.csv")
    assert (told["status"], told["file_name"]) == ("done", "wikisurvey_square_votes.csv")
    own = Challenge.objects.get(pk=told["result"]["challenge"]).polls.get()
    assert not own.options.filter(title="A fountain", source__endswith="idea/1", by__isnull=False).exists()
    assert kept() == ["wikisurvey_square_ideas.csv"]
    slips = lead.brought(packed({f"../{name}": text for name, text in POLIS.items()}))
    assert slips["status"] == "done"
    long = lead.brought(MADRID["proposals.csv"].encode(), "é" * 300 + ".csv")
    assert long["status"] == "partial"


def test_any_csv_with_a_mapping_is_known_by_its_own_name(lead):
    """Not by the one under which it is kept: sent again it is the same challenge."""
    rows = IDEAS + b"1,A lid,2024-05-01T08:00:00Z\n2,A strap,2024-05-02T08:00:00Z\n"
    first = lead.brought(rows, "lids.csv", map=FIELDS)
    again = lead.brought(rows + b"3,A cap,2024-05-03T08:00:00Z\n", "lids.csv", map=FIELDS, source="Ours")
    assert first["result"]["fresh"]
    assert (again["result"]["fresh"], again["result"]["challenge"]) == (False, first["result"]["challenge"])
    assert sorted(Contribution.objects.values_list("title", flat=True)) == ["A cap", "A lid", "A strap"]
    shipped = lead.file(packed({"proposals.csv": IDEAS}), map="town-votes")
    assert shipped.status_code == 201


def test_the_same_file_on_its_way_is_one_job(lead):
    numbers = {lead.file(packed(POLIS)).json()["id"] for _ in range(3)}
    assert len(numbers) == len(kept()) == Job.objects.count() == 1
    other = lead.file(packed(POLIS), dry_run="1").json()["id"]
    assert other not in numbers, "another wish is another job"
    reused = lead.file(packed(POLIS), key="k"), lead.file(packed(PAIRS), key="k")
    assert [each.status_code for each in reused] == [201, 422]
    assert len(kept()) == 2, "what came under a key of something else is not kept"


def test_what_is_nobodys_fault_is_tried_again(lead, monkeypatch):
    number = lead.file(packed(POLIS)).json()["id"]
    real = uploaded.challenge_import

    def away(*_args: object, **_words: object) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(uploaded, "challenge_import", away)
    with pytest.raises(OperationalError):
        work(number)
    assert (lead.get(f"/imports/{number}").json()["status"], len(kept())) == ("waiting", 1)
    monkeypatch.setattr(uploaded, "challenge_import", real)
    work(number)
    work(number)
    assert lead.get(f"/imports/{number}").json()["status"] == "done"

    def breaks(*_args: object, **_words: object) -> None:
        raise AssertionError("a reader broke")

    monkeypatch.setattr(uploaded, "challenge_import", breaks)
    told = lead.brought(packed(POLIS), title="Again")
    assert (told["status"], told["error"]["code"], kept()) == ("failed", "unexpected", [])


def test_a_lead_who_is_one_no_more_brings_nothing(lead):
    number = lead.file(packed(POLIS)).json()["id"]
    upload = Upload.objects.get(pk=number)
    upload.by.role = "member"
    upload.by.save()
    work(number)
    assert not Challenge.objects.exists()
    assert Upload.objects.get(pk=number).options["error"]["code"] == "not-allowed-here"


def test_reasons_of_a_dry_run_go_with_whoever_is_erased_and_with_time(lead, monkeypatch):
    bad = POLIS | {"votes.csv": POLIS["votes.csv"] + "1500000000000,x,0,Marie,9\n"}
    told = lead.brought(packed(bad), dry_run="yes")
    assert len(told["result"]["first_rejects"]) == 1
    channels.rejects_erase("polis", "Marie")
    assert lead.get(f"/imports/{told['id']}").json()["result"]["first_rejects"] == []
    old = lead.brought(packed(bad), dry_run="yes", title="Later")
    assert not channels.uploads_stale()
    later = clock.now() + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert channels.uploads_stale()
    channels.uploads_sweep(later)
    assert not channels.uploads_stale()
    assert lead.get(f"/imports/{old['id']}").json()["result"]["first_rejects"] == []
