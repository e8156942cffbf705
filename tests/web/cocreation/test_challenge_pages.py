"""Pages of spaces and challenges: who sees what, and a challenge written, opened, made longer and called off by forms."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

Factory = Callable[..., Any]
Browser = Callable[..., Client]

PUBLIC = (
    "/en/spaces/",
    "/en/spaces/bottles/",
    "/en/spaces/bottles/power/",
    *(f"/en/spaces/bottles/power/{what}/" for what in ("challenges", "members", "votes", "hidden", "questions", "contributions")),
    "/en/challenges/{pk}/",
    "/en/challenges/{pk}/deal/",
    "/en/challenges/{pk}/backstage/",
)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_everybody_reads_a_public_space(place: Factory, browser: Browser, lang: str) -> None:
    made = place("vote", "decide")
    for path in PUBLIC:
        shown = browser().get(path.format(pk=made.challenge.pk).replace("/en/", f"/{lang}/"))
        assert shown.status_code == 200, path
        assert b"You decide" in shown.content or path != PUBLIC[3], path


def test_x(place: Factory, browser: Browser) -> None:
    made = place("vote", "decide", opened=False)
    for step in ("question", "frame", "means", "calendar", "deal", "vote", "look"):
        shown = browser(made.lea).get(f"/en/challenges/{made.challenge.pk}/set-up/{step}/")
        assert shown.status_code == 200, step
