"""`estime topics` needs no installation; `estime listen` reads one, by its search."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from ledger.acts import rows
from listening.topics.worlds import three
from typer.testing import CliRunner

from estime.cli.commands.listen import beginning
from estime.cli.main import app
from estime.ledger import api as ledger
from estime.ledger.drafts import ActDraft
from estime.listening import api as listening
from estime.listening.topics.result import Options, TopicsAsked

START = datetime(2024, 3, 1, tzinfo=UTC)


def test_topics_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESTIME_HOME", str(tmp_path / "none"))
    path = tmp_path / "said.jsonl"
    lines = [{"body": text, "who": f"p{n % 90}"} for n, text in enumerate(three()[0])]
    path.write_text("\n".join(map(json.dumps, lines)))
    call = ["topics", str(path), "--column", "body", "--person", "who"]
    told = json.loads(CliRunner().invoke(app, [*call, "--json"]).stdout)
    assert told["outcome"] == "found"
    assert told["people"] == 90
    assert sum(topic["texts"] for topic in told["topics"]) <= told["texts"] == len(lines)
    plain = CliRunner().invoke(app, call).stdout
    assert plain.startswith(f"{len(lines):,} texts of 90 people\n")
    assert told["topics"][0]["label"] in plain
    assert not (tmp_path / "none").exists()


def test_begin() -> None:
    assert beginning("30d") == timedelta(days=30)
    assert beginning("2026-05-01") == datetime(2026, 5, 1, tzinfo=UTC)


def _filled() -> None:
    texts, truth = three()
    drafts = [
        ActDraft(
            source_id=f"t{n}",
            actor=f"handle{n % 60}",
            type="Create",
            object_type="Note",
            object_id=f"o{n}",
            published=START + timedelta(days=n % 40 + (100 if truth[n] == 0 or n % 2 else 0)),
            content=f"{text} says handle{n % 60}",
        )
        for n, text in enumerate(texts)
    ]
    ledger.append("forum", rows(*drafts))
    ledger.index_acts()


def test_listen_reads_what_the_search_finds_now_against_before(installed: Path) -> None:
    _filled()
    asked = TopicsAsked(channel="forum", since=timedelta(days=70))
    heard = listening.topics_heard(asked, options=Options())
    assert heard.found.outcome == "found"
    assert heard.found.texts + heard.found.before_texts == len(three()[0])
    for topic in heard.found.topics:
        assert topic.trend is not None
        assert topic.newcomers is not None
        for quote in topic.quotes:
            assert "handle" not in quote.text
            assert quote.seq in heard.places
    bread = listening.topics_heard(TopicsAsked("bread", since=timedelta(days=70)), options=Options())
    assert 0 < bread.found.texts < heard.found.texts
    assert all("bread" in quote.text for topic in bread.found.topics for quote in topic.quotes)
    nothing = listening.topics_heard(TopicsAsked("zeppelin"))
    assert (nothing.found.outcome, nothing.since) == ("no-text", None)
