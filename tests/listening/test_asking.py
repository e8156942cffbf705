"""Protects who is asked how they are treated: after what, once in 90 days, nobody who does not want to be."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cocreation.merging import merged
from cocreation.places import Place, place_made
from cocreation.writing import given
from django.db import IntegrityError, transaction
from listening.surveys import DAY, TAKEN, TAKEN_OVER, decided

from estime.cocreation import api as cocreation
from estime.cocreation.models import Member
from estime.engagement import api as engagement
from estime.kernel import clock
from estime.kernel.home import FILE_NAME, home, make_home
from estime.kernel.lake import Lake
from estime.ledger import api as ledger
from estime.listening.actions import ask as module
from estime.listening.actions.ask import ask, ask_due
from estime.listening.actions.survey_answer import (
    Answers,
    survey_answer,
    survey_dismiss,
    survey_never,
    survey_shown,
    survey_take_back,
)
from estime.listening.actions.survey_forget import surveys_forget
from estime.listening.queries.surveys import answers_for_affect, survey_open, surveys_data, surveys_own
from estime.listening.survey_errors import AnswerInvalid, NotAsked
from estime.listening.survey_models import Asked, AskNever, FollowedToAsk, SurveyAnswer, SurveyReason
from estime.people.api import login_make


@pytest.fixture
def here(installed: Path) -> Place:
    return place_made(at=clock.now().replace(microsecond=0) - 2 * DAY)


@pytest.fixture
def quick(db: None, _home: Path) -> Place:
    """The same, quicker, for what no database does in its own way."""
    make_home()
    return place_made(at=clock.now().replace(microsecond=0) - 2 * DAY)


def account(member: Member) -> int:
    return Member.objects.values_list("account", flat=True).get(pk=member.pk)


def asked(member: Member) -> Asked:
    return Asked.objects.get(account=account(member))


def opened(member: Member, at) -> Asked | None:
    return survey_open(member.user_id, account(member), at)


def test_authors_are_asked_the_day_after_a_decision(here: Place) -> None:
    decided(here, here.anna, here.at)
    assert ask_due()
    assert ask().asked == 1
    assert not ask_due()
    assert ask().asked == 0
    one = asked(here.anna)
    assert (one.occasion, one.space, one.due) == ("decision", here.space.pk, here.at + DAY)
    assert opened(here.anna, here.at) is None
    assert opened(here.anna, here.at + DAY) == one
    assert opened(here.lea, here.at + 9 * DAY) is None, "whoever answers for the brand is not asked"


def test_everybody_who_asks_a_question_is_asked_after_its_answer(quick: Place) -> None:
    question = cocreation.question_ask(
        quick.anna, quick.space, cocreation.QuestionWords("Why?"), when=quick.at
    )
    cocreation.question_join(quick.ben, question.pk, when=quick.at)
    cocreation.question_answer(quick.lea, question.pk, "Because.", when=quick.at)
    assert ask().asked == 2
    assert {*Asked.objects.values_list("account", "occasion")} == {
        (account(quick.anna), "answer"),
        (account(quick.ben), "answer"),
    }


def test_thirty_days_after_an_outcome_whoever_gave_any_of_it_is_asked(quick: Place) -> None:
    one = given(quick, quick.anna)
    source = cocreation.Source(relation="", contribution=one.pk)
    words = cocreation.OutcomeWords("The lid", "It clicks.", quick.at.date())
    cocreation.outcome_make(quick.lea, quick.challenge.pk, words, [source], when=quick.at)
    assert ask().asked == 1
    assert asked(quick.anna).due == quick.at + 30 * DAY
    assert opened(quick.anna, quick.at + 29 * DAY) is None
    assert opened(quick.anna, quick.at + 30 * DAY) is not None


def test_what_happened_long_ago_is_asked_about_no_more(quick: Place) -> None:
    decided(quick, quick.anna, quick.at)
    assert ask(when=quick.at + 32 * DAY).asked == 0
    assert not ask_due()


def test_a_fall_loses_nothing_and_doubles_nothing(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for member in here.members:
        decided(here, member, here.at)
    monkeypatch.setattr(module, "STEP", 1)
    make = module._make

    def falls(occasions: object) -> int:
        done = make(occasions)  # type: ignore[arg-type]
        if Asked.objects.count() == 3:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(module, "_make", falls)
    with pytest.raises(KeyboardInterrupt):
        ask()
    assert Asked.objects.count() == 2, "the steps before stand, this one left no trace"
    monkeypatch.setattr(module, "_make", make)
    ask()
    assert sorted(Asked.objects.values_list("account", flat=True)) == sorted(map(account, here.members))
    FollowedToAsk.objects.all().delete()  # as after a restore
    assert ask().asked == 0
    assert Asked.objects.count() == 4


def test_nobody_is_asked_twice_within_90_days(here: Place) -> None:
    decided(here, here.anna, here.at)
    ask()
    first = asked(here.anna)
    seen = here.at + DAY
    survey_shown(first, when=seen)
    survey_dismiss(first.account, first.pk, when=seen)
    Asked.objects.update(act=-1)  # the same act, as if it were another one
    FollowedToAsk.objects.all().delete()
    assert ask().asked == 0, "too soon"
    Asked.objects.update(shown=seen - 90 * DAY)
    FollowedToAsk.objects.all().delete()
    assert ask().asked == 1
    again = Asked.objects.exclude(act=-1).get()
    survey_shown(again, when=seen)
    again.refresh_from_db()
    assert again.shown == seen


def test_the_database_refuses_what_must_not_be(here: Place) -> None:
    at, fields = here.at, {"occasion": "decision", "space": 1, "due": here.at}
    first = Asked.objects.create(account=7, act=1, shown=at, dismissed=at, **fields)

    def refused(**changed: object) -> bool:
        try:
            with transaction.atomic():
                Asked.objects.create(account=7, **{"act": 2, **fields, **changed})  # type: ignore[arg-type]
        except IntegrityError:
            return True
        return False

    assert refused(shown=at + 89 * DAY, lapsed=at)
    assert refused(shown=at - 89 * DAY, lapsed=at)
    assert refused(act=1, lapsed=at), "one act twice"
    assert not refused(shown=at + 90 * DAY, act=3)
    assert refused(act=4), "a second open one"
    late = Asked.objects.get(act=3)
    assert not survey_shown(Asked(pk=late.pk, account=7), when=at) or late.shown == at + 90 * DAY
    with pytest.raises(IntegrityError), transaction.atomic():
        Asked.objects.filter(act=3).update(shown=at + DAY)
    for value in (0, 6):
        with pytest.raises(IntegrityError), transaction.atomic():
            SurveyAnswer.objects.create(asked=first, question=1, value=value)
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyReason.objects.create(asked=first, reason="hidden")


def test_a_survey_that_may_not_be_shown_by_now_is_not_shown(quick: Place) -> None:
    at, fields = quick.at, {"account": 7, "occasion": "decision", "space": 1, "due": quick.at}
    Asked.objects.create(act=1, shown=at, dismissed=at, **fields)
    open_one = Asked.objects.create(act=2, **fields)
    assert not survey_shown(open_one, when=at + DAY)
    assert survey_shown(open_one, when=at + 91 * DAY)


def test_never_is_never(here: Place) -> None:
    decided(here, here.anna, here.at)
    ask()
    survey_never(here.anna.user_id, account(here.anna), True)
    assert opened(here.anna, here.at + 2 * DAY) is None
    assert asked(here.anna).dismissed is not None
    Asked.objects.all().delete()
    FollowedToAsk.objects.all().delete()
    assert ask().asked == 0
    survey_never(here.anna.user_id, account(here.anna), False)
    FollowedToAsk.objects.all().delete()
    assert ask().asked == 1


def test_a_brand_may_ask_nothing_at_all(quick: Place) -> None:
    (home() / FILE_NAME).write_text("[listening]\nask = false\n")
    decided(quick, quick.anna, quick.at)
    assert ask().asked == 0
    assert not Asked.objects.exists()


def test_a_decision_on_what_was_brought_together_asks_everybody_whose_it_is(quick: Place) -> None:
    quick.agree(*quick.members)
    head, part = given(quick, quick.anna), given(quick, quick.ben, "A lid")
    merged(quick, head, part)
    cocreation.decision_write(quick.lea, head.pk, TAKEN, when=quick.at)
    assert ask().asked == 2
    assert {*Asked.objects.values_list("account", flat=True)} == {account(quick.anna), account(quick.ben)}


def test_what_was_withdrawn_meanwhile_is_asked_about_no_more(quick: Place) -> None:
    one = given(quick, quick.anna)
    cocreation.decision_write(quick.lea, one.pk, TAKEN, when=quick.at)
    type(one).objects.filter(pk=one.pk).update(withdrawn=quick.at)
    assert ask().asked == 0


def test_questions_wait_for_thirty_days(quick: Place) -> None:
    decided(quick, quick.anna, quick.at)
    ask(when=quick.at)
    ask(when=quick.at + 32 * DAY)
    one = asked(quick.anna)
    assert one.lapsed is not None
    with pytest.raises(NotAsked):
        survey_answer(one.account, one.pk, Answers({1: 5}), when=quick.at + 33 * DAY)
    survey_dismiss(one.account, one.pk, when=quick.at + 33 * DAY)
    one.refresh_from_db()
    assert (one.shown, one.dismissed) == (None, None), "what nobody saw keeps no other questions away"


def test_answers_are_kept_once_changed_and_taken_back(here: Place) -> None:
    decided(here, here.anna, here.at)
    ask()
    one, at = asked(here.anna), here.at + DAY
    answers = Answers({1: 5, 2: 1, 4: 3}, ["fun", "values"], "  All\u202e is\r\nwell.\x00 ")
    for later in (at, at + timedelta(hours=1)):
        survey_answer(one.account, one.pk, answers, when=later)
    (own,) = surveys_own(one.account)
    assert (own.values, own.reasons, own.asked.words) == (
        {1: 5, 2: 1, 4: 3},
        ["fun", "values"],
        "All is\nwell.",
    )
    assert own.asked.answered == own.asked.changed == at, "the same twice changes nothing"
    (for_map,) = answers_for_affect()
    assert (for_map.account, for_map.at, for_map.questions) == (one.account, at, 3)
    assert for_map.value == pytest.approx(0.0)
    survey_answer(one.account, one.pk, Answers({3: 2}), when=at + DAY)
    (row,) = surveys_data(one.account)
    assert (row["questions"], row["reasons"], row["words"]) == ({"3": 2}, [], "")
    assert (row["answered"], row["changed"]) == (at, at + DAY)
    for _twice in range(2):
        survey_take_back(one.account, one.pk, when=at + 2 * DAY)
    assert surveys_own(one.account) == []
    assert not SurveyAnswer.objects.exists()
    assert not SurveyReason.objects.exists()
    with pytest.raises(NotAsked):
        survey_answer(one.account, one.pk, answers, when=at + 3 * DAY)


def test_what_is_no_answer_is_refused_and_somebody_elses_is_not_there(quick: Place) -> None:
    decided(quick, quick.anna, quick.at)
    ask()
    one, at = asked(quick.anna), quick.at + DAY
    for wrong in (
        Answers({}),
        Answers({}, [], " \u200f\n"),
        Answers({6: 1}),
        Answers({1: 0}),
        Answers({1: 6}),
        Answers({}, ["money"]),
        Answers({}, [], "x" * 2001),
    ):
        with pytest.raises(AnswerInvalid):
            survey_answer(one.account, one.pk, wrong, when=at)
    deeds: list[Callable[[], object]] = [
        lambda: survey_answer(one.account + 1, one.pk, Answers({1: 1}), when=at),
        lambda: survey_dismiss(one.account + 1, one.pk),
        lambda: survey_take_back(one.account + 1, one.pk),
        lambda: survey_answer(one.account, one.pk, Answers({1: 1}), when=quick.at),
        lambda: survey_dismiss(one.account, one.pk, when=quick.at),
    ]
    for deed in deeds:
        with pytest.raises(NotAsked):
            deed()
    one.refresh_from_db()
    assert (one.answered, one.dismissed) == (None, None)


def test_erasure_takes_all_of_it_and_nothing_comes_back(here: Place, tmp_path: Path) -> None:
    for member in (here.anna, here.ben):
        decided(here, member, here.at)
    ask()
    for member in (here.anna, here.ben):
        one = asked(member)
        survey_answer(one.account, one.pk, Answers({1: 5}, ["fun"], "xylophone"), when=here.at + DAY)
    keys = [account(here.anna), account(here.ben)]
    cocreation.forget_accounts(keys)
    surveys_forget(keys[:1])
    assert not Asked.objects.filter(account=keys[0]).exists()
    FollowedToAsk.objects.all().delete()
    ledger.erase_accounts(keys, Lake(str(tmp_path / "lake")))
    assert ask().asked == 0, "nobody can be asked who cannot sign in; what a kill left is taken out"
    assert (Asked.objects.count(), SurveyAnswer.objects.count(), SurveyReason.objects.count()) == (0, 0, 0)


def test_whoever_delivers_is_given_each_invitation_until_it_is_taken(quick: Place, settings: object) -> None:
    for member in (quick.anna, quick.ben):
        decided(quick, member, quick.at)
    ask(when=quick.at + DAY)
    assert not Asked.objects.filter(sent__isnull=False).exists(), "on the site alone"
    settings.ESTIME_ASKING_DELIVERY = "listening.surveys.takes_over"  # type: ignore[attr-defined]
    TAKEN_OVER.clear()
    at = quick.at + DAY + timedelta(hours=1)
    for _round in range(3):
        ask(when=at)
    first, second = Asked.objects.order_by("pk").values_list("pk", flat=True)
    assert [one.number for one in TAKEN_OVER] == [first, second, second]
    assert Asked.objects.filter(sent=at, shown=at).count() == 2


def test_nobody_is_told_of_questions_once_the_brand_asks_nothing(quick: Place, settings: object) -> None:
    decided(quick, quick.anna, quick.at)
    ask(when=quick.at)
    settings.ESTIME_ASKING_DELIVERY = "listening.surveys.takes_over"  # type: ignore[attr-defined]
    (home() / FILE_NAME).write_text("[listening]\nask = false\n")
    TAKEN_OVER.clear()
    assert not ask_due()
    ask(when=quick.at + DAY)
    assert TAKEN_OVER == []
    assert opened(quick.anna, quick.at + DAY) is None
    (home() / FILE_NAME).write_text("")
    assert opened(quick.anna, quick.at + DAY) == asked(quick.anna)


def test_a_login_without_an_account_says_never_and_nothing_is_left_of_it(quick: Place) -> None:
    user = login_make("nobody@example.org", "member")
    survey_never(user.pk, None, True)
    assert survey_open(user.pk, None, quick.at) is None
    engagement.erase_login(user)
    assert not AskNever.objects.exists()
