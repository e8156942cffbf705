"""Every command in a process of its own, started as people start it, from nothing to a report."""

import json
import shutil
import subprocess
import sys
from functools import partial

import pytest
from cli.ledgers import Installation


def test_from_nothing_to_a_report(forum, tmp_path):
    home = tmp_path / "home"
    here = Installation(home)
    estime = partial(here.estime, cold=True)
    estime("init", "--brand", "Maison “Gourde”")
    assert home.stat().st_mode & 0o077 == 0
    assert "stays" in estime("init", "--brand", "Other").stderr
    assert "Maison “Gourde”" in (home / "estime.toml").read_text()

    words = ("--channel", "forum", "--title", "Le forum", "--json")
    told = json.loads(estime("import", forum, *words).stdout)
    assert (told["new"], told["format"], told["status"], told["types"]) == (60, "csv", "done", {"Create": 60})
    estime("work", "--once")
    done = json.loads(estime("refresh", "--json").stdout)
    assert done == {"acts": 0, "figures": 0, "edition": 1, "whole": False}

    report = json.loads(estime("report", "--json").stdout)
    assert "forum" in json.dumps(report)
    french = estime("report", "--lang", "fr", "--html", tmp_path / "r.html")
    assert french.stdout == ""
    page = (tmp_path / "r.html").read_text()
    assert '<html lang="fr"' in page
    assert "<script" not in page
    env = {"ESTIME_HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "fr_FR.UTF-8", "PYTHONUTF8": "1"}
    piped = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m estime report | head -1; echo ${{PIPESTATUS[0]}}"],
        env=env, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert piped.stderr == ""
    assert "Le forum" in piped.stdout
    assert piped.stdout.endswith("\n0\n")

    findings = json.loads(estime("doctor", "--json").stdout)
    assert all(finding["ok"] for finding in findings)
    erased = json.loads(estime("erase", "ana", "-c", "forum", "--yes", "--json").stdout)
    assert erased == {"accounts": 1, "acts": 20, "refused_rows": 0, "backups": [], "uploads": []}
    assert here.ask("SELECT max(stale) FROM engagement_edition") == [(1,)]
    assert estime("import", forum, "-c", "forum", "--json").stdout.count('"erased": 20') == 1


def test_options_of_import_reach_the_reader(installed, call, tmp_path):
    path = tmp_path / "avis.csv"
    path.write_bytes("auteur;date;texte\nana;31/05/2024 18:30;Été\n".encode("cp1252"))
    words = ["--date-format", "%d/%m/%Y %H:%M", "--delimiter", ";", "--encoding", "cp1252"]
    told = call("import", path, "-c", "avis", "--timezone", "Europe/Paris", *words)
    assert told.code == 0, told.err
    here = Installation.here(installed)
    act = here.ledger()["acts"][0]
    assert (act[10].isoformat(), act[12]) == ("2024-05-31T16:30:00+00:00", "Été")


def test_a_shipped_mapping_is_named(installed, call, tmp_path):
    path = tmp_path / "followers.csv"
    path.write_text("date,followers\n2024-05-31,12480\n")
    told = call("import", path, "-c", "page", "--map", "followers-over-time", "--timezone", "UTC", "--json")
    assert told.code in (0, 2), told.err
    assert "cannot be read" not in told.err


def test_an_import_that_was_killed_is_marked_when_it_is_repeated(installed, call, forum):
    from estime.channels.models import Import
    from estime.kernel import clock

    ours = {"channel": "forum", "file_name": "forum.csv", "format": "csv", "started": clock.now()}
    dead = Import.objects.create(**ours)
    other = Import.objects.create(**ours | {"channel": "elsewhere"})
    call("import", forum, "-c", "forum")
    dead.refresh_from_db()
    other.refresh_from_db()
    assert (dead.status, other.status) == ("failed", "running")


def test_the_front_of_the_report_is_configured(installed, call, forum):
    call("import", forum, "-c", "forum")
    call("import", forum, "-c", "salon")
    call("refresh")
    assert "6" in call("report", "--lang", "en").out
    (installed / "estime.toml").write_text('[report]\nfront = "salon"\n')
    assert call("report", "--lang", "en").out.startswith("salon")


@pytest.mark.slow
def test_the_demo_imports_real_communities_once(demo_home, tmp_path):
    here = Installation(shutil.copytree(demo_home, tmp_path / "demo"))
    rows = here.count()
    assert rows > 10_000
    assert here.ask("SELECT count(*) FROM engagement_edition") == [(1,)]
    again = here.estime("demo", "--no-serve", "--no-spaces")
    assert again.stderr == ""
    assert here.count() == rows
    assert here.estime("report", "--lang", "fr").stdout
