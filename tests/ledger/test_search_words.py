"""Words and queries: what is folded alike, what a typed line means, and that no line is ever an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estime.ledger.search.words import LONGEST, PARTS, Part, parse, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L’idée d'un couvercle", ["idee", "un", "couvercle"]),
        ("L'ŒUVRE, l’œuvre et l'oeuvre", ["oeuvre", "oeuvre", "et", "oeuvre"]),
        ("Ça va ? GARÇON !", ["ca", "va", "garcon"]),
        ("peut-être e-mail", ["peut", "etre", "e", "mail"]),
        ("qu’il jusqu'à lorsqu’elle", ["il", "a", "elle"]),
        ("It's John's idea, don't", ["it", "s", "john", "s", "idea", "don", "t"]),
        ("Straße, Ångström, ﬁn, İstanbul", ["strasse", "angstrom", "fin", "istanbul"]),
        ("e\u0301te\u0301 été", ["ete", "ete"]),
        (
            "@marie_dupont https://a.example/x?y=1",
            ["marie", "dupont", "https", "a", "example", "x", "y", "1"],
        ),
        ("好吃 ok", ["好", "吃", "ok"]),
        ("🎉 …", []),
        ("a" * 100, ["a" * LONGEST]),
    ],
)
def test_texts_are_folded_the_same_way_everywhere(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("typed", "wanted", "unwanted", "ignored"),
    [
        ("Couvercle fermé", [("couvercle",), ("ferme",)], [], ()),
        ('"deux  emballages" pourquoi', [("deux", "emballages"), ("pourquoi",)], [], ()),
        ("« deux emballages »", [("deux", "emballages")], [], ()),
        ("“two packs", [("two", "packs")], [], ()),
        ("bottle -lid", [("bottle",)], [("lid",)], ()),
        ('-"two packs"', [], [("two", "packs")], ()),
        ("peut-être", [("peut", "etre")], [], ()),
        ("l’idée", [("idee",)], [], ()),
        ("idea idea", [("idea",)], [], ()),
        ("🎉 -- \" '", [], [], ("🎉", "--", "\" '")),
        ("co*", [], [], ("co*",)),
        ("", [], [], ()),
    ],
)
def test_what_a_typed_line_means(
    typed: str, wanted: list[tuple[str, ...]], unwanted: list[tuple[str, ...]], ignored: tuple[str, ...]
) -> None:
    query = parse(typed)
    assert [part.words for part in query.wanted] == wanted
    assert [part.words for part in query.unwanted] == unwanted
    assert query.ignored == ignored


def test_a_beginning_of_three_letters_or_more() -> None:
    assert parse("cou* embal*").wanted == (Part(("cou",), begins=True), Part(("embal",), begins=True))
    assert parse("peut-êtr*").wanted == (Part(("peut",)), Part(("etr",), begins=True))
    assert parse("COUVERCLES*").found_in("des couvercles")
    assert not parse("couvercles*").found_in("un couvercle")


def test_more_parts_than_count_are_told() -> None:
    query = parse(" ".join(f"w{n}" for n in range(PARTS + 3)))
    assert len(query.wanted) == PARTS
    assert query.ignored == tuple(f"w{n}" for n in range(PARTS, PARTS + 3))


@given(st.text(max_size=200))
def test_whatever_is_typed_is_understood_somehow(typed: str) -> None:
    query = parse(typed)
    assert query.found_in(typed) in (True, False)
    # What is looked for is written as texts are: else it could never be found.
    for part in (*query.wanted, *query.unwanted):
        assert all(words_of(word) == [word] for word in part.words)


@given(st.text(alphabet="abcdeéœ '’-.\n", max_size=120))
def test_a_text_is_found_by_each_of_its_words_and_by_all_side_by_side(text: str) -> None:
    words = words_of(text)
    for word in words:
        assert parse(f'"{word}"').found_in(text)
    if words:
        assert parse(f'"{" ".join(words)}"').found_in(" ".join(words))
