"""A backup taken at any time makes the installation again, whole and guarded."""

import io
import json
import os
import subprocess
import sys
import tarfile
import time

import pytest
from cli.ledgers import Installation
from cocreation.guarded import world
from cocreation.places import place_made

from estime.cocreation.guards import GUARDS
from estime.ledger import api as ledger

only_sqlite = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
WRITER = """
import sys
from datetime import UTC, datetime
from estime.cli.installation import open_installation
open_installation()
from estime.ledger import api as ledger
from estime.ledger.drafts import ActDraft
at = datetime(2024, 1, 1, tzinfo=UTC)
for start in range(0, 1_000_000, 50):
    acts = [(n, ActDraft(f"a{n}", f"p{n % 97}", "Create", at, f"n{n}")) for n in range(start, start + 50)]
    ledger.append("busy", acts)
    if start == 500:
        print("writing", flush=True)
"""


@pytest.fixture
def writer(installed):
    """Another process that appends fifty acts after fifty, and does not stop."""
    process = subprocess.Popen([sys.executable, "-c", WRITER], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    yield process
    process.kill()
    process.wait()


def test_a_backup_taken_while_acts_come_in_is_a_whole_prefix(
    installed, vendor, writer, another, call, tmp_path
):
    here = Installation.here(installed)
    started = here.count()
    told = call("backup", tmp_path / "b.tar.gz", "--json")
    assert told.code == 0, told.err
    assert writer.poll() is None
    time.sleep(0.2)
    writer.kill()
    writer.wait()
    fresh = another(vendor, migrated=False)
    fresh.estime("restore", tmp_path / "b.tar.gz")
    acts = fresh.ledger()["acts"]
    assert started <= len(acts) < here.count()
    assert len(acts) % 50 == 0
    assert [act[1] for act in acts] == [f"a{n}" for n in range(len(acts))]
    assert acts == here.ledger()["acts"][: len(acts)]
    with fresh.link() as link, pytest.raises(Exception, match="append only"):
        link.execute("DELETE FROM ledger_act")
    findings = json.loads(fresh.estime("doctor", "--json", code=1).stdout)
    assert [f["what"] for f in findings if not f["ok"]] == ["lake", "figures"]
    words = ("import", tmp_path / "more.csv", "-c", "busy", "--json")
    (tmp_path / "more.csv").write_text("id,author,date,text\nz,p1,2024-01-02T00:00:00Z,x\n")
    assert json.loads(fresh.estime(*words).stdout)["new"] == 1  # sequences stand where they should


def test_co_creation_comes_back_as_it_stood(installed, vendor, another, call, tmp_path):
    """Open challenges, votes that are over, answers of another site: a row in every table that the database guards."""
    there = world(place_made)
    told = call("backup", tmp_path / "b.tar.gz", "--json")
    assert told.code == 0, told.err
    fresh = another(vendor, migrated=False)
    fresh.estime("restore", tmp_path / "b.tar.gz")
    with fresh.link() as link:
        for table in sorted({guard.table for guard in GUARDS}):
            (many,) = link.execute(f"SELECT count(*) FROM cocreation_{table}").fetchone()
            assert many > 0, table
        with pytest.raises(Exception, match="INSERT refused"):
            link.execute(
                f"INSERT INTO cocreation_voter (poll_id, member_id) VALUES ({there['closed']}, {there['anna']})"
            )
    findings = json.loads(fresh.estime("doctor", "--json", code=1).stdout)
    assert "guards" not in [f["what"] for f in findings if not f["ok"]]


def test_a_refresh_after_a_restore_gives_the_same_figures(installed, vendor, another, call, forum, tmp_path):
    (installed / "estime.toml").write_text('[brand]\nname = "Gourde"\n')
    call("import", forum, "-c", "forum")
    call("refresh")
    columns = "measure, scope, period, label, value, low, high, n, d"
    query = f"SELECT {columns} FROM engagement_storedfigure ORDER BY 1, 2, 3, 4"
    before = Installation.here(installed).ask(query)
    assert len(before) > 50
    call("backup", tmp_path / "b.tar.gz")
    assert (tmp_path / "b.tar.gz").stat().st_mode & 0o077 == 0
    fresh = another(vendor, migrated=False)
    fresh.estime("restore", tmp_path / "b.tar.gz")
    fresh.estime("refresh")
    assert fresh.ask(query) == before
    for name in ("secret", "estime.toml"):
        assert (fresh.home / name).read_bytes() == (installed / name).read_bytes()
    assert (fresh.home / "secret").stat().st_mode & 0o077 == 0


def repacked(path, change):
    """The backup with its members changed by hand."""
    with tarfile.open(path) as tar:
        members = {m.name: tar.extractfile(m).read() for m in tar.getmembers()}
    change(members)
    with tarfile.open(path, "w:gz") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


def of_the_future(members):
    manifest = json.loads(members["manifest.json"])
    manifest["migrations"].append(["ledger", "9999_next"])
    members["manifest.json"] = json.dumps(manifest).encode()


def of_another_database(members):
    manifest = json.loads(members["manifest.json"])
    manifest["database"] = "oracle"
    members["manifest.json"] = json.dumps(manifest).encode()


BROKEN = {
    "nothing": lambda path: path.write_bytes(b""),
    "noise": lambda path: path.write_bytes(b"\x1f\x8b" + bytes(range(256)) * 40),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-2000]),
    "no manifest": lambda path: repacked(path, lambda members: members.pop("manifest.json")),
    "no object": lambda path: repacked(path, lambda members: members.update({"manifest.json": b"[1]"})),
    "changed": lambda path: repacked(path, lambda members: members.update(secret=b"00" * 32)),
    "newer": lambda path: repacked(path, of_the_future),
    "other": lambda path: repacked(path, of_another_database),
}


@only_sqlite
@pytest.mark.parametrize("damage", BROKEN)
def test_a_broken_backup_is_refused_and_leaves_nothing(installed, call, tmp_path, monkeypatch, damage):
    path = tmp_path / "b.tar.gz"
    call("backup", path)
    BROKEN[damage](path)
    fresh = tmp_path / "fresh"
    monkeypatch.setenv("ESTIME_HOME", str(fresh))
    told = call("restore", path)
    assert told.code == 2, told.err
    assert "[bad-backup]" in told.err
    assert len(told.err.splitlines()) == 2
    assert not fresh.exists() or list(fresh.iterdir()) == []


def test_nothing_is_ever_overwritten(installed, vendor, another, call, forum, tmp_path, monkeypatch):
    call("import", forum, "-c", "forum")
    path = tmp_path / "b.tar.gz"
    call("backup", path)
    assert "[bad-backup]" in call("backup", path).err
    told = call("restore", path)
    assert (told.code, "[not-empty]" in told.err) == (2, True)
    if vendor == "postgresql":  # another folder, the same database
        monkeypatch.setenv("ESTIME_HOME", str(tmp_path / "fresh"))
        told = call("restore", path)
        assert (told.code, "[not-empty]" in told.err) == (2, True)
    assert ledger.count() == 60
    assert [p.name for p in tmp_path.iterdir() if ".part" in p.name or "estime-" in p.name] == []


IMPORTING = """
import sys
from pathlib import Path
from estime.cli.installation import open_installation
open_installation()
from estime.channels import api as channels
print("importing", flush=True)
channels.import_path(Path(sys.argv[1]), channel="long", format="csv", options=channels.ReadOptions())
"""


def test_a_backup_while_an_import_runs_holds_what_was_there(installed, vendor, another, call, tmp_path):
    """Acts and refused rows come in all the while; the backup is whole, and its acts are those of the ledger."""
    rows = [f"a{n},p{n % 97},{'never' if n % 50 == 0 else '2024-01-09T00:00:00Z'},x" for n in range(150_000)]
    path = tmp_path / "long.csv"
    path.write_text("\n".join(["id,author,date,text", *rows]) + "\n")
    process = subprocess.Popen(
        [sys.executable, "-c", IMPORTING, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "importing\n"
    while not list((installed / "rejects").glob("*.jsonl")) and process.poll() is None:
        time.sleep(0.01)
    told = call("backup", tmp_path / "b.tar.gz", "--json")
    assert process.poll() is None, "the import was over too soon to show anything"
    process.kill()
    process.wait()
    assert told.code == 0, told.err
    fresh = another(vendor, migrated=False)
    fresh.estime("restore", tmp_path / "b.tar.gz")
    acts = fresh.ledger()["acts"]
    assert len(acts) == told.json["rows"]["ledger_act"]
    assert acts == Installation.here(installed).ledger()["acts"][: len(acts)]
    assert list((fresh.home / "rejects").glob("*.jsonl"))


def test_what_has_passed_does_not_come_back(installed, vendor, another, call, tmp_path):
    """Sessions, staff links and open invitations end with a restore; used ones stay used; tokens are said."""
    from django.contrib.sessions.backends.db import SessionStore

    from estime.people import api as people
    from estime.people.models import Invitation

    ada = people.login_make("ada@gourde.fr", people.Role.ADMINISTRATOR)
    people.staff_link_make(ada)
    people.invite("lou@gourde.fr", people.Role.LEAD, ada, "form-1")
    session = SessionStore()
    session["secret"] = "of somebody"
    session.create()
    token = "INSERT INTO people_accesstoken (owner_id, name, start, digest, scopes, channel, made) VALUES"
    here = Installation.here(installed)
    here.ask_nothing(f"{token} ({ada.pk}, 'crm', 'est_x', '{'a' * 64}', 'acts:read', '', CURRENT_TIMESTAMP)")
    assert Invitation.objects.filter(revoked=None).count() == 1
    call("backup", tmp_path / "b.tar.gz")
    with tarfile.open(tmp_path / "b.tar.gz") as tar:
        for member in tar.getmembers():
            content = tar.extractfile(member).read()
            assert session.session_key.encode() not in content, member.name
    words, holding = (("--revoke-tokens",), 0) if vendor == "sqlite" else ((), 1)
    fresh = another(vendor, migrated=False)
    told = fresh.estime("restore", tmp_path / "b.tar.gz", *words).stderr
    assert "1 open invitations have ended" in told
    assert "access tokens" in told
    assert fresh.ask("SELECT count(*) FROM django_session") == [(0,)]
    assert fresh.ask("SELECT count(*) FROM people_stafflink") == [(0,)]
    assert fresh.ask("SELECT count(*) FROM people_invitation WHERE revoked IS NULL") == [(0,)]
    assert fresh.ask("SELECT count(*) FROM people_accesstoken WHERE revoked IS NULL") == [(holding,)]
    assert fresh.ask("SELECT email, role FROM people_user") == [("ada@gourde.fr", "administrator")]


@only_sqlite
def test_a_folder_keeps_the_newest(installed, call, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in range(1, 5):
        (folder / f"estime-2026010{day}T030000Z.tar.gz").write_bytes(b"old")
    (folder / "by-hand.tar.gz").write_bytes(b"mine")
    told = call("backup", folder, "--keep", "3", "--json")
    assert told.code == 0, told.err
    assert told.json["deleted"] == 2
    kept = sorted(path.name for path in folder.iterdir())
    assert kept[:3] == ["by-hand.tar.gz", "estime-20260103T030000Z.tar.gz", "estime-20260104T030000Z.tar.gz"]
    assert len(kept) == 4
    assert call("backup", tmp_path / "x.tar.gz", "--keep", "3").code == 2


@only_sqlite
@pytest.mark.parametrize("damage", ["nothing", "noise", "cut", "no manifest", "no object", "changed"])
def test_a_damaged_backup_is_told_without_restoring(installed, call, tmp_path, damage):
    path = tmp_path / "b.tar.gz"
    call("backup", path)
    assert call("restore", "--check", path).code == 0
    BROKEN[damage](path)
    told = call("restore", "--check", path)
    assert (told.code, "[bad-backup]" in told.err) == (2, True)


@only_sqlite
def test_a_backup_that_was_not_written_whole_is_no_backup(installed, call, tmp_path, monkeypatch):
    """It is read again before it gets its name."""
    monkeypatch.setattr("estime.cli.archive_file._Digested.read", lambda self, size: self._source.read(size))
    told = call("backup", tmp_path / "b.tar.gz")
    assert (told.code, "[bad-backup]" in told.err) == (2, True)
    assert [path.name for path in tmp_path.iterdir() if "b.tar.gz" in path.name] == []


@only_sqlite
def test_a_restore_that_was_killed_is_no_installation_and_is_run_again(installed, another, call, tmp_path):
    assert call("backup", tmp_path / "b.tar.gz").code == 0
    there = another("sqlite", migrated=False)
    there.home.mkdir(mode=0o700)
    for name in ("half-restored", "secret", "estime.sqlite3"):
        (there.home / name).write_text("")
    for command in (("report",), ("init", "--no-input"), ("serve",)):
        assert "[half-restored]" in there.estime(*command, code=2).stderr
    there.estime("restore", tmp_path / "b.tar.gz")
    there.estime("backup", tmp_path / "c.tar.gz")
    assert not (there.home / "half-restored").exists()


@only_sqlite
def test_what_a_killed_backup_left_goes_with_the_next(installed, call, tmp_path):
    """It is a copy of everything; one that another process is writing stays."""
    names = {
        ".estime-backup-99999999-x": True,
        ".estime-backup-x": True,
        f".estime-backup-{os.getpid()}-x": False,
    }
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "estime.sqlite3").write_text("everything")
        os.utime(tmp_path / name, (0, 0))
    (tmp_path / "estime-1.tar.gz.part").write_text("half")
    os.utime(tmp_path / "estime-1.tar.gz.part", (0, 0))
    assert call("backup", tmp_path / "b.tar.gz").code == 0
    assert {name: not (tmp_path / name).exists() for name in names} == names
    assert not (tmp_path / "estime-1.tar.gz.part").exists()
