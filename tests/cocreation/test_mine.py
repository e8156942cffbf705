"""Protects *My contributions* and what a sentence says of each change; and that neither gets slower with time."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cocreation.answering import NOW, TAKEN, idea
from cocreation.places import Place
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from estime.cocreation.actions.comments import Said, comment_write
from estime.cocreation.actions.decisions import decision_write
from estime.cocreation.actions.interpellations import QuestionWords, question_ask, question_join
from estime.cocreation.models import Comment, Contribution, Event, Follow, Notice, Support
from estime.cocreation.news import CONCERNS, event_tell
from estime.cocreation.queries import mine as module
from estime.cocreation.queries.mine import mine
from estime.cocreation.queries.own_data import own_data_json
from estime.cocreation.wording_news import NEWS, news_words


@pytest.fixture
def here(installed: Path, place: Callable[..., Place]) -> Place:
    return place("propose", at=NOW - timedelta(days=3))


def test_everything_that_was_given_is_there_once_newest_change_first(
    here: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE", 3)
    monkeypatch.setattr(module, "STEP", 4)
    for query in (module._CONCERNING, module._OWN):
        monkeypatch.setattr(query, "_kept", {})  # compiled with the step it began with
    ideas = [idea(here, here.anna, f"Idea {number}") for number in range(8)]
    for one in ideas:
        event_tell("published", here.anna, here.at, one)
    for one in (ideas[0], ideas[5]):
        Support.objects.create(contribution=one, member=here.ben, at=here.at)
        event_tell("commented", here.ben, here.at, one)
    asked = question_ask(here.ben, here.space, QuestionWords("Why?"), when=here.at)
    question_join(here.anna, asked.pk, when=here.at)
    decision_write(here.lea, ideas[2].pk, TAKEN)
    expected = [
        ("ideas", ideas[2].pk),
        ("questions", asked.pk),
        ("ideas", ideas[5].pk),
        ("ideas", ideas[0].pk),
    ]
    expected += [("ideas", ideas[number].pk) for number in (7, 6, 4, 3, 1)]
    found, after = [], 0
    for _page in range(9):
        page = mine(here.anna, after)
        found += [row.place for row in page.rows]
        after = page.after
        if not after:
            break
    assert found == expected
    ben = {row.place: row.gifts for row in mine(here.ben).rows}
    assert ben[("questions", asked.pk)] == ("asked", "joined")
    assert ben[("ideas", ideas[0].pk)] == ("supports",)


def test_what_is_only_followed_was_not_given(here: Place) -> None:
    Follow.objects.create(member=here.ben, challenge=here.challenge, at=here.at)
    event_tell("published", here.anna, here.at, idea(here, here.anna))
    assert Notice.objects.filter(member=here.ben).count() == 1
    assert mine(here.ben).rows == []


def test_a_page_costs_the_same_however_much_was_given(here: Place) -> None:
    Contribution.objects.bulk_create(
        Contribution(space=here.space, challenge=here.challenge, kind="idea", title=f"Idea {n}", author=here.ben,
                     at=here.at, changed=here.at, source=f"bulk/{n}")
        for n in range(1500)
    )  # fmt: skip
    found = list(Contribution.objects.all())
    Comment.objects.bulk_create(
        Comment(contribution=one, by=here.anna, body="Well.", at=here.at, source=f"c/{one.pk}")
        for one in found
    )
    Event.objects.bulk_create(
        Event(
            kind="commented",
            by=here.anna,
            space=here.space,
            challenge=here.challenge,
            contribution=one,
            at=here.at,
        )
        for one in found
    )
    with CaptureQueriesContext(connection) as first:
        page = mine(here.anna)
    with CaptureQueriesContext(connection) as later:
        last = mine(here.anna, page.rows[-1].event.pk)
    assert len(page.rows) == len(last.rows) == module.PAGE
    assert not {row.place for row in page.rows} & {row.place for row in last.rows}
    assert len(first) <= 12
    assert len(later) <= 13


@pytest.mark.parametrize("kind", sorted(CONCERNS))
def test_every_kind_of_event_has_a_sentence_in_both_languages(kind: str) -> None:
    event = Event(kind=kind, data={})
    with translation.override("en"):
        english = news_words(event, "Anna")
    with translation.override("fr"):
        french = news_words(event, "Anna")
    for told in (english, french):
        assert told.endswith(".")
        assert "%(" not in told
    assert english != french, kind
    assert set(NEWS) == set(CONCERNS)


def test_all_of_it_can_be_taken_along_and_nothing_of_others(here: Place) -> None:
    mine_is = idea(here, here.anna, "Anna’s idea")
    theirs = idea(here, here.ben, "Ben’s idea")
    Support.objects.create(contribution=theirs, member=here.anna, at=here.at)
    comment_write(here.anna, theirs, Said("What Anna said"), when=here.at)
    comment_write(here.ben, mine_is, Said("What Ben said"), when=here.at)
    question_ask(here.anna, here.space, QuestionWords("Anna asks"), when=here.at)
    told = json.loads("".join(own_data_json(here.anna)))
    assert [row["title"] for row in told["contributions"]] == ["Anna’s idea"]
    assert [row["body"] for row in told["comments"]] == ["What Anna said"]
    assert [row["contribution"] for row in told["supports"]] == [theirs.pk]
    assert [row["title"] for row in told["questions"]] == ["Anna asks"]
    assert "Ben" not in json.dumps(told, ensure_ascii=False)
    nobody = json.loads("".join(own_data_json(here.dani)))
    assert {what: rows for what, rows in nobody.items() if what != "profile" and rows} == {}
