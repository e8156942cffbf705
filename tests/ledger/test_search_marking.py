"""Words that were looked for are marked where they stand, by the same folding that found them."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from estime.ledger.search.marking import words_found
from estime.ledger.search.words import fold, parse


def marked(typed: str, text: str) -> str:
    told, at = "", 0
    for start, end in words_found(parse(typed), text):
        told, at = f"{told}{text[at:start]}[{text[start:end]}]", end
    return told + text[at:]


@pytest.mark.parametrize(
    ("typed", "text", "said"),
    [
        ("idee", "L’idée, une IDÉE", "L’[idée], une [IDÉE]"),
        ("oeuvre", "Un chef-d’œuvre !", "Un chef-d’[œuvre] !"),
        ("cafe creme", "cafe\u0301 cre\u0300me", "[cafe\u0301] [cre\u0300me]"),
        ("strasse", "Die Straße hier", "Die [Straße] hier"),
        ('"le couvercle fuit"', "Le couvercle, fuit ; couvercle", "[Le couvercle, fuit] ; couvercle"),
        ("couv*", "Couvercles, découvert", "[Couvercles], découvert"),
        ("lid -cap", "a lid, a cap", "a [lid], a cap"),
        ("-cap", "a cap", "a cap"),
        ("", "a cap", "a cap"),
        ('a "a b"', "a b a", "[a b] [a]"),
        ("猫", "黒猫だ", "黒[猫]だ"),
        ("lid", "<b>lid</b>", "<b>[lid]</b>"),
    ],
)
def test_known_places(typed: str, text: str, said: str):
    assert marked(typed, text) == said


letters = st.text(st.sampled_from("aAéÉe\u0301œŒßİﬁ’'- \n1猫ñ\u200d"), max_size=40)


@given(letters, letters)
@example("fi", "ﬁ ﬁn")
def test_a_place_holds_what_was_looked_for_and_none_is_missed(text: str, typed: str):
    query = parse(f'"{typed}"')
    spans = words_found(query, text)
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(one[1] < other[0] for one, other in pairwise(spans))
    assert bool(spans) == (bool(query.wanted) and query.found_in(text))
    for start, end in spans:
        if query.wanted:
            assert fold(query.wanted[0].words[0]) in fold(text[start:end])
