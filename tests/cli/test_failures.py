"""Whatever goes wrong: two lines on standard error that say what to do, an exit code, never a traceback."""

import gzip
import socket
from pathlib import Path

import pytest
from cli.ledgers import Installation
from django.conf import settings
from django.db import OperationalError, connection
from processes import run_estime

from estime.engagement import api as engagement
from estime.ledger import api as ledger

only_sqlite = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)


def check(told, code, name):
    """Two lines: what is wrong with its code, and what to do."""
    lines = told.err.splitlines()
    assert told.code == code, told.err
    assert len(lines) == 2, told.err
    assert lines[0].startswith("estime: ")
    assert lines[0].endswith(f"[{name}]")
    assert lines[1].startswith("        ")
    assert told.out == ""


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"ESTIME_DATABASE_URL": "mysql://root:hush@localhost/x"}, "bad-configuration"),
        ({"ESTIME_DATABASE_URL": "postgresql://u:hush@127.0.0.1:port/x"}, "bad-configuration"),
        ({"ESTIME_DATABASE_URL": "postgresql://u:hush@127.0.0.1:1/x"}, "no-database"),
    ],
)
def test_a_wrong_database_url(tmp_path, environment, name):
    home = tmp_path / "home"
    home.mkdir()
    (home / "secret").write_text("5e" * 32)
    done = run_estime("report", home=home, code=2, **environment)
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    assert lines[0].endswith(f"[{name}]")
    assert "hush" not in done.stderr


@pytest.mark.parametrize("home", ["/proc/estime", "/dev/null/estime"])
def test_a_home_that_cannot_be_written(home, call, monkeypatch):
    monkeypatch.setenv("ESTIME_HOME", home)
    check(call("init"), 2, "no-home")


def test_no_installation(call):
    check(call("report"), 2, "no-home")


@only_sqlite
def test_a_damaged_secret(installed, call):
    (installed / "secret").write_text("nonsense")
    check(call("report"), 2, "no-home")


@only_sqlite
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[brand\n", "TOML"),
        ('[brand]\nnmae = "x"\n', "brand.nmae"),
        ("[measures]\nhalf_life_days = 0\n", "half_life"),
    ],
)
def test_a_broken_configuration(installed, call, text, told):
    (installed / "estime.toml").write_text(text)
    result = call("refresh")
    check(result, 2, "bad-configuration")
    assert told in result.err


@only_sqlite
def test_a_wrong_engine(installed, call, forum, monkeypatch):
    call("import", forum, "-c", "forum")
    monkeypatch.setattr(settings, "ESTIME_ENGINE_URL", "oracle://")
    check(call("refresh"), 2, "bad-engine")


@only_sqlite
def test_a_database_of_an_older_version_can_be_backed_up_and_brought_up_to_date(installed, call, tmp_path):
    with Installation.here(installed).link() as link:
        link.execute("DELETE FROM django_migrations WHERE app = 'readouts'")
        link.execute("DROP TABLE readouts_chart") if ("readouts_chart",) in link.execute(
            "SELECT name FROM sqlite_master"
        ).fetchall() else None
    check(call("report"), 2, "not-up-to-date")
    assert call("backup", tmp_path / "b.tar.gz").code == 0


@only_sqlite
def test_a_database_of_a_newer_version(installed, call):
    with Installation.here(installed).link() as link:
        link.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '9999_next', '2030-01-01')"
        )
    result = call("report")
    check(result, 2, "not-up-to-date")
    assert "newer" in result.err


@only_sqlite
def test_a_file_that_is_no_database(installed, call):
    from django.db import connection

    connection.close()
    (installed / "estime.sqlite3").write_bytes(b"no database" * 1000)
    check(call("report"), 2, "no-database")


@only_sqlite
@pytest.mark.parametrize(
    ("error", "code", "name"),
    [
        (OperationalError("database is locked"), 3, "database-failed"),
        (OperationalError("database or disk is full"), 3, "storage-full"),
        (OSError(28, "No space left on device"), 3, "storage-full"),
        (PermissionError(13, "Permission denied", "/somewhere"), 2, "system-refused"),
        (ZeroDivisionError("division by zero"), 2, "unexpected"),
    ],
)
def test_what_nobody_foresaw(installed, call, monkeypatch, error, code, name):
    def fails():
        raise error

    monkeypatch.setattr(engagement, "edition", fails)
    check(call("report"), code, name)


@only_sqlite
def test_debug_shows_our_own_mistakes(installed, call, monkeypatch):
    monkeypatch.setattr(engagement, "edition", lambda: 1 // 0)
    monkeypatch.setenv("ESTIME_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        call("report")


def test_ctrl_c_and_sigterm(installed, call, monkeypatch):
    def stops():
        raise KeyboardInterrupt

    monkeypatch.setattr(engagement, "edition", stops)
    assert call("report").code == 130


def test_a_port_in_use(installed, call):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        check(call("serve", "--port", taken.getsockname()[1]), 2, "port-taken")


def test_reports_that_cannot_be(installed, call, forum):
    check(call("report"), 2, "nothing-to-report")
    call("refresh")
    check(call("report"), 2, "nothing-to-report")
    call("import", forum, "-c", "forum")
    call("refresh")
    result = call("report", "--channel", "nowhere")
    check(result, 2, "nothing-to-report")
    assert "forum" in result.err
    assert call("report", "--lang", "de").code == 2
    check(call("report", "--html", installed / "no" / "where.html"), 2, "system-refused")


@only_sqlite
def test_imports_that_cannot_be(installed, call, forum, tmp_path):
    (tmp_path / "folder").mkdir()
    check(call("import", tmp_path / "none.csv", "-c", "x"), 2, "source-missing")
    check(call("import", tmp_path / "folder", "-c", "x", "--as", "csv"), 2, "source-is-folder")
    check(call("import", forum, "-c", "x", "--as", "estime"), 2, "source-is-file")
    check(call("import", forum, "-c", "x", "--as", "word"), 2, "format-unknown")
    check(call("import", forum, "-c", "x", "--map", "nowhere"), 2, "mapping-invalid")
    check(call("import", forum, "-c", "no good"), 2, "bad-channel-name")
    check(call("import", tmp_path / "folder", "-c", "x", "--as", "estime"), 2, "document-invalid")
    check(call("erase", "nobody", "-c", "x", "--yes"), 2, "unknown-account")
    assert ledger.size() == (0, 0)


@only_sqlite
def test_a_cut_file_ends_with_3_and_still_tells_a_script_what_is_in(installed, call, forum):
    packed = gzip.compress(forum.read_bytes() * 40, compresslevel=1)
    path = forum.with_suffix(".csv.gz")
    path.write_bytes(packed[:-40])
    told = call("import", path, "-c", "forum", "--json")
    assert told.code == 3
    assert "[source-truncated]" in told.err
    assert told.json["status"] == "partial"
    assert told.json["new"] == 60


@only_sqlite
def test_a_database_that_cannot_grow_takes_no_half_and_the_same_again_completes_it(installed, call, forum):
    lines = forum.read_text().splitlines()
    rows = [f"q{n},ana,2020-01-10T10:00:00Z,{'a long text ' * 20}{n}," for n in range(3000)]
    forum.write_text("\n".join([*lines, *rows]) + "\n")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages + 20}")  # SQLite itself says that the disk is full
    check(call("import", forum, "-c", "forum"), 3, "storage-full")
    assert ledger.size() == (0, 0)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1073741823")
    told = call("import", forum, "-c", "forum", "--json")
    assert (told.code, told.json["new"], told.json["known"]) == (0, 3060, 0)


@only_sqlite
def test_refused_rows_end_with_1_and_stand_in_a_file(installed, call, forum):
    forum.write_text(forum.read_text() + "p99,ana,yesterday,Hm,\n")
    told = call("import", forum, "-c", "forum", "--json")
    assert (told.code, told.json["new"], told.json["rejected"]) == (1, 60, 1)
    assert told.json["first_rejects"][0]["line"] == 62
    assert "yesterday" in Path(told.json["rejects_file"]).read_text()
    assert call("import", forum, "-c", "forum", "--dry-run").code == 1


@only_sqlite
def test_usage_errors_end_with_2(installed, call):
    for words in (["nonsense"], ["import"], ["serve", "--port", "0"], ["init", "--brand", "a\nb"]):
        told = call(*words)
        assert (told.code, told.out) == (2, "")


@only_sqlite
def test_an_erasure_that_is_not_confirmed_changes_nothing(installed, call, forum, monkeypatch):
    call("import", forum, "-c", "forum")
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    assert call("erase", "ana", "-c", "forum").code == 2
    assert ledger.account_keys([("forum", "ana")])


def test_the_doctor_finds_what_is_wrong(installed, vendor, call):
    told = call("doctor", "--json")
    assert [
        finding["what"] for finding in told.json if not finding["ok"]
    ] == []  # nothing came in: no figures
    drop = "DROP TRIGGER ledger_act_no_delete" + (" ON ledger_act" if vendor == "postgresql" else "")
    with Installation.here(installed).link() as link:
        link.execute(drop)
    installed.chmod(0o755)
    (installed / "estime.toml").write_text('[brand]\naccounts = [{ channel = "forum", handle = "nobody" }]\n')
    told = call("doctor", "--json")
    wrong = {finding["what"]: finding for finding in told.json if not finding["ok"]}
    assert told.code == 1
    assert set(wrong) == {"folder", "guards", "brand accounts"}
    assert all(finding["todo"] for finding in wrong.values())
    (installed / "estime.toml").write_text("nonsense")
    assert "PROBLEM  configuration" in call("doctor").out
