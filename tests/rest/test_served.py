"""Protects what only a served installation shows: Segment's own libraries as clients, kills, the docs' examples."""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from channels.reading import sample
from processes import PATIENCE, need
from rest.served import Served, serving
from segment.analytics import Client

HERE = Path(__file__).resolve().parent
DOCS = HERE.parents[1] / "docs"
COUNT = 40
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("served-rest")]
ACTS = """
    SELECT t.source_id, t.type, t.object_id, t.value, a.handle, t.published, t.content, t.extra FROM ledger_act t
    JOIN ledger_account a ON a.key = t.actor_id JOIN ledger_channel c ON c.id = t.channel_id WHERE c.name = ?
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served") / "home") as one:
        yield one


def orders(rows: list[tuple[object, ...]], prefix: str) -> list[tuple[object, ...]]:
    return sorted(
        (row[2], row[3], row[4]) for row in rows if row[1] == "Accept" and str(row[2]).startswith(prefix)
    )


def test_segments_library_for_python(served):
    """The unmodified library, once in the background and once with gzip: everything arrives, once."""
    key = served.token("--scope", "acts:write", "--channel", "python")
    failed: list[object] = []
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for gzip, half in ((False, range(COUNT // 2)), (True, range(COUNT // 2, COUNT))):
        client = Client(
            key, host=served.address, gzip=gzip, upload_size=7, upload_interval=0.05,
            on_error=lambda error, items: failed.append(error),
        )  # fmt: skip
        for n in half:
            told = {"order_id": f"py-{n}", "revenue": n, "currency": "EUR"}
            client.track(f"p{n % 5}", "Order Completed", told, timestamp=start + timedelta(seconds=n))
        client.identify("p1", {"email": "marie@example.org"})
        client.group("p1", "py-group")
        client.page(anonymous_id="a1", name="Home")
        client.screen(anonymous_id="a1", name="Cart")
        client.alias("a1", "p1")
        client.flush()
        client.join()
    assert failed == []
    rows = served.stored(ACTS, "python")
    wanted = [(f"py-{n}", float(n), f"p{n % 5}") for n in range(COUNT)]
    assert orders(rows, "py-") == sorted(wanted)
    assert sorted(str(row[1]) for row in rows if row[1] != "Accept") == ["Join"] * 2 + ["View"] * 4
    assert {row[5] for row in rows if row[2] == "py-3"} == {"2026-03-01 12:00:03"}
    assert "marie@example.org" not in str(rows)


def test_segments_library_for_node(served):
    """The unmodified library: everything arrives, once, and it reports no error."""
    node = shutil.which("node")
    there = node is not None and (HERE / "node_modules" / "@segment" / "analytics-node").is_dir()
    need(there, "Segment's library for Node: `make tests/rest/node_modules` (needs npm)")
    key = served.token("--scope", "acts:write", "--channel", "node")
    done = subprocess.run(
        [str(node), "send.mjs", served.address, key, str(COUNT)],
        cwd=HERE, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"failed": []}
    rows = served.stored(ACTS, "node")
    assert orders(rows, "node-") == sorted((f"node-{n}", float(n), f"n{n % 5}") for n in range(COUNT))
    assert sorted(str(row[1]) for row in rows if row[1] != "Accept") == ["Join", "View", "View"]
    assert {row[5] for row in rows if row[2] == "node-3"} == {"2026-03-01 12:00:03"}


def test_a_library_sends_again_what_was_not_answered(served):
    """One of the server's processes is killed while the library sends: it sends again, and nothing is doubled."""
    key = served.token("--scope", "acts:write", "--channel", "again")
    failed: list[object] = []
    client = Client(
        key,
        host=served.address,
        upload_size=2,
        upload_interval=0.01,
        on_error=lambda *told: failed.append(told),
    )
    for n in range(120):
        client.track("p", "Order Completed", {"order_id": f"again-{n}", "revenue": n})
        if n == 40:
            os.kill(served.workers()[0], signal.SIGKILL)
    client.flush()
    client.join()
    assert failed == []
    assert [row[0] for row in orders(served.stored(ACTS, "again"), "again-")] == sorted(
        f"again-{n}" for n in range(120)
    )


def send(served: Served, secret: str, which: int, batches: int, results: dict[int, list[str]]) -> None:
    """A client that sends each batch until it is answered."""
    port = int(served.address.rsplit(":", 1)[1])
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    for number in range(batches):
        acts = [
            {
                "id": f"k-{which}-{number}-{n}", "type": "Like", "actor": f"u{n}", "object": "o",
                "published": "2026-03-01T12:00:00Z",
            }
            for n in range(20)
        ]  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            try:
                link.request("POST", "/api/v1/acts?channel=killed", json.dumps(acts), headers)
                answer = link.getresponse()
                told = json.loads(answer.read())
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            finally:
                link.close()
            if answer.status == 200:
                results[which] += [item["status"] for item in told["items"]]
                break


def test_killed_in_the_middle_and_sent_again_is_exactly_once(served):
    """Four clients send; twice a process of the server is killed with SIGKILL. Every act is in, once."""
    secret = served.token("--scope", "acts:write")
    results: dict[int, list[str]] = {which: [] for which in range(4)}
    threads = [threading.Thread(target=send, args=(served, secret, which, 60, results)) for which in results]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    os.kill(served.workers()[0], signal.SIGKILL)
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    told = [status for statuses in results.values() for status in statuses]
    assert len(told) == 4 * 60 * 20
    assert set(told) <= {"created", "known"}
    rows = served.stored(ACTS, "killed")
    assert len(rows) == len({row[0] for row in rows}) == len(told)


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", (DOCS / page).read_text(), re.MULTILINE | re.DOTALL)


def shell(served: Served, script: str, folder_in: Path | None = None) -> list[str]:
    """What a script of the docs prints, each command on a line of its own."""
    folder = Path(sys.executable).parent
    environment = {**os.environ, "ESTIME_HOME": str(served.home), "PATH": f"{folder}:{os.environ['PATH']}"}
    environment.pop("ESTIME_DATABASE_URL", None)
    told = re.sub(r"^(curl|echo)", r"echo; \1", script, flags=re.MULTILINE)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", told.replace("http://127.0.0.1:8000", served.address)],
        env=environment, capture_output=True, text=True, timeout=PATIENCE, check=True, cwd=folder_in,
    )  # fmt: skip
    return [line for line in done.stdout.splitlines() if line]


def test_the_commands_of_the_docs(served):
    """Every command of rest.md and then of segment.md, as they stand there, one after the other."""
    begin, *others = blocks("rest.md", "sh")
    before_the_list = begin.rindex("curl")
    script = (
        begin[:before_the_list] + "estime refresh > /dev/null\n" + begin[before_the_list:] + "".join(others)
    )
    told = shell(served, script + "".join(blocks("segment.md", "sh")))
    me, sent, acts, packed, found, search = (json.loads(line) for line in told[:6])
    assert me["allowed"] == ["acts:read", "acts:write", "affect:read", "figures:read", "persons:read"]
    assert sent["created"] + sent["known"] == 1
    assert "post/41" in [act["source_id"] for act in acts["acts"]]
    assert packed["created"] + packed["known"] == 1
    assert found["account"].isdigit()
    assert ([act["source_id"] for act in search["acts"]], search["ignored"]) == (["post/41"], [])
    assert told[6] == "304"
    read, track, batch = (json.loads(line) for line in told[7:])
    assert [one["lang"] for one in read["readings"]] == ["fr"]
    assert track == {"success": True}
    assert [refused["code"] for refused in batch["refused"]] == ["no-event"]


def test_the_commands_of_cocreation(served, tmp_path):
    """Every command of rest-cocreation.md: a stranger reads, a member takes part, an idea comes to its answer, and
    what is sent again; then those that bring a challenge in, which a worker does.
    """
    code = "import django; django.setup(); from cocreation.places import place_made; place_made()"
    environment = {
        **os.environ,
        "ESTIME_HOME": str(served.home),
        "DJANGO_SETTINGS_MODULE": "estime.config.settings",
        "PYTHONPATH": str(HERE.parent),
    }
    environment.pop("ESTIME_DATABASE_URL", None)
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=60)
    told = [json.loads(line) for line in shell(served, "".join(blocks("rest-cocreation.md", "sh")))]
    begin, (supported, poll, filled, option, locked, ballot, decided, answers), others = (
        told[:4],
        told[4:12],
        told[12:],
    )
    spaces, listed, deals, made = begin
    assert (spaces["spaces"][0]["slug"], listed["contributions"]) == ("bottles", [])
    assert deals["deals"][0]["version"] == 1
    assert (made["id"], made["authors"][0]["name"]) == (1, "Anna Weber")
    assert supported == {"holds": True, "count": 1}
    assert (poll["state"], option["number"], filled["options"][0]["contribution"]["id"]) == ("draft", 2, 1)
    assert (locked["state"], ballot) == ("running", {"cast": True, "choice": [1]})
    assert decided["decisions"][0]["by"]["name"] == answers["decisions"][0]["by"]["name"] == "Léa Martin"
    assert answers["pledges"][0]["what"] == "Ten prototypes to try"
    once, twice, said, begun, saved, published = others
    assert once == twice == {"holds": True, "count": 2}
    assert said["intent"] == "tried"
    assert (begun["saved"], saved["saved"], published["title"]) == (1, 2, "A strap for the lid")

    with zipfile.ZipFile(tmp_path / "seattle.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sample("polis/15-per-hour-seattle").glob("*.csv"):
            archive.write(path, path.name)
    (script,) = blocks("challenges-in-and-out.md", "sh")
    at = script.index("curl -s $ESTIME/api/v1/imports")
    work = "estime work --once > /dev/null 2>&1\n"
    brought, rejects = (
        json.loads(line) for line in shell(served, script[:at] + work + script[at:], tmp_path)
    )
    assert (brought["status"], brought["result"]["counts"]["voters"] > 100) == ("done", True)
    assert rejects == {"rejects": [], "next": None}


def test_the_examples_for_segment(served):
    key = served.token("--scope", "acts:write", "--channel", "examples")
    (python,) = blocks("segment.md", "python")
    told = python.replace("est_…", key).replace("https://estime.example.org", served.address)
    subprocess.run([sys.executable, "-c", told], check=True, timeout=60, cwd=served.home)
    assert [row[1:4] for row in served.stored(ACTS, "examples")] == [("Accept", "o-9", 39.9)]
    (javascript,) = blocks("segment.md", "js")
    node = shutil.which("node")
    there = node is not None and (HERE / "node_modules").is_dir()
    need(there, "Segment's library for Node: `make tests/rest/node_modules` (needs npm)")
    told = javascript.replace("est_…", key).replace("https://estime.example.org", served.address)
    subprocess.run([str(node), "--input-type=module", "-e", told], check=True, timeout=60, cwd=HERE)
    assert len(served.stored(ACTS, "examples")) == 2
