"""Words of titles: what counts as the same, whatever people type, and that nothing typed is ever an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estime.cocreation.similar import words
from estime.cocreation.similar.words import (
    ASKED,
    LONGEST,
    MOST,
    READ,
    grams,
    near,
    slips,
    stems_of,
    typed,
    word_of,
    words_of,
)


def texts(title: str) -> list[str]:
    return [word.text for word in words_of(title)]


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("L’appli qu'on aime, l'idée d`un couvercle", ["appli", "aime", "idee", "couvercle"]),
        ("Un porte-monnaie, un porte‑clés", ["porte", "monnaie", "cles"]),
        ("Livraison dès 2 500 €, 2,5 %", ["livraison", "2500", "2.5"]),
        ("The brand’s e-mail, don't", ["brand", "e", "mail"]),
        ("Un thé, the tea", ["the", "tea"]),
        ("CŒUR et Straße, ﬁn", ["coeur", "strasse", "fin"]),
        ("Pour qui ?", ["pour", "qui"]),  # there is nothing else to be found by
        ("s\u00adoft\u200b hyphen", ["soft", "hyphen"]),
        ("早い配送", ["早", "い", "配", "送"]),
        ("شحن مجاني", ["شحن", "مجاني"]),
        ("😀 🎉 !!! %_%", []),
        ("", []),
    ],
)
def test_a_title_is_the_words_that_tell_something(title: str, told: list[str]) -> None:
    assert texts(title) == told


@pytest.mark.parametrize(
    "forms",
    [
        "livraison livraisons",
        "journal journaux",
        "proposer proposez proposé proposée proposées",
        "réparer répare réparait réparées réparée",
        "gratuit gratuite gratuits gratuites",
        "recommander recommandation recommandations",
        "delivery deliveries",
        "ship ships shipped shipping",
        "subscribe subscribed subscribing",
        "bottle bottles",
    ],
)
def test_forms_of_a_word_share_a_stem(forms: str) -> None:
    first, *others = (word_of(words_of(form)[0].text) for form in forms.split())
    for other in others:
        assert set(first.stems) & set(other.stems), other.text


def test_accents_do_not_matter_to_stems() -> None:
    for accented in ("qualité", "adaptées", "système", "où", "Noël", "été"):
        bare = texts(accented)[0]
        assert bare.isascii()
        assert words_of(bare)[0].stems == words_of(accented)[0].stems


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("livraison", "livrasion", 1),
        ("livraison", "livaison", 1),
        ("livraison", "livraaison", 1),
        ("livraison", "livraizon", 1),
        ("livraison", "livraison", 0),
        ("livraison", "ivraisom", 2),
        ("livraison", "oraison", 3),
    ],
)
def test_slips_are_counted(one: str, other: str, count: int) -> None:
    assert slips(one, other) == slips(other, one) == count
    if count == 1:
        assert near(one) & near(other)


@given(st.text(alphabet="abcdé", min_size=4, max_size=9), st.data())
def test_any_single_slip_shares_a_neighbour(word: str, data: st.DataObject) -> None:
    """What the index relies on: a letter lost, doubled, changed or swapped is always found."""
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abxy"))
    for slip in (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    ):
        if len(slip) >= 4:
            assert near(word) & near(slip)
            assert slips(word, slip) <= 1


@given(st.text())
def test_nothing_typed_is_an_error(title: str) -> None:
    told = words_of(title)
    assert len(told) <= MOST
    assert all(0 < len(word.text) <= LONGEST for word in told)
    asked = typed(title)
    assert len(asked.words) <= ASKED
    assert asked.words or not asked.goes_on


def test_of_a_megabyte_the_first_part_is_read_and_nothing_kept() -> None:
    head = "livraison gratuite " + "x" * READ
    kept = words._words_of.cache_info().currsize
    for tail in ("a", "b"):
        told = texts(head + f" {tail}bcd" * 200_000)
        assert told == ["livraison", "gratuite", "x" * LONGEST]
        assert len(typed(head + f" {tail}bcd" * 200_000).words) == 3
    assert words._words_of.cache_info().currsize == kept + 1  # both were cut before they were remembered
    assert len(grams(told[0])) < 20


def test_a_last_word_goes_on_until_something_ends_it() -> None:
    assert typed("livraison grat").goes_on
    assert not typed("livraison gratuite ").goes_on
    assert not typed("livraison gratuite ?").goes_on
    assert not typed("livraison pour").goes_on  # told to nobody: it tells nothing
    assert [word.text for word in typed("web site").joined] == ["website"]


def test_stems_of_other_alphabets_are_the_words() -> None:
    assert stems_of("配送") == ("配送", "配送")
    assert stems_of("v2") == ("v2", "v2")
