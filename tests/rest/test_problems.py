"""Protects refusals: each is a problem with a code that is explained, whatever refuses; and limits that hold."""

import json
import re
from pathlib import Path

import pytest
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.test import Client
from rest.conftest import ACT

from estime.rest import limits
from estime.rest.endpoints import about
from estime.rest.limits import Allowances, Limit

DOCS = Path(__file__).resolve().parents[2] / "docs"


def problem(answer) -> dict:
    assert answer["Content-Type"] == "application/problem+json"
    told = json.loads(answer.content)
    assert told["status"] == answer.status_code
    assert told["type"] == f"/errors#{told['code']}"
    assert f"`{told['code']}`" in (DOCS / "errors.md").read_text(), told["code"]
    assert told["title"]
    assert told["detail"]
    assert told["todo"]
    assert told["request_id"] == answer["X-Request-ID"]
    return told


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/api/v1/nothing", 404, "not-found"),
        ("get", "/api/v2/acts", 404, "not-found"),
        ("get", "/v1/nothing", 404, "not-found"),
        ("get", "/api/v1/acts/", 404, "not-found"),
        ("get", "/api/v1/acts/7", 404, "not-found"),
        ("delete", "/api/v1/acts", 405, "method-not-allowed"),
        ("options", "/api/v1/me", 405, "method-not-allowed"),
        ("post", "/api/v1/me", 405, "method-not-allowed"),
        ("get", "/v1/track", 405, "method-not-allowed"),
        ("get", "/api/v1/acts?limit=0", 422, "invalid"),
        ("get", "/api/v1/acts?limit=501", 422, "invalid"),
        ("get", "/api/v1/acts?since=yesterday", 422, "invalid"),
        ("get", "/api/v1/acts?channel=%00", 422, "invalid"),
        ("get", "/api/v1/acts?order=up", 422, "invalid"),
        ("get", "/api/v1/readouts/nowhere", 404, "not-found"),
    ],
)
def test_every_refusal_is_a_problem(asking, method, path, status, code):
    answer = getattr(asking().client, method)(path)
    assert answer.status_code == status
    if status != 200:
        assert problem(answer)["code"] == code
    if status == 405:
        assert answer["Allow"]


def test_no_token_and_a_wrong_one(db, asking):
    bare = Client().get("/api/v1/me")
    assert problem(bare)["code"] == "token-missing"
    assert bare["WWW-Authenticate"].startswith("Bearer")
    secret = asking().secret
    for shown in (secret[:-1] + ("a" if secret[-1] != "a" else "b"), "est_", "é", "x" * 5000):
        wrong = Client(headers={"authorization": f"Bearer {shown}"}).get("/api/v1/me")
        assert problem(wrong)["code"] == "token-unknown"
        assert "invalid_token" in wrong["WWW-Authenticate"]
    for scheme in ("Basic", "Token", ""):
        assert Client(headers={"authorization": f"{scheme} {secret}"}).get("/api/v1/me").status_code == 401


def test_a_strange_host_gets_a_problem_too(db):
    answer = Client(SERVER_NAME="evil.example").get("/api/v1/me")
    assert problem(answer)["code"] == "bad-request"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (OperationalError("database is locked"), 503, "not-now"),
        (RuntimeError("marie"), 500, "went-wrong"),
        (RequestDataTooBig(), 413, "body-too-large"),
    ],
)
def test_what_goes_wrong_here_tells_nothing_of_itself(asking, monkeypatch, error, status, code):
    def broken() -> None:
        raise error

    monkeypatch.setattr(about.ledger, "channels", broken)
    program = asking()
    program.client.raise_request_exception = False
    answer = program.get("/channels")
    assert answer.status_code == status
    assert problem(answer)["code"] == code
    assert "marie" not in answer.content.decode()
    assert ("Retry-After" in answer) == (status == 503)


def test_head_is_get_without_a_body(asking):
    program = asking()
    whole = program.get("/me")
    head = program.client.head("/api/v1/me")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == str(len(whole.content))
    assert head["ETag"] == whole["ETag"]


def test_no_other_site_may_ask(asking):
    answer = asking().get("/me", headers={"origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    assert "Set-Cookie" not in answer
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")


def told_limits(folder: Path, **numbers: int) -> None:
    (folder / "estime.toml").write_text("[rest]\n" + "".join(f"{k} = {v}\n" for k, v in numbers.items()))


def test_a_token_may_ask_so_often(asking, folder):
    told_limits(folder, reads_per_minute=3, writes_per_minute=2)
    program, other = asking(), asking()
    answers = [program.get("/me") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [re.findall(r"r=(\d+)", answer["RateLimit"])[0] for answer in answers] == ["2", "1", "0", "0"]
    assert answers[0]["RateLimit-Policy"] == '"reads";q=3;w=60'
    assert problem(answers[3])["code"] == "too-many-requests"
    assert 1 <= int(answers[3]["Retry-After"]) <= 20
    assert other.get("/me").status_code == 200
    assert [program.send([ACT]).status_code for _ in range(3)] == [200, 200, 429]


def test_an_address_that_guesses_is_not_listened_to(asking, folder):
    told_limits(folder, failures_per_minute=3)
    program = asking()
    wrong = Client(headers={"authorization": "Bearer est_guess"})
    assert [wrong.get("/api/v1/me").status_code for _ in range(5)] == [401, 401, 401, 429, 429]
    assert program.get("/me").status_code == 429, "from this address, even a right token has to wait"
    assert program.get("/me", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_an_allowance_fills_up_again(folder):
    folder.mkdir(exist_ok=True)
    one, other = Allowances(), Allowances()  # as two processes: they share the file
    limit = Limit("reads", 60)
    taken = [(one if n % 2 else other).take(limit, "k", now=1000.0) for n in range(61)]
    assert [t.wait for t in taken[:60]] == [0.0] * 60
    assert [t.left for t in taken[:60]] == list(range(59, -1, -1))
    assert 0 < taken[60].wait <= 1
    assert one.take(limit, "k", now=1001.01).wait == 0
    assert other.take(limit, "k", now=1001.02).wait > 0
    assert one.take(limit, "else", now=1001.02).left == 59
    assert one.take(limit, "k", now=1100.0).left == 59


def test_without_the_file_nobody_is_refused(folder, monkeypatch):
    monkeypatch.setattr(limits, "home", lambda: folder / "nowhere")
    assert Allowances().take(Limit("reads", 1), "k").wait == 0
    assert Allowances().spent(Limit("reads", 1), "k") == 0
