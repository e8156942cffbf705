"""What is exported and imported into an empty installation is the same ledger, column by column."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from cli.ledgers import Installation

from estime.channels import api as channels
from estime.engagement import api as engagement
from estime.ledger import api as ledger
from estime.ledger.drafts import ActDraft, ObservationDraft

START = datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=UTC)
OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}


def fill():
    """Two channels, interleaved, with every field in use somewhere, and one person erased."""
    rare = {
        "object_type": "Note", "in_reply_to": "n-0", "context": "salon", "content": "Voilà\u2028« œ » 🎉\n\t\"x\"",
        "lang": "fr-CA", "value": -0.1, "unit": "EUR", "incentive": "concours", "on_behalf_of": "marque",
        "extra": {"tags": ["a", 1, None], "object": {"x": 1.5}, "estime:channel": "elsewhere"},
    }  # fmt: skip
    for round_ in range(3):
        for channel in ("zebra", "alpha"):
            acts = []
            for n in range(6):
                at = START + timedelta(days=round_, microseconds=n)
                name = f"{channel}/{round_}/{n}"
                acts.append(
                    (n, ActDraft(name, f"@{n % 4} é", "Create", at, f"n-{n}", **(rare if n % 2 else {})))
                )
            acts.append((7, ActDraft(f"{round_}-like", "@0 é", "Like", START, "n-1")))
            acts.append((8, ActDraft(f"{round_}-lang", "@1 é", "Create", START, "n-9", lang="fr")))
            acts.append((9, ActDraft(f"{round_}-empty", "@1 é", "Create", START, "n-8", content="")))
            ledger.append(channel, acts, now=START + timedelta(days=10 + round_))
    totals = [
        (1, ObservationDraft("", "followers", 1e6, START)),
        (2, ObservationDraft("n-1", "likes", 12.5, START, START - timedelta(days=1), "Note")),
    ]
    ledger.observe("alpha", totals, now=START + timedelta(days=20))
    ledger.channel_ensure("zebra", format="csv", title="Le zèbre", attribution="CC BY 4.0, © les auteurs")
    ledger.channel_ensure("empty", title="Nobody here")
    engagement.erase("alpha", "@1 é")


@pytest.mark.parametrize("form", ["as2", "parquet"])
def test_an_export_comes_back_as_the_same_ledger(installed, vendor, another, tmp_path, call, form):
    fill()
    told = call("export", tmp_path / "out", "--as", form, "--json")
    assert told.json == {"acts": 54, "observations": 2, "channels": 3}
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0
    target = another(vendor if form == "as2" else OTHER[vendor])
    done = target.estime("import", tmp_path / "out", "--json")
    assert json.loads(done.stdout)["new"] == 56
    before, after = Installation.here(installed).ledger(), target.ledger()
    for part in before:
        assert after[part] == before[part]
    assert [row[2] for row in after["accounts"]].count(None) == 1
    again = target.estime("import", tmp_path / "out", "--json")
    assert json.loads(again.stdout)["known"] == 56
    assert target.ledger() == before


def test_an_empty_ledger_round_trips(installed, tmp_path, call):
    assert call("export", tmp_path / "out").code == 0
    told = call("import", tmp_path / "out", "--json")
    assert (told.code, told.json["rows"]) == (0, 0)


def test_an_export_that_was_cut_off_is_not_taken_for_whole(installed, tmp_path, monkeypatch, call):
    fill()

    def fails(draft):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("estime.channels.formats.estime.writer.line", fails)
        told = call("export", tmp_path / "out")
    assert told.code == 3
    assert "storage-full" in told.err
    assert list((tmp_path / "out").iterdir()) == []
    assert call("export", tmp_path / "out").code == 0
    (tmp_path / "out" / "channels.jsonl").unlink()
    told = call("import", tmp_path / "out", "--as", "estime")
    assert (told.code, "document-invalid" in told.err) == (2, True)


def test_other_formats_need_a_channel(installed, forum, call):
    told = call("import", forum)
    assert told.code == 2
    assert "--channel" in told.err
    assert ledger.channels() == []


def test_a_line_that_lost_its_origin_is_refused(installed, tmp_path, call):
    fill()
    call("export", tmp_path / "out")
    acts = tmp_path / "out" / "acts.jsonl"
    stray = {
        "id": str(uuid4()),
        "type": "Like",
        "actor": "x",
        "published": "2024-01-01T00:00:00Z",
        "object": "n",
    }
    acts.write_text(acts.read_text() + json.dumps(stray) + "\n")
    told = call("import", tmp_path / "out", "--json")
    assert told.code == 1
    assert [r["code"] for r in told.json["first_rejects"]] == ["bad-origin"]


def test_formats_that_name_channels_are_only_ours():
    assert [form.name for form in channels.FORMATS.values() if form.names_channels] == ["estime"]
