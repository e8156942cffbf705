"""Protects the rules that say what a question is: hand-made cases in two languages, and as many that are none."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estime.contact.rules import phrases
from estime.contact.rules.asks import Asking, _may_open, asking
from estime.contact.rules.mentions import addressed, names_of
from estime.contact.rules.own_words import own_words

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("questions.json").read_text("utf-8"))
NAMES = names_of(["team"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40] or "empty")
def test_a_case(case: dict[str, Any]) -> None:
    wanted = None
    if case["rule"]:
        told = {name: case.get(name, False) for name in ("to_brand", "to_other", "to_all")}
        wanted = Asking(case["rule"], **told)
    assert asking(case["text"], NAMES) == wanted


def test_every_opening_has_a_case_and_a_word_it_is_looked_for_by() -> None:
    asked = [case["text"] for case in CASES if case["rule"] == "opening"]
    for line in phrases.OPENINGS.strip().splitlines():
        found = [text for text in asked if re.search(phrases.any_of(line), text, re.IGNORECASE)]
        assert found, line
        assert all(_may_open(text) for text in found)


@given(st.text(max_size=300))
def test_no_text_is_too_odd(text: str) -> None:
    found = asking(text, NAMES)
    assert found is None or found.rule in ("mark", "opening")


@given(st.text(max_size=100))
def test_what_was_cited_asks_nothing(text: str) -> None:
    cited = re.sub(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029`<>&\[\]]", " ", text)
    assert asking(f"> {cited}?", NAMES) is None


@pytest.mark.parametrize(
    "text",
    ["<" * 20_000, "“" * 20_000, "[" * 20_000, "@" + "a." * 10_000, "?" * 20_000, "a/" * 10_000, "`" * 20_000,
     "<a " * 7_000, "how " * 5_000, ": " * 10_000 + "?", "</" * 10_000, "www." * 5_000, " ?" * 10_000],
    ids=lambda text: text[:4],
)  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()
    asking(text, NAMES)
    assert (
        time.process_time() - began < 2
    )  # a hundred times what it takes: only runaway backtracking is that slow


def test_names_of_other_kinds_of_accounts() -> None:
    brand = names_of(["https://h.org/users/gourde", "@maison@shop.example"]).brand
    assert brand.search("bonjour @gourde !")
    assert brand.search("bonjour @gourde@h.org")
    assert brand.search("@Maison@shop.example quand ?")
    assert not brand.search("@gourdes, @maison2, maison@shop.example.com")


def test_whom_activity_streams_addresses() -> None:
    handles = frozenset({"https://h.org/users/gourde"})
    assert addressed({"to": ["https://h.org/users/gourde"]}, handles)
    assert addressed({"to": {"id": "https://h.org/users/gourde"}}, handles)
    assert addressed(
        {"object": {"tag": [{"type": "Mention", "href": "https://h.org/users/gourde"}]}}, handles
    )
    assert not addressed({"cc": "https://h.org/users/gourde", "to": "as:Public"}, handles)
    assert not addressed({"tag": [{"type": "Hashtag", "name": "gourde"}]}, handles)
    assert not addressed(None, handles)


def test_own_words_leave_the_rest_alone() -> None:
    assert own_words('It costs 3 < 4 & that is "all".') == "It costs 3 < 4 & that is  ."
