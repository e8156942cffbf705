"""An installation of its own, really served: two processes, on SQLite."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from processes import run_estime

ROOT = "root@example.org"


class Served(NamedTuple):
    home: Path
    address: str
    process: subprocess.Popen[bytes]

    def token(self, *words: str) -> str:
        owner = ("--owner", ROOT)  # a page of the docs makes others who might be meant
        made = run_estime(
            "token", "make", "--name", "test", "--json", *owner, *words, home=self.home, database=""
        )
        return str(json.loads(made.stdout)["secret"])

    def workers(self) -> list[int]:
        """The server's processes, the oldest first."""
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=True
        )
        return sorted(int(line) for line in listed.stdout.split())

    def stored(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.home / "estime.sqlite3", timeout=10)) as link:
            return link.execute(query, values).fetchall()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(home: Path) -> Iterator[Served]:
    """With one administrator, until the block ends."""
    run_estime("init", home=home, database="")
    (home / "estime.toml").write_text("[rest]\nwrites_per_minute = 0\n")
    environment = {**os.environ, "ESTIME_HOME": str(home), "DJANGO_SETTINGS_MODULE": "estime.config.settings"}
    environment.pop("ESTIME_DATABASE_URL", None)
    code = (
        "import django; django.setup(); from estime.people.models import User;"
        "User.objects.filter(role='administrator').exists() or"
        f" User.objects.create_user('{ROOT}', role='administrator')"
    )
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=60)
    environment.pop("DJANGO_SETTINGS_MODULE")
    port = free_port()
    command = [sys.executable, "-m", "estime", "serve", "--port", str(port), "--workers", "2", "--no-work"]
    with (home / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                assert process.poll() is None, (home / "serve.log").read_text()
                time.sleep(0.1)
        yield Served(home, f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(30)
