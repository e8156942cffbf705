"""Protects the pages of asking: the card, one's own answers, and what staff see of everybody's."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cocreation.places import Place, place_made
from django.core.cache import cache
from django.test import Client
from listening.surveys import DAY, answered, decided

from estime.cocreation.models import Member
from estime.kernel import clock
from estime.kernel.home import home
from estime.listening.actions.ask import ask
from estime.listening.actions.survey_tell import quarters_tell
from estime.listening.quarters import quarter_bounds, quarter_of
from estime.listening.survey_models import Asked, AskNever, SurveyAnswer, SurveyTold

HOSTILE = "<script>alert(1)</script>\u202e {{ 7*7 }}"


@pytest.fixture
def here(db: None, _home: Path) -> Place:
    cache.clear()
    made = place_made(at=clock.now().replace(microsecond=0) - 3 * DAY)
    decided(made, made.anna, made.at)
    ask()
    return made


@pytest.fixture
def as_(here: Place) -> Callable[[Member], Client]:
    def signed(member: Member) -> Client:
        client = Client()
        assert member.user is not None
        client.force_login(member.user)
        return client

    return signed


def card(client: Client, path: str = "/en/me/contributions/") -> bool:
    answer = client.get(path)
    assert answer.status_code == 200
    return "How are you treated here?" in answer.content.decode()


def test_whoever_is_due_sees_the_card_and_nobody_else(here: Place, as_: Callable[[Member], Client]) -> None:
    assert not card(as_(here.ben))
    assert not card(as_(here.lea))
    assert not card(Client(), "/en/spaces/")
    anna = as_(here.anna)
    assert Asked.objects.get().shown is None
    assert card(anna)
    assert Asked.objects.get().shown is not None
    assert card(anna, "/en/spaces/")
    text = anna.get("/en/me/contributions/").content.decode()
    assert "checked" not in text, "no box is ticked beforehand"
    assert text.count('type="radio"') == 25
    assert text.count("csrfmiddlewaretoken") == 3


def test_answers_are_seen_changed_taken_along_and_deleted(
    here: Place, as_: Callable[[Member], Client]
) -> None:
    anna, pk = as_(here.anna), Asked.objects.get().pk
    place = f"/en/me/answers/{pk}/"
    nothing = anna.post(place, {"words": " "})
    assert (nothing.status_code, "Nothing was chosen yet." in nothing.content.decode()) == (422, True)
    assert anna.post(place, {"q1": "9"}).status_code == 422
    told = {"q1": "5", "q4": "2", "reasons": ["fun", "values"], "words": HOSTILE}
    for _twice in range(2):
        page = anna.post(place, told, follow=True).content.decode()
    assert SurveyAnswer.objects.count() == 2
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert not card(anna)
    form = anna.get(place).content.decode()
    assert form.count(" checked") == 4
    taken = json.loads(b"".join(anna.get("/en/me/contributions/file/")).decode())  # type: ignore[arg-type]
    assert taken["answers"][0]["questions"] == {"1": 5, "4": 2}
    assert anna.get(f"{place}delete/").status_code == 200
    for _twice in range(2):
        assert anna.post(f"{place}delete/", follow=True).status_code == 200
    assert not SurveyAnswer.objects.exists()
    assert "You have not answered anything." in anna.get("/en/me/answers/").content.decode()
    assert anna.post(place, told).status_code == 410


def test_not_now_and_never_are_one_click_each(here: Place, as_: Callable[[Member], Client]) -> None:
    anna, pk = as_(here.anna), Asked.objects.get().pk
    assert anna.get(f"/en/me/answers/{pk}/later/").status_code == 405
    anna.post(f"/en/me/answers/{pk}/later/")
    assert not card(anna)
    Asked.objects.update(dismissed=None)
    assert card(anna)
    anna.post("/en/me/answers/never/")
    assert not card(anna)
    assert AskNever.objects.get().user_id == here.anna.user_id
    anna.post("/en/me/answers/never/", {"never": "off"})
    assert not AskNever.objects.exists()


def test_what_somebody_else_was_asked_is_not_there(here: Place, as_: Callable[[Member], Client]) -> None:
    ben, pk = as_(here.ben), Asked.objects.get().pk
    decided(here, here.ben, here.at)
    for path in ("", "later/", "delete/"):
        assert ben.post(f"/en/me/answers/{pk}/{path}", {"q1": "1"}).status_code == 404
    assert ben.get(f"/en/me/answers/{pk}/").status_code == 404
    assert Asked.objects.get(pk=pk).answered is None


def test_what_was_put_aside_in_another_window_is_over_and_words_come_back(
    here: Place, as_: Callable[[Member], Client]
) -> None:
    anna, pk = as_(here.anna), Asked.objects.get().pk
    anna.post(f"/en/me/answers/{pk}/later/")
    late = anna.post(f"/en/me/answers/{pk}/", {"q1": "4", "words": "All I <b>wrote</b>"})
    assert late.status_code == 410
    assert "All I &lt;b&gt;wrote&lt;/b&gt;" in late.content.decode()
    assert anna.get(f"/en/me/answers/{pk}/").status_code == 410
    assert not SurveyAnswer.objects.exists()
    Asked.objects.update(dismissed=None)
    anna.post(f"/en/me/answers/{pk}/", {"q1": "4"})
    later = anna.post(f"/en/me/answers/{pk}/later/", follow=True).content.decode()
    assert "You answered these questions in another window" in later
    assert SurveyAnswer.objects.get().value == 4


def test_words_without_end_are_refused_and_come_back_to_be_cut(
    here: Place, as_: Callable[[Member], Client]
) -> None:
    anna, pk = as_(here.anna), Asked.objects.get().pk
    for length in (2001, 2_000_000):
        page = anna.post(f"/en/me/answers/{pk}/", {"q1": "4", "words": "x" * length})
        assert page.status_code == 422
        assert "This is too long" in page.content.decode()
        assert len(page.content) < 100_000
    for number in ("99999999999999999999999", "0", "-1", "1e3", "٣"):
        assert anna.post(f"/en/me/answers/{number}/", {"q1": "4"}).status_code == 404
    for value in ("0", "6", "٣", "4.5", " 4", "on"):
        assert anna.post(f"/en/me/answers/{pk}/", {"q1": value}).status_code == 422
    assert not SurveyAnswer.objects.exists()


def test_nobody_is_shown_questions_while_the_brand_asks_nothing(
    here: Place, as_: Callable[[Member], Client]
) -> None:
    anna, pk = as_(here.anna), Asked.objects.get().pk
    (home() / "estime.toml").write_text("[listening]\nask = false\n")
    assert not card(anna)
    assert "At the moment nobody is asked anything here." in anna.get("/en/me/answers/").content.decode()
    assert "that is off under Settings, Listening." in as_(here.lea).get("/en/answers/").content.decode()
    told = anna.post(f"/en/me/answers/{pk}/", {"q1": "4"})
    assert told.status_code == 302, "what was open in a window is taken all the same"


def test_whoever_works_for_the_brand_by_now_answers_nothing_new(
    here: Place, as_: Callable[[Member], Client]
) -> None:
    pk, user = Asked.objects.get().pk, here.anna.user
    assert user is not None
    anna = as_(here.anna)
    type(user).objects.filter(pk=user.pk).update(role="analyst")
    assert not card(anna)
    assert anna.post(f"/en/me/answers/{pk}/", {"q1": "4"}).status_code == 410
    Asked.objects.update(answered=here.at, changed=here.at)
    assert anna.post(f"/en/me/answers/{pk}/", {"q1": "4"}).status_code == 302


def test_staff_see_sums_of_quarters_and_nobody_by_themselves(
    here: Place, as_: Callable[[Member], Client]
) -> None:
    lea = as_(here.lea)
    assert as_(here.anna).get("/en/answers/").status_code == 403
    assert "No quarter is told yet." in lea.get("/en/answers/").content.decode()
    since = quarter_bounds(quarter_of(here.at))[0] - timedelta(days=30)
    answered(range(9001, 9012), since, space=here.space.pk, values=(5, 4, 1), words=HOSTILE)
    answered(range(9101, 9113), since, space=here.space.pk + 1)
    quarters_tell(clock.now())
    page = lea.get("/en/answers/").content.decode()
    assert "23 people answered" in page
    assert "Felt considered" in page
    assert "Actually answered" in page
    assert here.space.title in page
    assert "9001" in page, "own words"
    assert "<script>alert" not in page
    assert "<h1>What people answered</h1>" in page, "nothing was given in that quarter"
    whole = SurveyTold.objects.get(space=0)
    counts = {"1": [0, 0, 0, 0, 23], "2": [0, 13, 0, 5, 5]}
    whole.figures.update(questions=counts, given=10, answered=6)
    whole.save()
    page = lea.get("/en/answers/").content.decode()
    assert "<h1>43 % felt considered; 60 % of what members gave was answered.</h1>" in page.replace(
        "\xa0", " "
    )
    french = lea.get("/fr/answers/").content.decode()
    assert "23 personnes ont répondu" in french
    assert "Fewer than" not in french
