"""An installation of "1 of 4" comes to the present version whole: every act, figure, login and guard.

Every migration that is added later runs here on data, as it would run on somebody's installation.
"""

import json
import shutil
import tarfile

import pytest
from cli.ledgers import Installation
from upgrades.conftest import HERE, VENDORS, before, now_told

vendors = pytest.mark.parametrize("vendor", VENDORS)
LEDGER = ("acts", "accounts", "observations", "channels", "imports")


def logins(told):
    """Logins with their passwords; addresses have had one spelling since people 0003."""
    return [[email.lower() if n == 1 else email for n, email in enumerate(row)] for row in told["logins"]]


@vendors
def test_every_act_is_as_it_was(restored, vendor, monkeypatch):
    told, was = now_told(restored(vendor), monkeypatch), before(vendor)
    assert len(was["acts"]) == 255
    for part in LEDGER:
        assert told[part] == was[part], part


@vendors
def test_whoever_was_staff_administers_and_keeps_the_password(restored, vendor, monkeypatch):
    here = restored(vendor)
    assert logins(now_told(here, monkeypatch)) == logins(before(vendor))
    roles = dict(here.ask("SELECT email, role FROM people_user"))
    assert roles == {
        "chef@example.org": "administrator",
        "root@example.org": "administrator",
        "partie@example.org": "administrator",
        "client@example.org": "member",
    }


@vendors
def test_the_guards_are_in_place(restored, vendor):
    here = restored(vendor)
    for statement in (
        "DELETE FROM ledger_act",
        "UPDATE ledger_act SET type = 'Like'",
        "DELETE FROM ledger_account",
    ):
        with here.link() as link, pytest.raises(Exception, match="append only"):
            link.execute(statement)
    findings = {
        finding["what"]: finding for finding in json.loads(here.estime("doctor", "--json", code=1).stdout)
    }
    assert findings["guards"]["ok"]
    assert findings["database"]["ok"]


@vendors
def test_figures_come_out_as_they_were(restored, vendor, monkeypatch, tmp_path):
    """And then the installation lives on: acts come in, known ones are known, somebody is erased."""
    here, was = restored(vendor), before(vendor)
    here.estime("refresh")
    now = {tuple(row[:4]): row[4:] for row in now_told(here, monkeypatch)["figures"]}
    assert len(was["figures"]) > 1000
    differing = [row for row in was["figures"] if now.get(tuple(row[:4])) != row[4:]]
    assert differing == []

    more = tmp_path / "more.csv"
    more.write_text("id,author,date,text\np1,x,2023-01-01T00:00:00Z,x\nq1,noor,2024-03-02T10:00:00Z,Encore\n")
    told = json.loads(here.estime("import", more, "-c", "forum", "--json").stdout)
    assert (told["new"], told["erased"]) == (1, 1)  # p1 was of somebody erased then: it does not come back
    erased = json.loads(here.estime("erase", "noor", "-c", "forum", "--yes", "--json").stdout)
    assert erased["accounts"] == 1
    here.estime("refresh")
    assert here.ask("SELECT count(*) FROM ledger_account WHERE handle = 'noor'") == [(1,)]  # of the salon


def test_a_home_of_then_is_brought_up_to_date_in_place(tmp_path, monkeypatch):
    """As an administrator does it: the new version is installed, `estime init` is run on what is there."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    with tarfile.open(HERE / "one-of-four-sqlite.tar.gz") as tar:
        tar.extractall(home, filter="data")
    shutil.move(home / "database" / "estime.sqlite3", home / "estime.sqlite3")
    (home / "database").rmdir()
    (home / "manifest.json").unlink()
    here = Installation(home)
    refused = here.estime("serve", code=2).stderr
    assert "not-up-to-date" in refused
    here.estime("backup", tmp_path / "before.tar.gz")
    here.estime("init")
    told, was = now_told(here, monkeypatch), before("sqlite")
    for part in (*LEDGER, "figures"):
        assert told[part] == was[part], part
    assert logins(told) == logins(was)
    with here.link() as link, pytest.raises(Exception, match="append only"):
        link.execute("DELETE FROM ledger_act")
    assert 'name = "Maison Gourde"' in (home / "estime.toml").read_text()

    back = Installation(tmp_path / "back")  # and the backup made before the upgrade still is one
    back.estime("restore", tmp_path / "before.tar.gz")
    assert now_told(back, monkeypatch)["acts"] == was["acts"]
