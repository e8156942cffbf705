"""Protects few people who share a topic: what they feel, and how many of them are new, is told by no command."""

from dataclasses import replace

import pytest

from estime.cli.commands.listen import _json, _say
from estime.listening import api
from estime.listening.queries.topics import TopicsHeard
from estime.listening.topics.counting import Said
from estime.listening.topics.finding import find_topics
from estime.listening.topics.result import FOUND, Quote, Texts, Topic, Trend


def heard(newcomers: int, regulars: int, read: int) -> TopicsHeard:
    topic = Topic(
        id=4, label="lid", terms=("lid",), texts=40, people=newcomers + regulars + 20, newcomers=newcomers,
        regulars=regulars, brand_people=20, brand_texts=20, valence=-0.5, trend=None, quotes=(),
    )  # fmt: skip
    found = find_topics(Texts([]))
    found = type(found)(**{**vars(found), "topics": (topic,)})
    return TopicsHeard(found, None, None, None, False, (), {}, {4: Said((), read, 1, 0)})


@pytest.mark.parametrize(
    ("newcomers", "regulars", "read", "valence", "split"),
    [
        (12, 15, 20, -0.5, (12, 15)),
        (0, 15, 15, -0.5, (0, 15)),
        (12, 3, 15, -0.5, (None, None)),
        (12, 15, 9, None, (12, 15)),
    ],
)
def test_of_few_people_neither_tone_nor_who_is_new_is_told(
    newcomers: int, regulars: int, read: int, valence: float | None, split: tuple[int | None, int | None]
) -> None:
    (topic,) = api.topics_of_enough(heard(newcomers, regulars, read), 10).found.topics
    assert (topic.valence, (topic.newcomers, topic.regulars)) == (valence, split)
    assert topic.people == newcomers + regulars + 20


def shared(now: int, before: int, brand: int = 0) -> TopicsHeard:
    """A topic that so many members spoke of, and so many before, beside some who spoke for the brand."""
    one = heard(now, 0, now)
    (topic,) = one.found.topics
    topic = replace(
        topic, people=now + brand, brand_people=brand, quotes=(Quote(1, "The lid broke in my bag.", 1),),
        trend=Trend(before + brand, before + brand, 1.7, 1.1, 2.5, "more" if before else "new"),
    )  # fmt: skip
    found = replace(one.found, outcome=FOUND, topics=(topic,))
    return replace(one, found=found, said={4: Said((1,), now, 1, brand)})


@pytest.mark.parametrize(
    ("now", "before", "words", "counts"),
    [
        (10, 10, True, (10, 10)),
        (10, 0, True, (10, 0)),
        (10, 9, True, (10, None)),
        (9, 10, False, (None, 10)),
        (0, 10, False, (0, 10)),
    ],
)
def test_words_and_counts_are_told_of_enough_people(
    now: int,
    before: int,
    words: bool,
    counts: tuple[int | None, int | None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = api.topics_of_enough(shared(now, before), 10)
    (topic,) = _json(told, {})["topics"]
    assert (topic["people"], topic["trend"]["before_people"]) == counts
    assert (topic["texts"] is None, topic["trend"]["before_texts"] is None) == tuple(
        one is None for one in counts
    )
    assert (topic["trend"]["ratio"] is None) == (None in counts), "a ratio and one count tell the other one"
    assert bool(topic["quotes"]) is words
    _say(told)
    shown = capsys.readouterr().out
    assert "lid" in shown
    assert ("bag" in shown, "9" in shown) == (words, False)


@pytest.mark.parametrize("brand", [0, 20])
def test_a_topic_of_few_members_is_counted_and_not_told(
    brand: int, capsys: pytest.CaptureFixture[str]
) -> None:
    told = api.topics_of_enough(shared(9, 9, brand), 10)
    assert (told.few, told.found.topics) == (1, ())
    _say(told)
    shown = capsys.readouterr()
    assert "lid" not in shown.out + shown.err
    assert "1 more topic of few people is not told" in shown.err
