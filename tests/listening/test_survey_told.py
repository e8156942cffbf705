"""Protects single people in what staff see of answers: ten at least, nothing by subtraction, nothing that moves."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from listening.surveys import DAY, answered

from estime.kernel.home import make_home
from estime.listening.actions import survey_forget as forgetting
from estime.listening.actions.survey_answer import Answers, survey_answer, survey_take_back
from estime.listening.actions.survey_forget import surveys_forget
from estime.listening.actions.survey_tell import quarters_tell, quarters_to_tell
from estime.listening.quarters import quarter_bounds, quarter_next, quarter_of
from estime.listening.queries import surveys as reading
from estime.listening.queries.surveys import surveys_told
from estime.listening.suppression import groups_shown
from estime.listening.survey_models import Asked, SurveyTold
from estime.listening.survey_numbers import mean_estimate, share_estimate

MAY = datetime(2025, 5, 6, 12, tzinfo=UTC)
AFTER = datetime(2025, 7, 1, 2, tzinfo=UTC)


@pytest.fixture
def home(db: None, _home: Path) -> Path:
    make_home()
    return _home


def told() -> dict[int, SurveyTold]:
    return {row.space: row for row in SurveyTold.objects.all()}


def test_ten_people_are_told_and_nine_are_not(home: Path) -> None:
    answered(range(1, 10), MAY)
    answered(range(101, 111), MAY + 92 * DAY)
    assert quarters_tell(AFTER + 92 * DAY) == 2
    nine, ten = SurveyTold.objects.filter(space=0).order_by("quarter")
    assert (nine.people, nine.figures) == (0, {})
    assert (ten.people, ten.figures["questions"]) == (10, {"1": [0, 0, 0, 10, 0]})
    assert ten.figures["reasons"] == {"people": 10, "ticked": {"fun": 10}}
    assert [quarter.whole.people for quarter in surveys_told()] == [10, 0]


def test_the_quarter_that_runs_is_not_told(home: Path) -> None:
    answered(range(1, 20), MAY)
    assert quarters_to_tell(datetime(2025, 6, 30, 23, 59, tzinfo=UTC)) == []
    assert quarters_tell(datetime(2025, 6, 30, 23, 59, tzinfo=UTC)) == 0
    assert quarters_tell(AFTER) == 1
    assert quarters_tell(AFTER) == 0


def test_what_is_told_stays_whatever_people_do_later(home: Path) -> None:
    answered(range(1, 12), MAY)
    quarters_tell(AFTER)
    before = [(row.people, row.figures) for row in told().values()]
    surveys_forget([1])
    one, other = Asked.objects.order_by("pk")[:2]
    survey_answer(one.account, one.pk, Answers({1: 1}), when=AFTER)
    survey_take_back(other.account, other.pk, when=AFTER)
    assert quarters_tell(AFTER + DAY) == 0
    assert [(row.people, row.figures) for row in told().values()] == before


def test_a_small_space_is_not_found_by_subtraction(home: Path) -> None:
    answered(range(1, 31), MAY, space=1)
    answered(range(101, 112), MAY, space=2)
    answered(range(201, 204), MAY, space=3)
    quarters_tell(AFTER)
    assert {space: row.people for space, row in told().items()} == {0: 44, 1: 30}


def test_a_question_that_few_of_a_space_answered_is_not_found_either(home: Path) -> None:
    for space, accounts, second in ((1, range(1, 31), 30), (2, range(101, 131), 4)):
        for place, account in enumerate(accounts):
            asked = Asked.objects.create(
                account=account, occasion="decision", act=account, space=space, due=MAY
            )
            values = {1: 3, 2: 5} if place < second else {1: 3}
            survey_answer(account, asked.pk, Answers(values), when=MAY)
    quarters_tell(AFTER)
    questions = {space: set(row.figures["questions"]) for space, row in told().items()}
    assert questions == {0: {"1", "2"}, 1: {"1"}, 2: {"1"}}


def test_whoever_answers_twice_in_a_quarter_counts_once(home: Path) -> None:
    answered(range(1, 11), datetime(2025, 4, 1, 12, tzinfo=UTC), values=(1,))
    for row in Asked.objects.all():
        again = Asked.objects.create(
            account=row.account, occasion="outcome", act=row.act + 1000, space=1, due=MAY
        )
        survey_answer(row.account, again.pk, Answers({1: 5}), when=row.shown + 90 * DAY)
    quarters_tell(AFTER)
    assert (told()[0].people, told()[0].figures["questions"]) == (10, {"1": [0, 0, 0, 0, 10]})


def test_words_are_read_from_ten_people_on_and_go_with_nine_others(home: Path) -> None:
    answered(range(1, 31), MAY, words="I like it")
    quarters_tell(AFTER)
    (quarter,) = surveys_told()
    in_order = [f"I like it {account}" for account in range(1, 31)]
    assert sorted(quarter.words) == sorted(in_order)
    assert quarter.words != in_order
    surveys_forget([7])
    left = surveys_told()[0].words
    assert len(left) == 20
    assert set(left) < set(in_order) - {"I like it 7"}
    one = Asked.objects.filter(place__isnull=False).order_by("pk")[0]
    survey_answer(one.account, one.pk, Answers({1: 4}, ["fun"], "Otherwise"), when=AFTER)
    assert len(surveys_told()[0].words) == 10
    survey_take_back(one.account, one.pk, when=AFTER)
    assert len(surveys_told()[0].words) == 10, "its words were read no more"
    last = Asked.objects.filter(place__isnull=False).order_by("pk")[0]
    survey_take_back(last.account, last.pk, when=AFTER)
    assert surveys_told()[0].words == []


def test_words_of_nine_are_not_read(home: Path) -> None:
    answered(range(1, 10), MAY, words="I like it")
    answered(range(101, 131), MAY)
    quarters_tell(AFTER)
    assert surveys_told()[0].words == []
    assert not Asked.objects.filter(place__isnull=False).exists()


def test_a_larger_smallest_group_counts_for_what_is_told_already(home: Path) -> None:
    answered(range(1, 13), MAY)
    quarters_tell(AFTER)
    (home / "estime.toml").write_text("[privacy]\nsmallest_group = 20\n")
    (quarter,) = surveys_told()
    assert (quarter.whole.people, quarter.whole.figures, quarter.spaces) == (0, {}, {})


def test_a_larger_smallest_group_leaves_nothing_to_subtract_either(home: Path) -> None:
    answered(range(1, 41), MAY, space=1)
    answered(range(101, 126), MAY, space=2)
    answered(range(201, 213), MAY, space=3)
    quarters_tell(AFTER)
    assert {*surveys_told()[0].spaces} == {1, 2, 3}
    (home / "estime.toml").write_text("[privacy]\nsmallest_group = 20\n")
    (quarter,) = surveys_told()
    assert (quarter.whole.people, {*quarter.spaces}) == (77, {1}), "3 would be what 2 and the whole leave"


def test_a_question_that_too_few_answered_by_now_is_not_told(home: Path) -> None:
    for place, account in enumerate(range(1, 41)):
        asked = Asked.objects.create(account=account, occasion="decision", act=account, space=1, due=MAY)
        few = place < 15
        survey_answer(account, asked.pk, Answers({1: 3, 2: 5} if few else {1: 3}, ["fun"] * few), when=MAY)
    quarters_tell(AFTER)
    (home / "estime.toml").write_text("[privacy]\nsmallest_group = 20\n")
    (quarter,) = surveys_told()
    assert {*quarter.whole.figures["questions"]} == {*quarter.spaces[1].figures["questions"]} == {"1"}
    assert "reasons" not in quarter.whole.figures
    assert "reasons" not in quarter.spaces[1].figures


def test_of_more_words_than_are_read_those_that_go_were_read_together(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (forgetting, reading):
        monkeypatch.setattr(module, "MOST_WORDS", 40)
    answered(range(1, 101), MAY, words="I like it")
    quarters_tell(AFTER)
    before = surveys_told()[0].words
    unread = Asked.objects.filter(place__isnull=False).order_by("-place")[0]
    surveys_forget([unread.account])
    assert surveys_told()[0].words == before, "what nobody has read goes alone"
    surveys_forget([int(before[0].rpartition(" ")[2])])
    after = surveys_told()[0].words
    assert len(after) == 40
    assert len({*before} - {*after}) == 10


def test_quarters_follow_each_other_without_gap(home: Path) -> None:
    (home / "estime.toml").write_text('[brand]\ntimezone = "Europe/Paris"\n')
    moment = datetime(2024, 12, 31, 23, 30, tzinfo=UTC)
    quarter = quarter_of(moment)
    assert quarter.isoformat() == "2025-01-01"
    for _next in range(9):
        until = quarter_bounds(quarter)[1]
        assert quarter_of(until) == quarter_next(quarter)
        quarter = quarter_next(quarter)
        assert quarter_bounds(quarter)[0] == until


@hypothesis_settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.integers(1, 9), st.integers(0, 40), max_size=8), st.integers(10, 20))
def test_what_is_left_out_is_nobody_or_enough(sizes: dict[int, int], smallest: int) -> None:
    shown = groups_shown(sizes, smallest)
    left = sum(size for name, size in sizes.items() if name not in shown)
    assert all(sizes[name] >= smallest for name in shown)
    assert not shown or left == 0 or left >= smallest


@hypothesis_settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 50), min_size=5, max_size=5).filter(any))
def test_a_mean_lies_in_an_interval_with_a_width(counts: list[int]) -> None:
    told = mean_estimate(counts)
    assert 1 <= told.low <= told.value + 1e-9
    assert told.value - 1e-9 <= told.high <= 5
    assert told.high - told.low > 0.1
    assert share_estimate(3, 10).low < 0.3 < share_estimate(3, 10).high
