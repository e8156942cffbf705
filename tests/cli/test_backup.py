"""A backup taken at any time makes the installation again, whole and guarded."""

import io
import json
import subprocess
import sys
import tarfile
import time

import pytest
from cli.ledgers import Installation

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
