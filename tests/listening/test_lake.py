"""Protects the lake's table `readings`: each reading once, whatever was killed; gone with the person; made again."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from ledger.acts import act, rows
from listening.plain import PlainReader
from processes import ROOT

from estime.engagement import api as engagement
from estime.engagement.actions import hear as hear_module
from estime.kernel.lake import Lake
from estime.ledger import api as ledger
from estime.listening.actions.listen import listen
from estime.listening.models import Reading

SQLITE = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
COLUMNS = ["seq", "channel", "account", "day", "toward", "valence", "unclear"]


def read(strength: int = 800) -> None:
    listen(reader=PlainReader(strength), processes=1)


def in_lake(home: Path) -> list[tuple[object, ...]]:
    table = Lake(str(home / "lake")).table("readings")
    assert table is not None
    told = table.to_pyarrow_table()
    assert told.schema.names == COLUMNS
    return sorted(zip(*(told.column(name).to_pylist() for name in COLUMNS), strict=True))


def in_database() -> list[tuple[object, ...]]:
    return [
        (one.seq, "forum", one.account, one.day, one.toward,
         one.positive - one.negative, one.unclear and one.toward is None)
        for one in Reading.objects.order_by("seq")
    ]  # fmt: skip


def test_readings_come_in_step_by_step_and_go_with_the_person(spoken: Path) -> None:
    read()
    engagement.refresh()
    assert in_lake(spoken) == in_database()
    assert {row[4] for row in in_lake(spoken)} == {None, -800, 800}
    ledger.append("forum", rows(act(70, content="+ later"), act(71, content="- later @brand")))
    files = set(Lake(str(spoken / "lake")).files("readings"))
    read()
    engagement.refresh()
    assert files < set(Lake(str(spoken / "lake")).files("readings")), "what is new is added"
    assert in_lake(spoken) == in_database()
    key = ledger.account_key("forum", "person-1")
    engagement.erase("forum", "person-1")
    assert not Reading.objects.filter(account=key).exists()
    assert Lake(str(spoken / "lake")).holding("readings", "account", [key]) == []
    engagement.refresh()
    assert in_lake(spoken) == in_database()


@SQLITE
def test_what_was_read_anew_replaces_the_table_once_all_of_it_is(spoken: Path) -> None:
    read()
    engagement.refresh()
    before = in_lake(spoken)
    read(600)
    engagement.refresh()
    assert {row[5] for row in before} == {-800, 0, 800}
    assert {row[5] for row in in_lake(spoken)} == {-600, 0, 600}
    assert in_lake(spoken) == in_database()
    assert len(list((spoken / "lake" / "readings").glob("*.parquet"))) == 1, "old files go"


@SQLITE
def test_a_rebuild_and_many_small_files(spoken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hear_module, "MANY_FILES", 1)
    for number in range(80, 83):
        ledger.append("forum", rows(act(number, content="+")))
        read()
        hear_module.hear(Lake(str(spoken / "lake")))
    assert len(Lake(str(spoken / "lake")).files("readings")) == 1
    assert in_lake(spoken) == in_database()
    engagement.refresh(whole=True)
    assert in_lake(spoken) == in_database()


@SQLITE
def test_a_ledger_without_texts_has_no_such_table(installed: Path) -> None:
    ledger.append("forum", rows(act(1, type="Like", object_type=None, content=None)))
    read()
    engagement.refresh()
    assert Lake(str(installed / "lake")).table("readings") is None
    assert not engagement.refresh_due()


@SQLITE
@pytest.mark.slow
def test_killed_at_commits(installed: Path) -> None:
    """While texts are read, while a refresh copies them, while somebody is erased: see killing.py."""
    paths = [str(ROOT / "src"), str(ROOT / "tests")]
    environment = {"ESTIME_HOME": str(installed), "DJANGO_SETTINGS_MODULE": "estime.config.settings"}
    told = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killing.py"))],
        env={**os.environ, **environment, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True, text=True,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr + told.stdout
    lives = [json.loads(line) for line in told.stdout.splitlines()]
    assert len(lives) == 2
    for found in lives:
        assert (found["lake"], found["texts"], found["left"]) == (True, True, [])
        assert found["erased"] == 2
        assert found["count"] > 5
