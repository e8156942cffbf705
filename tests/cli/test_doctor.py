"""The doctor finds what is wrong, says what to do, and calls nothing a problem that is none."""

import json
import shutil
from datetime import timedelta

import pytest
from cli.ledgers import Installation

from estime.cli.checkup import examine
from estime.cli.checkup_database import LARGE_WAL
from estime.cli.copies import LAST
from estime.engagement.models import Edition
from estime.jobs import api as jobs
from estime.kernel import clock
from estime.people import api as people

only_sqlite = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize(
    "installed", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


def found() -> dict[str, tuple[bool, str, str]]:
    return {finding.what: finding[1:] for finding in examine()}


@pytest.fixture
def busy(installed, call, forum):
    """An installation with acts and figures."""
    assert call("import", forum, "-c", "forum").code == 0
    assert call("refresh").code == 0
    return installed


def test_an_installation_in_order_has_no_problem(busy, call):
    told = call("doctor")
    assert told.code == 0
    assert "PROBLEM" not in told.out
    marks = {line.split()[0] for line in told.out.splitlines() if not line.startswith(" ")}
    assert marks == {"ok", "note"}
    for ok, _, _todo in found().values():
        assert ok
    assert {what for what, (_, _, todo) in found().items() if todo} >= {"mail", "backup", "worker"}


@only_sqlite
def test_in_production_the_same_notes_are_problems(installed, call):
    (installed / "estime.toml").write_text('[site]\nmode = "production"\naddress = "http://gourde.fr"\n')
    wrong = {what for what, (ok, _, _) in found().items() if not ok}
    assert {"administrators", "mail", "worker", "production"} <= wrong
    people.login_make("ada@gourde.fr", people.Role.ADMINISTRATOR)
    assert found()["administrators"][0]


@only_sqlite
@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("[brand]\nnmae = 'x'\n", "brand.nmae"),
        ("[brand]\ntimezone = 'Paris'\n", "Paris"),
        ("[site]\nlanguages = []\n", "site.languages"),
        ("nonsense", "TOML"),
    ],
)
def test_a_configuration_that_makes_no_sense(installed, toml, told):
    (installed / "estime.toml").write_text(toml)
    ok, what, todo = found()["configuration"]
    assert not ok
    assert told in what
    assert todo


@only_sqlite
def test_a_damaged_database_is_found(installed):
    path = installed / "estime.sqlite3"
    from django.db import connection

    connection.close()
    with Installation.here(installed).link() as link:
        link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = link.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ledger_act_actor'").fetchone()[
            0
        ]
        size = link.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * 64)
    ok, told, todo = found()["integrity"]
    assert not ok
    assert "damaged" in told
    assert "restore" in todo


@only_sqlite
def test_a_long_write_ahead_log_is_told(installed):
    with (installed / "estime.sqlite3-wal").open("ab") as wal:
        wal.truncate(LARGE_WAL + 1)
    ok, _, todo = found()["write-ahead log"]
    assert ok
    assert "restart" in todo


def test_figures_of_the_future_are_told(busy):
    assert found()["clock"][0]
    Edition.objects.update(made_at=clock.now() + timedelta(hours=1))
    ok, told, todo = found()["clock"]
    assert not ok
    assert "future" in told
    assert "timedatectl" in todo


@only_sqlite
def test_what_waits_is_told(busy, call, forum):
    forum.write_text(forum.read_text() + "p99,ana,yesterday,Hm,\n")
    call("import", forum, "-c", "forum")
    ok, told, todo = found()["rejects"]
    assert (ok, told.split()[0]) == (True, "1")
    assert todo
    call("work", "--once")
    assert found()["worker"][1].startswith("looked for work")
    assert found()["lake"][1].endswith("everything there is")


@only_sqlite
def test_a_job_that_waits_for_long_is_told(installed):
    from estime.jobs.models import Job

    jobs.enqueue("refresh", {})
    Job.objects.update(due=clock.now() - timedelta(hours=1))
    (installed / "estime.toml").write_text('[site]\nmode = "production"\n')
    assert not found()["worker"][0]


@only_sqlite
def test_the_age_of_the_last_backup_is_known(installed, call, tmp_path):
    assert found()["backup"][2]
    assert call("backup", tmp_path / "b.tar.gz").code == 0
    assert found()["backup"] == (True, found()["backup"][1], "")
    told = json.loads((installed / LAST).read_text())
    (installed / LAST).write_text(
        json.dumps({**told, "made": (clock.now() - timedelta(days=30)).isoformat()})
    )
    assert found()["backup"][2]
    (installed / LAST).write_text("nonsense")
    assert found()["backup"][2]


@only_sqlite
def test_files_of_another_user_are_told(installed, monkeypatch):
    import os

    if os.geteuid() == 0:
        os.chown(installed / "secret", 65534, 65534)
        ok, told, todo = found()["files"]
        assert not ok
        assert "secret" in told
        assert "chown" in todo
    else:
        monkeypatch.setattr("os.geteuid", lambda: 65534)
        assert not found()["files"][0]


@only_sqlite
def test_a_full_disk_is_told_before_it_is_full(installed, monkeypatch):
    usage = shutil.disk_usage("/")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=1000))
    assert not found()["space"][0]


@only_postgresql
def test_a_transaction_left_open_is_told(installed, monkeypatch):
    assert found()["open transactions"][0]
    monkeypatch.setattr("estime.cli.checkup_database.LONG_OPEN", 0)
    with Installation.here(installed).link() as link:
        link.execute("BEGIN")
        link.execute("CREATE TABLE left_open ()")
        ok, _, todo = found()["open transactions"]
        link.execute("ROLLBACK")
    assert not ok
    assert "pg_stat_activity" in todo
