"""A production installation that is served, and a proxy with TLS in front of it, from the files in deploy/."""

import contextlib
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from processes import ROOT, need, run_estime

DEPLOY = ROOT / "deploy"
PASSWORD = "Un chemin vers la mer 7"
EMAIL = "ada@maison-gourde.fr"


class Served(NamedTuple):
    """A production server on this machine; `secure` is where the proxy will listen."""

    home: Path
    port: int
    plain: int
    secure: int
    certificate: Path
    key: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: "subprocess.Popen[str]", seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on {port}")


def ended(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    need(shutil.which("openssl") is not None, "tests of the proxies need openssl")
    folder = tmp_path_factory.mktemp("served")
    here = Served(
        folder / "home", free_port(), free_port(), free_port(), folder / "cert.pem", folder / "key.pem"
    )
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", here.key,
         "-out", here.certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    words = ("--mode", "production", "--address", f"https://localhost:{here.secure}", "--admin", EMAIL)
    told = run_estime("init", *words, "--generate-password", home=here.home, database="")
    password = told.stdout.strip()
    (here.home / "password").write_text(password)
    (here.home / "password").chmod(0o600)
    env = {
        **os.environ,
        "ESTIME_HOME": str(here.home),
        "ESTIME_PROXY": "1",
        "ESTIME_MAIL_URL": "smtp://127.0.0.1:9?tls=off",
    }
    for name in ("ESTIME_DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTHONDONTWRITEBYTECODE"):
        env.pop(name, None)
    process = subprocess.Popen(
        [sys.executable, "-m", "estime", "serve", "--port", str(here.port), "--no-work"],
        env=env, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        wait_for(here.port, process)
        yield here
    finally:
        ended(process)


@pytest.fixture(params=["nginx", "caddy"])
def proxied(request: pytest.FixtureRequest, served: Served, tmp_path: Path) -> Iterator[Served]:
    """The proxy, with our example but for name, ports and certificate."""
    name = request.param
    need(
        shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") is not None,
        f"tests of the proxies need {name}",
    )
    words = _nginx(served, tmp_path) if name == "nginx" else _caddy(served, tmp_path)
    env = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin", "HOME": str(tmp_path)}
    process = subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        wait_for(served.secure, process)
        wait_for(served.plain, process)
        yield served
    finally:
        ended(process)


def _nginx(served: Served, folder: Path) -> list[str]:
    text = (DEPLOY / "proxy" / "nginx.conf").read_text()
    for old, new in {
        "127.0.0.1:8000": f"127.0.0.1:{served.port}",
        "https://estime.example.org": f"https://localhost:{served.secure}",
        "estime.example.org": "localhost",
        "listen 80": f"listen 127.0.0.1:{served.plain}",
        "listen 443": f"listen 127.0.0.1:{served.secure}",
        "/etc/ssl/estime/fullchain.pem": str(served.certificate),
        "/etc/ssl/estime/privkey.pem": str(served.key),
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    text = "\n".join(line for line in text.splitlines() if "listen [::]" not in line)
    temp = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    head = f"daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;\n"
    (folder / "nginx.conf").write_text(f"{head}events {{}}\nhttp {{\n{temp}{text}\n}}\n")
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def _caddy(served: Served, folder: Path) -> list[str]:
    text = (DEPLOY / "proxy" / "Caddyfile").read_text()
    head = f"{{\n\tadmin off\n\thttp_port {served.plain}\n\thttps_port {served.secure}\n}}\n\n"
    assert "estime.example.org {" in text
    text = text.replace(
        "estime.example.org {", f"localhost:{served.secure} {{\n\ttls {served.certificate} {served.key}\n"
    )
    (folder / "Caddyfile").write_text(head + text.replace("127.0.0.1:8000", f"127.0.0.1:{served.port}"))
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


def trusting(served: Served) -> ssl.SSLContext:
    """TLS that knows the test's own certificate."""
    return ssl.create_default_context(cafile=str(served.certificate))
