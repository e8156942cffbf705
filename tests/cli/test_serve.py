"""`estime serve` and `estime work`: they start, do their work, and leave nothing behind."""

import json
import os
import re
import signal
import socket
import threading
import time
from pathlib import Path

import pytest
from cli.ledgers import Installation
from cli.serving import SLOW, serving, session_of
from jobs.kinds import JOBS
from jobs.working import wait_for

from estime.engagement.actions.lease import lease
from estime.jobs import api as jobs

only_sqlite = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)


@only_sqlite
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_serve_answers_and_ends_with_all_its_processes(installed, tmp_path, ending):
    with serving(tmp_path) as server:
        answers = {language: server.get("/", Accept_Language=language) for language in ("fr", "en")}
        wait_for(server.workers)
        server.process.send_signal(ending)
        assert server.process.wait(timeout=20) == 0, server.told()
        assert {language: status for language, (status, _) in answers.items()} == {"fr": 200, "en": 200}
        assert '<html lang="fr"' in answers["fr"][1]
        assert '<html lang="en"' in answers["en"][1]
        assert f"http://127.0.0.1:{server.port}/" in server.told()
        assert "Traceback" not in server.told()
        assert session_of(server.process.pid) == {}


CANARIES = ("canary@example.org", "canary.curie", "canarytoken123")


@only_sqlite
def test_a_stop_lets_requests_end_and_gives_the_job_back(installed, tmp_path, settings):
    """On the way: two processes count together, and no log line holds what anybody said."""
    settings.ESTIME_JOBS = JOBS
    job = jobs.enqueue("slow", {"at": str(tmp_path), "seconds": 60})
    with serving(tmp_path, "--workers", "2", "--blocking-threads", "2", **SLOW) as server:
        mail, handle, token = CANARIES
        for _ in range(6):
            assert (
                server.get(f"/breaks/{mail}/?handle={handle}", X_Canary=token, X_Request_ID=handle)[0] == 500
            )
        assert server.get(f"/nothing/{handle}?token={token}", Host=f"{token}.example.org")[0] == 400
        assert server.get(f"/nothing/{handle}?token={token}", Authorization=f"Bearer {token}")[0] == 404
        wait_for(lambda: 'status="5xx",view="breaks"} 6.0' in server.get("/metrics")[1], 5)
        wait_for((tmp_path / "began").exists)
        late: list[tuple[int, str]] = []
        asking = threading.Thread(target=lambda: late.append(server.get("/slow?seconds=3")))
        asking.start()
        time.sleep(1)
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=20) == 0
        assert time.monotonic() - began < 20
        asking.join()
        assert late == [(200, "at last")]
        with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.1", server.port), 2):
            pass
        assert session_of(server.process.pid) == {}
        assert (jobs.find(job).status, jobs.find(job).attempts) == ("waiting", 0)
        assert list((installed / "run" / "metrics").iterdir()) == []
        check_log(server.told())


def check_log(told: str) -> None:
    """One JSON object on a line, one line for each request, an error with its place, and nothing that was said."""
    assert not [word for word in CANARIES if word in told]
    lines = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    assert len(lines) >= len(told.splitlines()) - 2
    broken = [line for line in lines if line.get("view") == "breaks"]
    assert {(line["route"], line["status"], line["method"]) for line in broken} == {
        ("breaks/<str:who>/", 500, "GET")
    }
    assert len(broken) == len({line["request"] for line in broken}) == 6
    errors = {line["request"]: line["error"] for line in lines if "error" in line}
    told_of = [errors[line["request"]] for line in broken]
    assert {error["type"] for error in told_of} == {"ValueError"}
    assert all(re.search(r"slow_urls\.py:\d+ breaks$", error["frames"][-1]) for error in told_of)


@only_sqlite
def test_a_worker_that_falls_is_replaced_and_a_server_that_is_killed_leaves_nothing(installed, tmp_path):
    with serving(tmp_path) as server:
        (first,) = wait_for(server.workers)
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: server.workers() and server.workers() != [first])
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        wait_for(lambda: not session_of(server.process.pid))
        assert Path(f"/proc/{first}").exists() is False


def test_work_refreshes_only_when_something_is_new(installed, call, forum):
    editions = "SELECT id, made_at, stale FROM engagement_edition ORDER BY id"
    here = Installation.here(installed)
    assert call("work", "--once").code == 0
    assert here.ask(editions) == []
    call("import", forum, "-c", "forum")
    assert _quiet(call("work", "--once"))
    made = here.ask(editions)
    assert len(made) == 1
    assert _quiet(call("work", "--once"))
    assert here.ask(editions) == made


def _quiet(told):
    """Done, and nothing to say but which jobs ended."""
    return (told.code, told.out) == (0, "") and not any(
        level in told.err for level in ('"level":"warning"', '"level":"error"', "WARNING", "ERROR")
    )


def test_two_workers_do_not_clash(installed, call, forum):
    call("import", forum, "-c", "forum")
    with lease("refresh"):
        assert _quiet(call("work", "--once"))
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
