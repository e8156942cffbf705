"""`estime serve` and `estime work`: they start, do their work, and leave nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from cli.ledgers import Installation

from estime.engagement.actions.lease import lease

only_sqlite = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(port: int, language: str) -> tuple[int, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"Accept-Language": language})
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
        return answer.status, answer.read().decode()


def session_of(pid: int) -> list[int]:
    """Processes of the session that `pid` leads."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (OSError, NotADirectoryError):
            continue
        if entry.name.isdigit() and int(fields[3]) == pid and fields[0] != "Z":
            found.append(int(entry.name))
    return found


@only_sqlite
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_and_ends_with_all_its_processes(installed, call, forum, ending):
    port = free_port()
    words = [sys.executable, "-m", "estime", "serve", "--port", str(port)]
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(words, env=env, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 40
    answers = {}
    while len(answers) < 2 and time.monotonic() < deadline:
        try:
            answers = {language: fetch(port, language) for language in ("fr", "en")}
        except OSError:
            time.sleep(0.1)
    assert len(session_of(process.pid)) >= 2
    process.send_signal(ending)
    _, err = process.communicate(timeout=40)
    assert {language: status for language, (status, _) in answers.items()} == {"fr": 200, "en": 200}
    assert '<html lang="fr"' in answers["fr"][1]
    assert '<html lang="en"' in answers["en"][1]
    assert process.returncode == 0, err
    assert f"http://127.0.0.1:{port}/" in err
    assert "Traceback" not in err
    assert session_of(process.pid) == []


def test_work_refreshes_only_when_something_is_new(installed, call, forum):
    editions = "SELECT id, made_at, stale FROM engagement_edition ORDER BY id"
    here = Installation.here(installed)
    assert call("work", "--once").code == 0
    assert here.ask(editions) == []
    call("import", forum, "-c", "forum")
    assert call("work", "--once") == (0, "", "")
    made = here.ask(editions)
    assert len(made) == 1
    assert call("work", "--once") == (0, "", "")
    assert here.ask(editions) == made


def test_two_workers_do_not_clash(installed, call, forum):
    call("import", forum, "-c", "forum")
    with lease("refresh"):
        assert call("work", "--once") == (0, "", "")
        told = call("refresh")
    assert (told.code, "[refresh-running]" in told.err) == (3, True)
    assert Installation.here(installed).ask("SELECT count(*) FROM engagement_edition") == [(0,)]


@only_sqlite
def test_work_tells_of_a_refresh_that_failed(installed, call, forum):
    call("import", forum, "-c", "forum")
    (installed / "estime.toml").write_text("nonsense")
    told = call("work", "--once")
    assert told.code == 2
    assert "[bad-configuration]" in told.err
