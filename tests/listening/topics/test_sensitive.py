"""What reveals something of people is left out of what is shown, unless the switch says otherwise."""

import json
from pathlib import Path

from listening.topics.worlds import BAKERY, CYCLING, world

from estime.listening.topics.finding import find_topics
from estime.listening.topics.result import Options, Texts
from estime.listening.topics.sensitive import label_reveals, revealed

CASES = json.loads(Path(__file__).with_name("sensitive_cases.json").read_text())
DIABETES = (
    ["insulin", "diabetes", "glucose", "diabetic", "sugar", "syringe", "meter"],
    ["Living with {} means I watch my {}", "My {} never fits beside the {}", "Is the {} safe with my {}?"],
)


def test_nine_in_ten_of_what_reveals_is_seen_and_little_else() -> None:
    told = [(text, category) for category, texts in CASES["reveals"].items() for text in texts]
    missed = [text for text, category in told if not revealed(text)]
    wrongly = [text for text in CASES["reveals_nothing"] if revealed(text)]
    assert len(missed) <= 0.1 * len(told), missed
    assert len(wrongly) <= 0.1 * len(CASES["reveals_nothing"]), wrongly


def test_a_topic_that_reveals_is_left_out_and_told() -> None:
    texts = world(BAKERY) + world(CYCLING) + world(DIABETES)
    found = find_topics(Texts(texts))
    assert found.left_out.get("health")
    shown = [
        *(topic.label for topic in found.topics),
        *(q.text for topic in found.topics for q in topic.quotes),
    ]
    assert not any("insulin" in text or "diabet" in text for text in shown)
    assert not any(label_reveals(topic.terms) for topic in found.topics)
    every = find_topics(Texts(texts), options=Options(sensitive=True))
    assert not every.left_out
    assert {topic.sensitive for topic in every.topics} == {"", "health"}


def test_one_text_that_reveals_is_not_quoted() -> None:
    bread = world(BAKERY)
    texts = [f"{text}, since my cancer" if n % 12 == 0 else text for n, text in enumerate(bread)] + world(
        CYCLING
    )
    found = find_topics(Texts(texts), options=Options(quotes=50))
    assert not any("cancer" in quote.text for topic in found.topics for quote in topic.quotes)
