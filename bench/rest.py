"""`POST /api/v1/acts` in batches of 100: acts a second, durable and exactly once, with two server processes.

`python bench/rest.py [SECONDS]` measures SQLite, and PostgreSQL if ESTIME_TEST_POSTGRESQL names a server (one with
fsync on, or the figure says nothing). Closed loop: CLIENTS connections, each sends its next batch when the one before
was answered. Then the same once more, while one server process after the other is killed with SIGKILL and clients send
again whatever was not answered: afterwards every act that was sent must be in the ledger, once.
"""

import contextlib
import http.client
import json
import multiprocessing
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

BATCH = 100
CLIENTS = 12
TEXT = "A sentence of the length that people write, about a product and what could be better in it."
START = datetime(2024, 1, 1, tzinfo=UTC)


def template() -> bytes:
    """A batch as a connector sends it, half texts, half likes; `@` stands for the number of the batch."""
    acts = []
    for i in range(BATCH):
        at = (START + timedelta(seconds=i)).isoformat()
        act = {"id": f"urn:a:@-{i}", "actor": f"u{i * 7 % 5000}", "published": at}
        if i % 2:
            act |= {"type": "Like", "object": f"urn:o:@-{i - 1}"}
        else:
            act |= {"type": "Create", "object": {"id": f"urn:o:@-{i}", "type": "Note", "content": TEXT}}
        acts.append(act)
    return json.dumps(acts).encode()


def body(client: int, number: int, of: bytes | None = None) -> bytes:
    """One batch; the client's own work is to be little, for it shares the machine."""
    return (of or template()).replace(b"@", f"{client}-{number}".encode())


def client(port: int, secret: str, which: int, until: float, told: multiprocessing.Queue) -> None:
    """Sends until the time is over; what is not answered is sent again until it is."""
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    pattern = template()
    link = None
    sent = again = refused = 0
    waits = []
    while time.time() < until:
        data = body(which, sent, pattern)
        begun = time.perf_counter()
        while True:
            try:
                link = link or http.client.HTTPConnection("127.0.0.1", port, timeout=30)
                link.request("POST", "/api/v1/acts?channel=bench", data, headers)
                answer = link.getresponse()
                result = json.loads(answer.read())
                if answer.status in (200, 207):
                    refused += result["refused"]
                    break
                again += 1
                time.sleep(0.2)
            except (OSError, http.client.HTTPException):
                if time.time() > until + 60:
                    raise
                again += 1
                link = None
                time.sleep(0.05)
        waits.append(time.perf_counter() - begun)
        sent += 1
    told.put((which, sent, again, refused, waits))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(pid: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in found.stdout.split()]


def processor_seconds(pids: list[int]) -> float:
    """What these processes and those that ended under them have used."""
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            ticks += sum(
                int(n) for n in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]
            )
    return ticks / os.sysconf("SC_CLK_TCK")


def measure(environment: dict[str, str], seconds: float, kills: int) -> dict[str, float]:
    """One run against a server of its own."""
    estime = [sys.executable, "-m", "estime"]
    made = subprocess.run(
        [*estime, "token", "make", "--owner", "bench@example.org", "--name", "b", "--scope", "acts:write", "--json"],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    secret = json.loads(made.stdout)["secret"]
    port = free_port()
    server = subprocess.Popen(
        [*estime, "serve", "--port", str(port), "--workers", "2", "--no-work"],
        env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                time.sleep(0.05)
        time.sleep(1)
        told: multiprocessing.Queue = multiprocessing.Queue()
        begun = time.time()
        base = int(begun) * 100
        clients = [
            multiprocessing.Process(target=client, args=(port, secret, base + i, begun + seconds, told))
            for i in range(CLIENTS)
        ]
        for each in clients:
            each.start()
        for _ in range(kills):
            time.sleep(seconds / (kills + 1))
            workers = children(server.pid)
            if workers:
                os.kill(
                    workers[0], signal.SIGKILL
                )  # the oldest; one that has just begun would end the server
        results = [told.get(timeout=seconds + 120) for _ in clients]
        spent = time.time() - begun
        used = processor_seconds(children(server.pid))
        for each in clients:
            each.join()
    finally:
        server.terminate()
        server.wait(30)
    sent = sum(result[1] for result in results) * BATCH
    waits = sorted(wait for result in results for wait in result[4])
    return {
        "acts_per_second": sent / spent,
        "sent": sent,
        "again": sum(result[2] for result in results),
        "server_cpu_ms_per_batch": 0.0 if kills else used / (sent / BATCH) * 1000,
        "load": os.getloadavg()[0],
        "refused": sum(result[3] for result in results),
        "p50_ms": waits[len(waits) // 2] * 1000,
        "p99_ms": waits[int(len(waits) * 0.99)] * 1000,
        "in_ledger": inside(environment, base),
    }


def inside(environment: dict[str, str], base: int) -> int:
    """How many acts of this run the ledger holds, counted by their ids."""
    code = (
        "import django; django.setup(); from django.db import connection; c = connection.cursor();"
        "c.execute('SELECT count(*), count(DISTINCT source_id) FROM ledger_act WHERE ' + "
        f"' OR '.join(f\"source_id LIKE 'urn:a:{{{base} + i}}-%%'\" for i in range({CLIENTS})), []);"
        "rows = c.fetchone(); assert rows[0] == rows[1], rows; print(rows[0])"
    )
    environment = {**environment, "DJANGO_SETTINGS_MODULE": "estime.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def prepared(scratch: Path, kind: str) -> dict[str, str]:
    """An installation with one administrator."""
    environment = {**os.environ, "ESTIME_HOME": str(scratch / kind)}
    environment.pop("ESTIME_DATABASE_URL", None)
    if kind == "postgresql":
        import psycopg

        name = f"bench_{secrets.token_hex(4)}"
        with psycopg.connect(os.environ["ESTIME_TEST_POSTGRESQL"], autocommit=True) as link:
            link.execute(f"CREATE DATABASE {name}")
            print(f"postgresql: fsync {link.execute('SHOW fsync').fetchone()[0]}")
        environment["ESTIME_DATABASE_URL"] = (
            os.environ["ESTIME_TEST_POSTGRESQL"].rsplit("/", 1)[0] + f"/{name}"
        )
    subprocess.run([sys.executable, "-m", "estime", "init"], env=environment, check=True, capture_output=True)
    (scratch / kind / "estime.toml").write_text("[rest]\nwrites_per_minute = 0\n")
    code = (
        "import django; django.setup(); from estime.people.models import User;"
        "User.objects.create_user('bench@example.org', role='administrator')"
    )
    told = {**environment, "DJANGO_SETTINGS_MODULE": "estime.config.settings"}
    subprocess.run([sys.executable, "-c", code], env=told, check=True)
    return environment


def main(seconds: float = 20.0) -> dict[str, dict[str, float]]:
    """By database: the run without and the run with kills."""
    kinds = ["sqlite"] + (["postgresql"] if os.environ.get("ESTIME_TEST_POSTGRESQL") else [])
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        for kind in kinds:
            environment = prepared(Path(scratch), kind)
            for kills in (0, 4):
                told = measure(environment, seconds, kills)
                assert told["in_ledger"] == told["sent"], told
                found[f"{kind}, {kills} kills"] = told
                print(
                    f"POST /acts, {kind}, {kills} kills: "
                    + ", ".join(f"{k} {v:,.1f}" for k, v in told.items())
                )
            if kind == "postgresql":
                import psycopg

                name = environment["ESTIME_DATABASE_URL"].rsplit("/", 1)[1]
                with psycopg.connect(os.environ["ESTIME_TEST_POSTGRESQL"], autocommit=True) as link:
                    link.execute(f"DROP DATABASE {name} WITH (FORCE)")
    return found


if __name__ == "__main__":
    main(*(float(word) for word in sys.argv[1:]))
