"""Protects few people who share a topic: what they feel, and how many of them are new, is told by no command."""

import pytest

from estime.listening import api
from estime.listening.queries.topics import TopicsHeard
from estime.listening.topics.counting import Said
from estime.listening.topics.finding import find_topics
from estime.listening.topics.result import Texts, Topic


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
        (0, 9, 9, None, (None, None)),
    ],
)
def test_of_few_people_neither_tone_nor_who_is_new_is_told(
    newcomers: int, regulars: int, read: int, valence: float | None, split: tuple[int | None, int | None]
) -> None:
    (topic,) = api.topics_of_enough(heard(newcomers, regulars, read), 10).found.topics
    assert (topic.valence, (topic.newcomers, topic.regulars)) == (valence, split)
    assert topic.people == newcomers + regulars + 20
