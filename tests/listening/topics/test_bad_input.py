"""Whatever comes in: a clear outcome, never an error."""

import numpy as np
import pytest
from listening.topics.worlds import three

from estime.listening.topics import result as r
from estime.listening.topics.cleaning import own_words, shown
from estime.listening.topics.finding import find_topics

HEBREW = "השירות היה מצוין והמשלוח הגיע בזמן"
NOTHING_WORDED = [
    "🎉🎉",
    "👍",
    "!!!",
    "…",
    "12345",
    "<br/>",
    "\x00\x07\x1b",
    "\u202e",
    "https://example.org/a",
]


@pytest.mark.parametrize(
    ("texts", "outcome"),
    [
        ([], r.NO_TEXT),
        (["", "  ", "\n\t"], r.NO_TEXT),
        (NOTHING_WORDED, r.NO_WORDS),
        (["Great bread, thanks a lot for the loaf"] * 10_000, r.TOO_FEW),
        (["sourdough"], r.ONE_PERSON),
        (["bread and butter", "oven and flour"], r.TOO_FEW),
    ],
)
def test_outcomes(texts: list[str], outcome: str) -> None:
    found = find_topics(r.Texts(texts))
    assert (found.outcome, found.topics, found.said) == (outcome, (), r.OUTCOMES[outcome])
    assert found.texts == len(texts) == len(found.member)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("many", [60, 126])
def test_few_texts_of_one_world_end_clearly_and_without_a_warning(many: int) -> None:
    found = find_topics(r.Texts(three()[0][:many]))
    assert found.outcome in (r.FOUND, r.NOTHING_SHARED)
    assert all(topic.terms and topic.label != "…" for topic in found.topics)


def test_one_person_shares_nothing() -> None:
    texts, _ = three()
    found = find_topics(r.Texts(texts, person=np.zeros(len(texts), dtype=np.int64)))
    assert found.outcome == r.ONE_PERSON


def test_odd_texts_among_others_have_no_topic_and_harm_nobody() -> None:
    texts, _ = three()
    odd = [
        *NOTHING_WORDED,
        "",
        "\ud800 lone",
        "a" * 1_000_000,
        "bread " * 200_000,
        HEBREW,
        "дом и сад 家と庭",
    ]
    found = find_topics(r.Texts(texts + odd))
    assert found.outcome == r.FOUND
    assert found.coverage > 0.9
    assert not found.member[len(texts) : len(texts) + len(NOTHING_WORDED) + 1].any()
    assert found.member[len(texts) + len(NOTHING_WORDED) + 3] > 0  # a megabyte about bread is about bread


def test_copies_weigh_as_one_text() -> None:
    texts, _ = three()
    found = find_topics(r.Texts(texts + ["Free followers, click now, best followers"] * 10_000))
    told = [quote for topic in found.topics for quote in topic.quotes if "followers" in quote.text]
    assert len(told) <= 1
    assert found.groups <= len(texts) + 1


def test_no_text_in_the_window_though_before() -> None:
    texts, _ = three()
    found = find_topics(r.Texts(texts, now=np.zeros(len(texts), dtype=bool)))
    assert found.texts == 0
    assert found.before_texts == len(texts)
    assert all(topic.texts == 0 for topic in found.topics)


def test_what_is_not_the_writers_own_is_taken_out() -> None:
    text = (
        "> quoted nonsense\nOn Monday, Bob <bob@x.org> wrote:\nI like the ```code block``` and <b>bold</b> <@U123> "
        "<https://a.b/c|this page>&nbsp;[a link](http://x.y) :wink:\n-- \nAnn, head of things"
    )
    said = own_words(text)
    for gone in ("quoted", "Bob", "bob", "code", "U123", "http", "wink", "head", "<"):
        assert gone not in said
    for kept in ("I like", "bold", "this page", "a link"):
        assert kept in said


def test_quotes_hold_no_address() -> None:
    told = shown(
        "Mail ann.b@example.org or call 06 12 34 56 78, @ann, see https://example.org/u/ann " + "x y " * 200
    )
    for gone in ("ann", "06", "example"):
        assert gone not in told
    assert len(told) <= 280
    assert told.endswith("…")
