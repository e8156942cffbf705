"""Protects the documentation of the API: it is OpenAPI 3.1, says everything, and the API does as it says."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from cocreation.places import place_made
from cocreation.writing import given as given_by
from cocreation.writing import said
from django.conf import LazySettings
from django.test import Client
from hypothesis import HealthCheck, Phase, assume, given, settings
from ninja import Schema
from rest.cocreation.needed import NEEDED as OF_COCREATION
from rest.cocreation.saying import KEY, Saying
from rest.conftest import ACT, person
from rest.test_permissions import NEEDED
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from estime.config.wsgi import application
from estime.people.tokens import SCOPES, token_make

METHODS = ("get", "post", "put", "patch", "delete")
PLAIN = (
    *("GET /api/v1/pictures/{key}/content", "GET /api/v1/files/{key}"),
    "GET /api/v1/challenges/{number}/data",
)
"""What is answered there is no JSON."""
UNLIMITED = "[rest]\n" + "".join(
    f"{what}_per_minute = 0\n" for what in ("reads", "writes", "failures", "strangers")
)


def schema() -> dict[str, Any]:
    return json.loads(Client().get("/api/v1/openapi.json").content)


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in schema()["paths"].items():
        for method in METHODS:
            if method in methods:
                yield f"{method.upper()} {path}", methods[method]


def test_it_is_openapi_3_1_and_complete():
    told = schema()
    assert told["openapi"].startswith("3.1")
    assert told["components"]["securitySchemes"]["Token"]["scheme"] == "bearer"
    tags = {tag["name"] for tag in told["tags"]}
    for name, operation in operations():
        assert operation["summary"], name
        assert operation["description"], name
        *open_to_all, security = operation["security"]
        key = tuple(name.replace("/api/v1", "").replace("act_id", "id").split())
        needed = {**NEEDED, **OF_COCREATION}[key]
        assert " ".join(security["Token"]) == needed.rstrip("*"), name
        assert open_to_all == ([{}] if needed.endswith("*") else []), name
        assert set(operation["tags"]) <= tags, name
        assert {"401", "422", "429", "500", "503"} <= set(operation["responses"]), name
        assert {"200", "201", "202"} & set(operation["responses"]), name
        assert ("304" in operation["responses"]) == name.startswith("GET"), name
        for parameter in operation["parameters"]:
            assert (
                parameter["in"] == "path" or parameter.get("description") or parameter["name"] == "limit"
            ), name
        conditional = [told for told in operation["parameters"] if told["name"] == "If-None-Match"]
        assert bool(conditional) == name.startswith("GET"), name
        for status, response in operation["responses"].items():
            headers = set(response["headers"])
            assert "X-Request-Id" in headers, (name, status)
            assert ("RateLimit" in headers) == (status in ("200", "201", "207", "304", "429")), (name, status)
            assert ("ETag" in headers) == (name.startswith("GET") and status in ("200", "304")), (
                name,
                status,
            )
            assert ("Retry-After" in headers) == (status in ("429", "503")), (name, status)
            kinds = set(response.get("content", ()))
            wanted = {"application/problem+json"} if int(status) >= 400 else {"application/json"}
            if name not in PLAIN or int(status) >= 400:
                assert kinds == (set() if status == "304" else wanted), (name, status)
        key_told = "Idempotency-Key" in [told["name"] for told in operation["parameters"]]
        assert key_told == (name.startswith("POST") and "201" in operation["responses"]), name


def test_no_two_shapes_have_one_name():
    """The schema knows them by their names alone: the second would take the place of the first."""
    known: dict[str, set[str]] = {}
    waiting = [Schema]
    while waiting:
        for one in waiting.pop().__subclasses__():
            waiting.append(one)
            if one.__module__.startswith("estime.rest"):
                known.setdefault(one.__name__, set()).add(one.__module__)
    assert {name: sorted(places) for name, places in known.items() if len(places) > 1} == {}


def test_the_examples_are_taken(asking):
    post = dict(operations())["POST /api/v1/acts"]
    for kind, body in post["requestBody"]["content"].items():
        for example in body["examples"].values():
            told = example["value"]
            sent = told.encode() if isinstance(told, str) else told
            answer = asking("acts:write").send(sent, content_type=kind)
            assert answer.status_code == 200, answer.content
            assert answer.json()["created"] + answer.json()["known"] == 2


def test_pages_load_nothing_from_elsewhere(db):
    assert Client().get("/api/v1/docs").status_code == 404  # ninja's own loads from a CDN


@pytest.mark.slow
@pytest.mark.usefixtures("stored")
def test_schemathesis_finds_nothing(settings: LazySettings, folder: Path):
    """Requests made from the schema, right and wrong ones: no 5xx, and every answer as the schema says."""
    settings.ALLOWED_HOSTS = ["*"]
    (folder / "estime.toml").write_text(UNLIMITED)
    _token, everything = token_make(person(), "reads", SCOPES)
    _token, writes = token_make(person(), "writes", ["acts:write"], channel="forum")
    client = Client(headers={"authorization": f"Bearer {writes}"})
    client.post("/api/v1/acts", json.dumps([ACT]), content_type="application/json")
    found = loaded()
    labels = []
    for result in found.get_all_operations():
        operation = result.ok()
        labels.append(operation.label)
        if of_cocreation(operation.label):
            continue
        # Which channel is meant is said by the token here: it cannot be said in a schema that one of two is needed.
        secret = writes if operation.label == "POST /api/v1/acts" else everything
        _try(operation, {"Authorization": f"Bearer {secret}"})
    assert sorted(labels) == sorted(name for name, _ in operations())


@cache
def loaded() -> Any:
    """It takes seconds to be made and read."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


def of_cocreation(label: str) -> bool:
    return tuple(label.replace("/api/v1", "").split()) in OF_COCREATION


@pytest.mark.slow
@pytest.mark.usefixtures("db")
def test_co_creation_answers_as_its_schema_says(settings: LazySettings, folder: Path):
    """Every operation, asked about things that are there, with right bodies and with each kind of wrong one: no 5xx,
    every answer as the schema says, and what is wrong is refused as such and not taken for something else.
    """
    settings.ALLOWED_HOSTS = ["*"]
    (folder / "estime.toml").write_text(UNLIMITED)
    here = place_made(power="decide")
    said(here, here.ben, given_by(here, here.anna))
    part = [scope for scope in SCOPES if scope.startswith(("spaces:r", "spaces:w", "spaces:l", "votes:"))]
    tokens = [token_make(here.alix.user, "all", SCOPES)[1], token_make(here.ben.user, "part", part)[1]]
    found = loaded()
    all_of_it = [each.ok() for each in found.get_all_operations()]
    operations = [each for each in all_of_it if of_cocreation(each.label)]
    saying, statuses, seen = Saying(found.raw_schema), Counter[int](), set[str]()
    for operation in sorted(operations, key=lambda each: each.method != "get"):
        for body, right in _bodies(saying, operation.definition.raw):
            for secret in tokens if right else tokens[:1]:
                case = operation.Case(path_parameters=THERE, **body)
                tried = [ignored_auth] if operation.label in seen else []  # once is enough
                seen.add(operation.label)
                headers = {"Authorization": f"Bearer {secret}"}
                answer = case.call_and_validate(headers=headers, excluded_checks=tried)
                statuses[answer.status_code] += 1
                assert right or answer.status_code in (400, 413, 422), (operation.label, body, answer.content)
    assert len(operations) == len(OF_COCREATION)
    assert statuses[200] > 60, "things are there: most is not refused as unknown"


THERE = {"number": 1, "slug": "bottles", "version": 1, "entry": 1, "option": 1, "objection": 1, "key": KEY}


def _bodies(saying: Saying, told: dict[str, Any]) -> Iterator[tuple[dict[str, Any], bool]]:
    shapes = told.get("requestBody", {}).get("content", {})
    if not shapes:
        yield {}, True
    for kind, shape in shapes.items():
        if kind == "application/json":
            for body, right in saying.bodies(shape["schema"]):
                yield {"body": body, "media_type": kind}, right
        else:
            yield {"body": saying.value(shape["schema"]), "media_type": kind}, True


def _try(operation: Any, headers: dict[str, str]) -> None:
    @settings(
        max_examples=12,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(operation.as_strategy())
    def hold(case: Any) -> None:
        query = case.query or {}
        assume(not (query.get("text") and query.get("order") == "ledger"))  # no schema can say this
        case.call_and_validate(headers=headers, excluded_checks=beyond)

    # Which channels a search may name, and that 7.0 is no number of an alert, no schema says (test_texts.py).
    own = operation.label.endswith(("/searches", "/searches/{number}", "/alerts/seen"))
    beyond = [positive_data_acceptance] if own else []
    hold()
