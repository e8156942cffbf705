"""Health, readiness and metrics: what machines ask, and who may."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from jobs.kinds import JOBS
from prometheus_client.parser import text_string_to_metric_families

from estime.config import health, metrics
from estime.config.metrics_installation import COUNTERS, GAUGES
from estime.config.middleware import RequestMiddleware
from estime.jobs import api as jobs
from estime.jobs.actions.claim import claim
from estime.jobs.holders import new_holder
from estime.jobs.runner import run
from estime.ledger import api as ledger

DOCS = Path(__file__).resolve().parents[2] / "docs"
NAMES = {
    "estime_requests_total", "estime_request_seconds", *GAUGES, *(f"{name}_total" for name in COUNTERS),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _look_again():
    health.forget()
    yield
    health.forget()


@pytest.fixture
def nothing_answers(monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise DatabaseError("the server at db.example.org does not answer")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", refuse)


def test_health_asks_nothing(client, nothing_answers):
    answer = client.get("/health", HTTP_HOST="10.0.0.7:8000")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert client.head("/health").status_code == 200
    assert client.post("/health").status_code == 405


def test_ready(installed):
    client = Client()
    answer = client.get("/ready", HTTP_HOST="10.0.0.7:8000")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "problems": []})
    assert client.head("/ready").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")
    assert client.get("/ready").status_code == 200  # kept for some seconds
    health.forget()
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()["problems"]) == (503, ["not-up-to-date"])


def test_ready_looks_for_the_guards(installed):
    table = " ON ledger_act" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER ledger_act_no_update{table}")
    answer = Client().get("/ready")
    assert (answer.status_code, answer.json()["problems"]) == (503, ["guards-missing"])


def test_a_database_that_is_away_is_a_code_and_no_address(client, nothing_answers):
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "problems": ["no-database"]})


def test_many_probes_are_one_look(db, client, monkeypatch):
    looks = []
    monkeypatch.setattr(ledger, "missing_guards", lambda: looks.append(1) or set())
    for _ in range(20):
        client.get("/ready")
    assert len(looks) == 1


# Metrics.


def told(client, **headers: str) -> str:
    answer = client.get("/metrics", HTTP_HOST="127.0.0.1:8000", **headers)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def value(text: str, name: str) -> float:
    return float(re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)[1])


def test_jobs_and_acts_are_told_from_the_database(installed, settings):
    settings.ESTIME_JOBS = JOBS
    jobs.enqueue("well", {})
    holder = str(new_holder())
    run(claim(holder).pk, holder)
    jobs.enqueue("well", {})
    text = told(Client())
    assert value(text, 'estime_jobs{status="done"}') == value(text, 'estime_jobs{status="waiting"}') == 1
    assert value(text, 'estime_job_runs_total{kind="well",outcome="done"}') == 1
    assert value(text, 'estime_job_run_seconds_total{kind="well",outcome="done"}') > 0
    assert value(text, "estime_jobs_due") == value(text, "estime_database_up") == 1
    assert value(text, "estime_acts_appended_total") == 0
    assert value(text, "estime_database_bytes") > 10_000
    assert f'database="{connection.vendor}"' in text


def test_without_a_database_metrics_say_so(client, nothing_answers):
    text = told(client)
    assert value(text, "estime_database_up") == 0
    assert "estime_jobs" not in text


def test_requests_are_counted_by_view_and_never_by_path(db, client):
    client.get("/nothing/marie@example.org")
    client.get("/en/definitions/")
    text = told(client)
    assert "marie" not in text
    assert value(text, 'estime_requests_total{method="GET",status="2xx",view="definitions"}') >= 1
    assert value(text, 'estime_requests_total{method="GET",status="4xx",view="none"}') >= 1
    assert value(text, 'estime_request_seconds_count{view="definitions"}') >= 1


HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000"}


@pytest.mark.parametrize(
    ("change", "may"),
    [
        ({}, True),
        ({"REMOTE_ADDR": "::1", "HTTP_HOST": "[::1]:8000"}, True),
        ({"HTTP_HOST": "localhost"}, True),
        ({"REMOTE_ADDR": "10.0.0.9"}, False),
        ({"REMOTE_ADDR": ""}, False),
        ({"HTTP_HOST": "estime.example.org"}, False),
        ({"HTTP_HOST": ""}, False),
        ({"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, False),
        ({"HTTP_FORWARDED": "for=203.0.113.9"}, False),
        ({"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer s3cret"}, True),
        ({"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer é"}, False),
        ({"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer "}, False),
    ],
    ids=str,
)
def test_who_may_see_metrics(settings, change, may):
    settings.ESTIME_METRICS_TOKEN = "s3cret"
    assert metrics.may_see(RequestFactory().get("/metrics", **(HERE | change))) is may


def test_no_token_is_no_key(settings):
    settings.ESTIME_METRICS_TOKEN = ""
    request = RequestFactory().get(
        "/metrics", **HERE | {"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer "}
    )
    assert not metrics.may_see(request)


def test_in_production_only_the_token_opens(settings, client):
    """There a proxy on this machine asks for everybody."""
    settings.POSTURE = type("Posture", (), {"production": True})
    assert not metrics.may_see(RequestFactory().get("/metrics", **HERE))
    answer = client.get("/metrics", **HERE)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_every_metric_is_documented_and_none_is_gone():
    rows = re.findall(r"^\| `(estime_\w+)`", (DOCS / "monitoring.md").read_text(), re.MULTILINE)
    assert sorted(rows) == sorted(NAMES)


def test_processes_count_together(tmp_path):
    """As the server's processes do: each into the same folder, each telling of all."""
    program = (
        "import os, django; django.setup()\n"
        "from estime.config.metrics import count_request, exposition\n"
        "count_request('front', 'GET', 200, 0.01)\n"
        "print(exposition().decode())"
    )
    env = {
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "estime.config.settings",
        "ESTIME_HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path),
    }  # fmt: skip
    texts = [
        subprocess.run(
            [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    ]
    counted = [value(text, 'estime_requests_total{method="GET",status="2xx",view="front"}') for text in texts]
    assert counted == [1, 2]


def test_what_surrounds_a_request_costs_little():
    """A bound far above what it costs (docs/monitoring.md), for busy machines: it must never come to ask anybody."""
    surrounded = RequestMiddleware(lambda request: HttpResponse())
    request = RequestFactory().get("/")
    began = time.process_time()
    for _ in range(1000):
        surrounded(request)
    assert time.process_time() - began < 1


def test_prometheus_itself_reads_every_line(client, db):
    """By its own parser: one family once, with its type and help; no sample twice; histograms that add up."""
    client.get("/en/")
    families = list(text_string_to_metric_families(told(client)))
    names = [family.name for family in families]
    assert len(names) == len(set(names)) > 8
    for family in families:
        assert family.documentation, family.name
        assert family.type in ("counter", "gauge", "histogram"), family.name
        samples = [(sample.name, tuple(sorted(sample.labels.items()))) for sample in family.samples]
        assert len(samples) == len(set(samples)), family.name
        if family.type == "histogram":
            check_histogram(family)


def check_histogram(family) -> None:
    """Buckets rise up to +Inf, which is the count."""
    buckets: dict[str, list[tuple[float, float]]] = {}
    counts = {}
    for sample in family.samples:
        view = sample.labels.get("view", "")
        if sample.name.endswith("_bucket"):
            buckets.setdefault(view, []).append((float(sample.labels["le"]), sample.value))
        elif sample.name.endswith("_count"):
            counts[view] = sample.value
    for view, found in buckets.items():
        assert [n for _, n in sorted(found)] == sorted(n for _, n in found)
        assert max(found) == (float("inf"), counts[view])
