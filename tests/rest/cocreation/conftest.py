"""Fixtures for co-creation over REST: a place with people, and programs with their tokens."""

from collections.abc import Callable
from typing import Any

import pytest
from cocreation.places import Place, place_made
from django.http import HttpResponse
from django.test import Client

from estime.cocreation.api import Member
from estime.people.tokens import SCOPES, token_make

EVERYTHING = tuple(scope for scope in SCOPES if scope.startswith(("spaces:", "votes:", "me:")))


class Program:
    """A program with somebody’s token; with none, a stranger."""

    def __init__(self, member: Member | None, *scopes: str, channel: str = "") -> None:
        headers = {}
        if member is not None and member.user is not None:
            wanted = scopes or [scope for scope in EVERYTHING if member.user.may(SCOPES[scope])]
            _token, secret = token_make(member.user, "test", wanted, channel=channel)
            headers = {"authorization": f"Bearer {secret}"}
        self.client = Client(headers=headers or None)

    def get(self, path: str, **options: Any) -> HttpResponse:
        return self.client.get(f"/api/v1{path}", **options)

    def send(self, method: str, path: str, told: Any = None, **options: Any) -> HttpResponse:
        """With a body where there is one."""
        body = {} if told is None else {"data": told, "content_type": "application/json"}
        return getattr(self.client, method)(f"/api/v1{path}", **body, **options)

    def post(self, path: str, told: Any = None, **options: Any) -> HttpResponse:
        return self.send("post", path, told, **options)

    def put(self, path: str, told: Any = None, **options: Any) -> HttpResponse:
        return self.send("put", path, told, **options)

    def delete(self, path: str, **options: Any) -> HttpResponse:
        return self.send("delete", path, **options)


@pytest.fixture
def place(db: None) -> Callable[..., Place]:
    return place_made


@pytest.fixture
def program() -> Callable[..., Program]:
    return Program
