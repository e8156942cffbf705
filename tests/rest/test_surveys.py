"""Protects asking over REST: all that somebody does with their answers on pages, and sums alone for the brand."""

import ast
import inspect
from datetime import timedelta
from pathlib import Path

import pytest
from cocreation.places import place_made
from listening.surveys import DAY, answered, decided
from rest.cocreation.conftest import Program

from estime.kernel import clock
from estime.listening import api
from estime.listening.actions.ask import ask
from estime.listening.actions.survey_tell import quarters_tell
from estime.listening.quarters import quarter_bounds, quarter_of
from estime.listening.survey_models import Asked
from estime.listening.survey_words import ASKED_OF, REASONS
from estime.rest.endpoints import surveys


@pytest.fixture
def here(db, folder):
    made = place_made(at=clock.now().replace(microsecond=0) - 3 * DAY)
    decided(made, made.anna, made.at)
    ask()
    return made


def test_answers_of_ones_own(here):
    anna, ben = Program(here.anna), Program(here.ben)
    (waiting,) = anna.get("/me/surveys").json()["surveys"]
    assert (waiting["open"], waiting["occasion"], waiting["trusting"]) == (True, "decision", None)
    place = f"/me/surveys/{waiting['id']}"
    assert anna.put(place, {}).status_code == 422
    assert anna.put(place, {"trusting": 6}).status_code == 422
    assert anna.put(place, {"mood": 5}).status_code == 422
    assert ben.put(place, {"trusting": 5}).status_code == 404
    for _twice in range(2):
        told = anna.put(place, {"trusting": 5, "reasons": ["fun"], "words": "Well."}).json()
    assert (told["open"], told["trusting"], told["reasons"], told["words"]) == (False, 5, ["fun"], "Well.")
    assert ben.delete(place).status_code == 404
    for _twice in range(2):
        assert anna.delete(place).json()["trusting"] is None
    assert anna.get("/me/surveys").json() == {"never": False, "surveys": []}
    assert anna.put(place, {"trusting": 5}).json()["code"] == "survey-not-asked"
    assert anna.put("/me/asking", {"never": True}).json() == {"never": True}
    assert anna.get("/me/surveys").json()["never"] is True


def test_what_is_open_can_be_put_aside(here):
    anna = Program(here.anna)
    number = Asked.objects.get().pk
    assert anna.delete(f"/me/surveys/{number}").json()["open"] is False
    assert anna.get("/me/surveys").json()["surveys"] == []


def test_sums_are_for_whoever_may_see_them(here):
    since = quarter_bounds(quarter_of(here.at))[0] - timedelta(days=30)
    answered(range(9001, 9012), since, space=here.space.pk, values=(5,), words="Well said")
    quarters_tell(clock.now())
    assert Program(here.lea, "spaces:read").get("/surveys").status_code == 403
    (quarter,) = Program(here.lea, "surveys:read").get("/surveys").json()["quarters"][-1:]
    group, space = quarter["groups"]
    assert (space["space"], space["people"]) == (here.space.pk, 11)
    assert (group["space"], group["people"], group["reasons"]) == (None, 11, {"fun": 11})
    assert group["questions"]["identified"]["counts"] == [0, 0, 0, 0, 11]
    assert group["questions"]["identified"]["mean"]["low"] < 5
    assert len(quarter["words"]) == 11
    assert set(group["questions"]) == {"identified"}


def test_every_act_of_asking_has_its_operation():
    tree = ast.parse(Path(surveys.__file__).read_text())
    called = {
        part.attr
        for part in ast.walk(tree)
        if isinstance(part, ast.Attribute)
        and isinstance(part.value, ast.Name)
        and part.value.id == "listening"
    }
    acts = {
        name
        for name in api.__all__
        if inspect.isfunction(one := getattr(api, name)) and one.__module__.endswith("survey_answer")
    }
    assert acts >= {"survey_answer", "survey_dismiss", "survey_never", "survey_take_back"}
    assert acts - called == set()


def test_names_and_reasons_are_those_of_the_questions():
    assert list(surveys.NAMES) == list(ASKED_OF)
    assert set(surveys.NAMES.values()) <= set(surveys.Answered.model_fields)
    assert set(surveys.Reason.__args__) == set(REASONS)
