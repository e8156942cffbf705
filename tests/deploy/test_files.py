"""What must hold of the files in deploy/, wherever they are run."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from processes import ROOT, need

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("prepare", "web", "worker")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def test_no_registry_and_no_password_is_named():
    for path in DEPLOY.rglob("*"):
        if path.is_file():
            text = path.read_text()
            assert not re.search(r"(docker|quay|ghcr|gcr)\.(io|com)", text), path
            assert not re.search(r"(PASSWORD|PGPASSWORD)\s*[:=]\s*\S", text.replace("THE-PASSWORD", "")), path


@pytest.mark.parametrize("name", OURS)
def test_our_containers_may_do_little(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    (subnet,) = COMPOSE["networks"]["outside"]["ipam"]["config"]
    assert service["environment"] == {
        "ESTIME_DATABASE_URL_FILE": "/run/secrets/database-url",
        "ESTIME_PROXY": subnet["subnet"],
    }
    assert "privileged" not in service
    assert [volume.split(":")[1] for volume in service["volumes"]] == ["/var/lib/estime"]


def test_pages_and_worker_begin_when_the_database_is_up_to_date():
    assert SERVICES["prepare"]["command"][:2] == ["init", "--no-input"]
    assert SERVICES["prepare"]["depends_on"]["database"]["condition"] == "service_healthy"
    for name in ("web", "worker"):
        assert SERVICES[name]["depends_on"]["prepare"]["condition"] == "service_completed_successfully"
    assert SERVICES["database"]["image"] == "postgres:16"
    assert "--no-work" in SERVICES["web"]["command"]
    assert SERVICES["worker"]["command"] == ["work"]


def test_nobody_but_the_proxy_reaches_anything():
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"web"}
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["web"]["ports"])
    assert SERVICES["database"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_secrets_are_files():
    assert SERVICES["database"]["environment"]["POSTGRES_PASSWORD_FILE"].startswith("/run/secrets/")
    for secret in COMPOSE["secrets"].values():
        assert secret["file"].startswith("./secrets/")


def test_what_services_run_are_commands_of_ours():
    from typer.main import get_command

    from estime.cli.main import app

    commands = get_command(app).commands
    for name in OURS:
        first, *options = SERVICES[name]["command"]
        known = {
            option for param in commands[first].params for option in (*param.opts, *param.secondary_opts)
        }
        assert {option for option in options if option.startswith("--")} <= known
    for unit in UNITS:
        words = read(unit)["Service"]["ExecStart"].split()
        known = {o for param in commands[words[1]].params for o in (*param.opts, *param.secondary_opts)}
        assert words[0] == "/opt/estime/bin/estime"
        assert {word for word in words if word.startswith("--")} <= known


def read(unit: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(unit)
    return parser


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_our_units_may_do_little(unit):
    service = read(unit)["Service"]
    assert service["User"] == "estime"
    for key, value in {
        "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
        "PrivateDevices": "yes", "CapabilityBoundingSet": "", "UMask": "0077", "StateDirectoryMode": "0700",
        "StateDirectory": "estime", "RestrictSUIDSGID": "yes",
    }.items():  # fmt: skip
        assert service[key] == value, key


def test_systemd_understands_the_units(tmp_path):
    """Whatever it would warn of is a mistake; that Estime is not installed in /opt here is none."""
    need(shutil.which("systemd-analyze") is not None, "tests of the units need systemd-analyze")
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text().replace("/opt/estime/bin/estime", "/bin/true")
        (tmp_path / path.name).write_text(text.replace("User=estime\nGroup=estime\n", ""))
    files = [str(path) for path in tmp_path.iterdir()]
    env = {**os.environ, "SYSTEMD_LOG_LEVEL": "warning"}
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    told = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "estime" in line]
    assert told == []


def test_the_image_is_what_is_locked_and_no_root():
    lines = (DEPLOY / "Containerfile").read_text().splitlines()
    froms = [line.split()[1] for line in lines if line.startswith("FROM")]
    assert froms == ["python:3.11-slim", "python:3.11-slim"]
    text = "\n".join(lines)
    assert "--require-hashes --no-deps -r requirements.txt" in text
    assert "USER 10001:10001" in text
    assert text.index("USER 10001") < text.index("ENTRYPOINT")
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        assert all((ROOT / name).exists() for name in source.split()), source


def test_the_healthcheck_needs_no_package_and_tells():
    done = subprocess.run(
        [sys.executable, "-I", "-S", DEPLOY / "healthcheck.py", "http://127.0.0.1:9/health"],
        capture_output=True, text=True, check=False, timeout=20,
    )  # fmt: skip
    assert done.returncode == 1
    assert "refused" in done.stderr


def test_proxies_let_through_what_a_page_takes_in():
    from django.conf import settings

    sizes = re.findall(r"client_max_body_size (\d+)m;", (DEPLOY / "proxy" / "nginx.conf").read_text())
    assert len(sizes) == 1
    assert int(sizes[0]) > settings.ESTIME_UPLOAD_MB  # nginx means MiB by m
    sizes = re.findall(r"max_size (\d+)MB", (DEPLOY / "proxy" / "Caddyfile").read_text())
    assert len(sizes) == 1
    assert int(sizes[0]) * 10**6 > (settings.ESTIME_UPLOAD_MB + 10) << 20  # and Caddy millions by MB
