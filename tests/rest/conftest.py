"""Fixtures of the API's tests: an installation's folder, tokens, and a client that shows one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from readouts import told
from web.stored import store

from estime.people.models import User
from estime.people.tokens import SCOPES, token_make

ACT = {
    "id": "post/41",
    "type": "Create",
    "actor": "marie",
    "published": "2026-03-01T18:30:00+01:00",
    "object": {"id": "post/41", "type": "Note", "content": "The cap leaks."},
}


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, _home: Path) -> Path:
    """The installation's folder."""
    settings.ALLOWED_HOSTS = ["testserver"]
    _home.mkdir(mode=0o700, exist_ok=True)
    (_home / "secret").write_text("5e" * 32)
    return _home


@pytest.fixture
def stored(db: None) -> None:
    """Figures of one community, and of all channels."""
    store((told.scope("*", ""), told.community()), (told.scope(), told.community()), draw=False)


def person(role: str = "administrator", email: str = "") -> User:
    found, _made = User.objects.get_or_create(email=email or f"{role}@example.org", defaults={"role": role})
    return found


class Asking:
    """A program with a token."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.client = Client(headers={"authorization": f"Bearer {secret}"} if secret else None)

    def get(self, path: str, **options: Any) -> HttpResponse:
        return self.client.get(f"/api/v1{path}", **options)

    def send(self, acts: object, query: str = "?channel=forum", **options: Any) -> HttpResponse:
        body = acts if isinstance(acts, bytes) else json.dumps(acts)
        told = {"content_type": "application/json", **options}
        return self.client.post(f"/api/v1/acts{query}", body, **told)


@pytest.fixture
def asking(db: None) -> Callable[..., Asking]:
    """Make a program: `asking("acts:read", role="analyst", channel="forum")`; without scopes it has all."""

    def make(*scopes: str, role: str = "administrator", channel: str = "") -> Asking:
        owner = person(role)
        allowed = [scope for scope, need in SCOPES.items() if owner.may(need)]
        _token, secret = token_make(owner, "test", scopes or allowed, channel=channel)
        return Asking(secret)

    return make
