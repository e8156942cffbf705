"""No log line holds what somebody said: not by a sentence, an argument, an error's message or a foreign library."""

import ast
import json
import logging
import re
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse
from django.test import RequestFactory

import estime
from estime.config.logs import JsonLines, PlainLines, log_uncaught, logging_config
from estime.config.middleware import RequestMiddleware

CANARY = "marie.curie@example.org"
SOURCE = Path(estime.__path__[0])


def failing(text: str) -> BaseException:
    try:
        try:
            raise KeyError(text)
        except KeyError as error:
            raise ValueError(f"{text} is not here") from error
    except ValueError as error:
        return error


def record(name: str, message: object, *args: object, error: BaseException | None = None, **extra: object):
    told = None if error is None else (type(error), error, error.__traceback__)
    made = logging.LogRecord(name, logging.WARNING, __file__, 1, message, args, told)
    made.__dict__.update(extra)
    return made


FOREIGN = [
    record("django.request", "%s: %s", "Not Found", f"/person/{CANARY}", request=CANARY),
    record("django.security.DisallowedHost", f"Invalid HTTP_HOST header: '{CANARY}'."),
    record("django.security.csrf", "Forbidden (%s): %s", "no cookie", f"/{CANARY}"),
    record("allauth", f"unknown login {CANARY}"),
    record("any.library", "sent to %s", CANARY),
    record("any.library", ValueError(CANARY)),
    record("py.warnings", f"{CANARY} is deprecated"),
    record("estime.web", "%s wrote", CANARY),
    record("estime.web", "it failed", error=failing(CANARY)),
    record("estime.web", ValueError(CANARY)),
    record("estime.web", "it failed", fields=CANARY),
]


@pytest.mark.parametrize("formatter", [JsonLines(), PlainLines()], ids=["json", "plain"])
@pytest.mark.parametrize("told", FOREIGN, ids=lambda told: f"{told.name}: {str(told.msg)[:20]}")
def test_no_value_reaches_a_line(told, formatter):
    assert CANARY not in formatter.format(told)


def test_a_line_says_what_happened_and_where():
    line = json.loads(
        JsonLines().format(record("estime.web", "it failed", error=failing("x"), fields={"n": 3}))
    )
    assert (line["event"], line["n"], line["level"], line["logger"]) == (
        "it failed",
        3,
        "warning",
        "estime.web",
    )
    assert line["error"]["type"] == "ValueError"
    assert re.fullmatch(r".*test_logs\.py:\d+ failing", line["error"]["frames"][-1])
    assert re.fullmatch(r"KeyError at .*test_logs\.py:\d+ failing", line["error"]["after"][0])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["at"])


def test_one_line_is_one_line():
    told = record("estime.web", "two\nlines", fields={"a": "b\nc"})
    assert "\n" not in JsonLines().format(told)


def test_nothing_uncaught_prints_its_message(monkeypatch, capsys):
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    written = []
    handler = logging.Handler()
    handler.emit = lambda told: written.append(JsonLines().format(told))
    logging.getLogger("estime").addHandler(handler)
    try:
        log_uncaught()
        sys.excepthook(ValueError, failing(CANARY), None)
        thread = threading.Thread(target=lambda: failing(CANARY) and [][1])
        thread.start()
        thread.join()
    finally:
        logging.getLogger("estime").removeHandler(handler)
    assert [json.loads(line)["error"]["type"] for line in written] == ["ValueError", "IndexError"]
    assert CANARY not in "".join(written) + capsys.readouterr().err


def test_commands_that_end_are_quiet_and_servers_are_not():
    assert logging_config("")["loggers"]["estime"]["level"] == "WARNING"


LOGGING_CALL = {"debug", "info", "warning", "error", "critical", "exception"}


def test_our_own_sentences_are_constant():
    """A sentence that is put together (an f-string, a %, a +) would carry values into the log."""
    wrong = []
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = getattr(node.func.value, "id", "")
            if node.func.attr in LOGGING_CALL and re.fullmatch(r"_?LOG|_?log|_?logger|logging", owner):
                words = node.args[0] if node.args else None
                constant = isinstance(words, ast.Constant)
                wrong += [] if constant else [f"{file.relative_to(SOURCE)}:{node.lineno}"]
    assert wrong == []


# The line of a request.


@pytest.fixture
def lines():
    told = []
    handler = logging.Handler()
    handler.emit = lambda line: told.append(json.loads(JsonLines().format(line)))
    logger = logging.getLogger("estime.requests")
    before = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    yield told
    logger.removeHandler(handler)
    logger.setLevel(before)


def answer(request, status=200, **match):
    def respond(asked):
        if match:
            asked.resolver_match = SimpleNamespace(**match)
        return HttpResponse(status=status)

    return RequestMiddleware(respond)(request)


def test_a_request_is_one_line_without_path_or_query(lines):
    request = RequestFactory().get(f"/en/person/{CANARY}/?q={CANARY}", headers={"user-agent": CANARY})
    request._cached_user = AnonymousUser()
    answer(request, 200, view_name="person", route="en/person/<int:key>/")
    (line,) = lines
    assert {name: line[name] for name in ("method", "view", "route", "status", "role")} == {
        "method": "GET", "view": "person", "route": "en/person/<int:key>/", "status": 200, "role": "",
    }  # fmt: skip
    assert line["ms"] >= 0
    assert CANARY not in json.dumps(line)
    assert "127.0.0.1" not in json.dumps(line)


def test_the_role_of_whoever_asked(lines):
    request = RequestFactory().get("/")
    request._cached_user = SimpleNamespace(role="lead", email=CANARY)
    answer(request, view_name="front", route="")
    assert lines[0]["role"] == "lead"


@pytest.mark.parametrize("method", ["BREW", CANARY])
def test_a_method_of_ones_own_is_not_repeated(lines, method):
    answer(RequestFactory().generic(method, "/"))
    assert lines[0]["method"] == "OTHER"


WELL_FORMED = ["0123456789abcdef0123456789abcdef", "0198c5f0-1234-7abc-8def-0123456789AB"]


@pytest.mark.parametrize("given", WELL_FORMED)
def test_an_id_that_a_proxy_made_is_kept(lines, given):
    response = answer(RequestFactory().get("/", headers={"x-request-id": given}))
    assert response["X-Request-ID"] == given.lower() == lines[0]["request"]


@pytest.mark.parametrize("given", ["", CANARY, "a" * 31, "a" * 33, WELL_FORMED[0] + "\n", "x" * 32, "é" * 32])
def test_any_other_id_is_replaced(lines, given):
    request = RequestFactory().get("/")
    request.META["HTTP_X_REQUEST_ID"] = given
    made = answer(request)["X-Request-ID"]
    assert made != given
    assert re.fullmatch(r"[0-9a-f]{32}", made)


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused_without_being_named(client, caplog):
    caplog.handler.setFormatter(JsonLines())
    response = client.get("/en/definitions/", HTTP_HOST=f"{CANARY}.example.org")
    assert response.status_code == 400
    assert any(told.name == f"django.security.{DisallowedHost.__name__}" for told in caplog.records)
    assert CANARY not in caplog.text
