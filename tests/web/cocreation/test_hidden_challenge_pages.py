"""A hidden challenge on pages and over REST: its place says why; its words are its owner's and moderators' alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cocreation.places import Place
from cocreation.test_hidden_challenge import WHY, inside, opened_by_anna
from cocreation.writing import given, said
from django.conf import LazySettings
from django.test import Client

from estime.cocreation import api
from estime.kernel.home import make_home

MARK = "Zonk"
Browser = Callable[..., Client]


@pytest.fixture(autouse=True)
def at_home(settings: LazySettings, _home: Path) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    make_home()


def page(client: Client, path: str) -> tuple[int, str]:
    answer = client.get(path)
    return answer.status_code, answer.content.decode()


def test_reported_hidden_and_appealed_on_pages(place: Callable[..., Place], browser: Browser) -> None:
    made = place()
    own = opened_by_anna(made, f"{MARK} and company")
    url, about = f"/en/challenges/{own.pk}/", f"challenge/{own.pk}/"
    ben = browser(made.ben)
    assert f"/en/report/{about}" in page(ben, url)[1]
    assert "/en/report/" not in page(ben, f"/en/challenges/{made.challenge.pk}/")[1]  # the brand's own
    assert ben.post(f"/en/report/{about}", {"reason": "hateful"}).status_code == 302
    mo = browser(made.mo)
    assert MARK in page(mo, f"/en/moderation/look/{about}")[1]
    told = {"reason": WHY.reason, "words": WHY.words, "criticism": "yes"}
    assert mo.post(f"/en/moderation/hide/{about}", told).status_code == 302
    hiding = api.hiding_of(own)
    assert hiding is not None
    assert MARK in page(browser(made.anna), f"/en/hidden/{hiding.pk}/")[1]
    assert page(ben, f"/en/hidden/{hiding.pk}/")[0] == 404
    assert (
        browser(made.anna).post(f"/en/hidden/{hiding.pk}/appeal/", {"words": "It is not."}).status_code == 302
    )


def test_what_others_read_of_it(place: Callable[..., Place], browser: Browser) -> None:
    made = place()
    own = opened_by_anna(made, f"{MARK} and company")
    inside(made, own)
    idea = given(made, made.ben, f"A cork of {MARK}")
    comment = said(made, made.chloe, own, "I had one of these.")
    given_url, url = f"/en/ideas/{idea.pk}/", f"/en/challenges/{own.pk}/"
    hiding = api.hide(made.mo, own, WHY, when=made.at)
    for client in (browser(), browser(made.dani)):
        status, text = page(client, url)
        assert status == 200
        assert WHY.words in text
        assert MARK not in text
        assert comment.body in text
        for path in (given_url, f"/en/spaces/{made.space.slug}/", f"/en/spaces/{made.space.slug}/ideas/",
                     f"/en/spaces/{made.space.slug}/power/members/", f"/en/spaces/{made.space.slug}/hidden/",
                     f"/en/comments/{comment.pk}/"):  # fmt: skip
            status, text = page(client, path)
            assert (status, MARK in text) == (200, False), path
        for gone in ("ideas/", "votes/", "deal/", "backstage/", "decisions/", "outcomes/", "questions/ask/",
                     "widget/", "feed.xml", "card.png"):  # fmt: skip
            status, text = page(client, f"{url}{gone}")
            assert MARK not in text, gone
            assert status in (404, 302), (gone, status)
    assert MARK in page(browser(made.ben), given_url)[1]  # its author still reads it
    for who in (made.anna, made.mo):
        text = page(browser(who), url)[1]
        assert MARK in text
        assert WHY.words in text
    assert f"/en/hidden/{hiding.pk}/" in page(browser(made.anna), url)[1]
    assert MARK not in page(browser(made.chloe), "/en/me/contributions/")[1]


def test_over_rest(place: Callable[..., Place]) -> None:
    from rest.cocreation.conftest import Program

    made = place()
    own = opened_by_anna(made, f"{MARK} and company")
    inside(made, own)
    idea = given(made, made.ben, f"A cork of {MARK}")
    dani, mo, anna = Program(made.dani), Program(made.mo), Program(made.anna)
    about: dict[str, Any] = {"kind": "challenge", "id": str(own.pk)}
    assert dani.post("/reports", {**about, "reason": "hateful"}).status_code == 201
    assert mo.get("/moderation/reports").json()["things"][0]["kind"] == "challenge"
    told = {**about, "reason": WHY.reason, "words": WHY.words, "criticism": True}
    assert mo.post("/moderation/hidings", told).json()["kind"] == "challenge"
    why = {"reason": WHY.reason, "words": WHY.words, "name": "Mo Haddad"}
    seen = dani.get(f"/challenges/{own.pk}").json()
    assert (seen["title"], seen["problem"], seen["hidden"]) == ("", "", why)
    assert anna.get(f"/challenges/{own.pk}").json()["title"] == f"{MARK} and company"
    contribution = dani.get(f"/contributions/{idea.pk}")
    assert contribution.json()["hidden"] == why
    listed = dani.get(f"/spaces/{made.space.slug}/challenges")
    for answer in (contribution, listed, dani.get(f"/challenges/{own.pk}/contributions")):
        assert MARK not in answer.content.decode()
    assert dani.get(f"/challenges/{own.pk}/open-data").status_code == 404
