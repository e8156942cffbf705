"""Pages under load, on the installation of ESTIME_HOME and ESTIME_DATABASE_URL.

`python bench/pages.py [RATE] [SECONDS]`:

* overview, acts (in turn without a filter and with the filters people use, words included), person (people drawn by
  their acts, and the busiest account): open loop, that is at fixed times, whether or not the requests before were
  answered; latency counts from the moment a request was due. Somebody is signed in.
* the public overview at 16 connections, closed loop: as many requests as are answered, whole and revalidated.
* from the command to the first page.
"""

import asyncio
import http.client
import os
import random
import socket
import subprocess
import sys
import threading
import time

SERVERS = int(os.environ.get("BENCH_WORKERS", "2"))
Found = list[tuple[float, int, int]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answer(port: int, path: str, headers: dict[str, str], due: float, found: Found) -> None:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        link.request("GET", path, headers=headers)
        response = link.getresponse()
        size = len(response.read())
        found.append((time.perf_counter() - due, response.status, size))
    except OSError:
        found.append((30.0, 0, 0))
    finally:
        link.close()


def load(port: int, rate: float, seconds: float, headers: dict[str, str], paths: list[str]) -> Found:
    """Latency from the moment each request was due, its status, and its size."""
    found: Found = []
    threads = []
    begun = time.perf_counter()
    for number in range(int(rate * seconds)):
        due = begun + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        path = paths[number % len(paths)]
        threads.append(threading.Thread(target=answer, args=(port, path, headers, due, found)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return found


async def _one(port: int, request: bytes, until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    done = 0
    while time.perf_counter() < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        low = head.lower()
        if b" 200 " in head[:15]:
            length = int(low.split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
        elif b" 304 " not in head[:15]:
            raise SystemExit(f"unexpected answer: {head[:200]!r}")
        done += 1
    writer.close()
    return done


async def _many(port: int, request: bytes, connections: int, seconds: float) -> float:
    until = time.perf_counter() + seconds
    done = await asyncio.gather(*(_one(port, request, until) for _ in range(connections)))
    return sum(done) / seconds


def closed(port: int, path: str, headers: dict[str, str], seconds: float, connections: int = 16) -> float:
    """Requests answered per second."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept-Encoding: gzip"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return asyncio.run(_many(port, ("\r\n".join(lines) + "\r\n\r\n").encode(), connections, seconds))


def etag(port: int, path: str) -> str:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    link.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = link.getresponse()
    response.read()
    if response.status != 200:
        raise SystemExit(f"{path}: {response.status} (has estime.toml public_overview = true?)")
    return response.headers["ETag"]


def prepared() -> tuple[dict[str, str], list[str], list[str]]:
    """A session of an administrator; addresses of the acts page; addresses of people."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estime.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connection

    from estime.people.models import User
    from estime.web.sealed import seal

    user = User.objects.filter(email="bench@estime.example").first()
    user = user or User.objects.create_superuser("bench@estime.example", name="Bench", language="en")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(seq), max(seq) FROM ledger_act")
        first, last = cursor.fetchone()
        drawn = random.Random(1)
        people = []
        for _ in range(2_000):  # whoever did a random act: the busy come often, most of the others once
            cursor.execute("SELECT actor_id FROM ledger_act WHERE seq = %s", [drawn.randint(first, last)])
            row = cursor.fetchone()
            people += [row[0]] if row else []
        cursor.execute("SELECT name FROM ledger_channel ORDER BY name")
        channels = [name for (name,) in cursor.fetchall()]
    connection.close()
    filters = [
        "",
        "?type=Create",
        "?type=Flag",
        "?type=Vote",
        "?active=1&without_likes=1",
        "?since=2023-05-01&until=2023-05-07",
    ]
    filters += [f"?channel={name}" for name in channels[:4]]
    filters += [
        f"?channel={channels[0]}&type=Like",
        f"?account={people[0]}",
        f"?account={people[1]}&type=Create",
    ]
    words = ["seulement", "introuvable", "bai", "dié pa", "sentence", "product better", '"could be better"']
    filters += [f"?text={seal(word)}" for word in words]
    filters += [f"?text={seal('seulement')}&channel={name}" for name in channels[-2:]]
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}
    return cookie, [f"/en/acts/{told}" for told in filters], [f"/en/people/{key}/" for key in people]


def told(name: str, found: Found, good: tuple[int, ...] = (200,)) -> dict[str, float]:
    times = sorted(latency for latency, _, _ in found)
    row = {
        "p50": times[len(times) // 2] * 1000,
        "p99": times[int(len(times) * 0.99)] * 1000,
        "max": times[-1] * 1000,
        "failed": sum(status not in good for _, status, _ in found),
        "kB": max(size for _, _, size in found) / 1024,
    }
    print(f"{name:12s} " + ", ".join(f"{k} {v:.1f}" for k, v in row.items()), flush=True)
    return row


def serve(port: int) -> tuple["subprocess.Popen[bytes]", float]:
    """The server, and the seconds until it answered."""
    command = [
        sys.executable,
        "-m",
        "estime",
        "serve",
        "--port",
        str(port),
        "--no-work",
        "--workers",
        str(SERVERS),
    ]
    begun = time.perf_counter()
    server = subprocess.Popen(command, env=os.environ, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    for _ in range(3000):
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            link.request("GET", "/en/definitions/")
            link.getresponse().read()
            break
        except OSError:
            time.sleep(0.01)
        finally:
            link.close()
    return server, time.perf_counter() - begun


def main(rate: float = 40.0, seconds: float = 30.0) -> None:
    cookie, acts, people = prepared()
    port = free_port()
    server, start = serve(port)
    print(f"first answer after {start:.2f} s; {SERVERS} server processes, {rate:.0f} requests/s")
    try:
        pages = {
            "overview": ["/fr/overview/", "/en/overview/"],
            "to keep": ["/en/to-keep/"],
            "acts": acts,
            "person": people,
        }
        for name, paths in pages.items():
            load(port, 20, 5, cookie, paths[::-1])
            told(name, load(port, rate, seconds, cookie, paths))
        for path in ("/en/all/", "/en/definitions/"):
            known = etag(port, path)
            whole = closed(port, path, {}, 8)
            again = closed(port, path, {"If-None-Match": known}, 8)
            print(f"public {path}: {whole:.0f} requests/s whole, {again:.0f} revalidated, at 16 connections")
    finally:
        server.terminate()
        server.wait(30)


if __name__ == "__main__":
    main(*(float(word) for word in sys.argv[1:]))
