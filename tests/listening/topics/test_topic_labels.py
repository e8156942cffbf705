"""What a text is cut into: stems in its own language, phrases that belong together, words as they were written."""

import doctest

import pytest

from estime.listening import near
from estime.listening.topics import cleaning, recurring, result, sensitive, speaking, words
from estime.listening.topics.terms import terms
from estime.listening.topics.words import EN, FR, OTHER, stem_of, tokens


@pytest.mark.parametrize("module", [near, cleaning, recurring, result, sensitive, speaking, words])
def test_examples(module) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("forms", "lang"),
    [
        (("livraison", "livraisons", "Livraison"), FR),
        (("proposé", "proposée", "proposées", "propose"), FR),
        (("delivery", "deliveries", "Delivery"), EN),
        (("éco-responsable", "eco-responsable"), FR),
    ],
)
def test_one_stem(forms: tuple[str, ...], lang: int) -> None:
    assert len({stem_of(form, lang) for form in forms}) == 1


def test_stop_words_are_of_a_language() -> None:
    assert stem_of("car", EN)
    assert not stem_of("car", FR)
    assert stem_of("thé", FR)
    assert not stem_of("the", FR)
    assert not stem_of("bonjour", OTHER)
    assert not stem_of("42", EN)


def test_language_is_told_by_stop_words_or_by_the_caller() -> None:
    found = tokens(
        ["Je ne sais pas si la livraison est là", "I do not know whether this is it", "Tarte", "Tarte"],
        [None, None, None, "en"],
    )
    assert found.lang.tolist()[:2] == [FR, EN]
    assert found.lang[3] == EN


def test_phrases_are_terms_and_names_are_none() -> None:
    texts = [f"Merci Hortense, le délai de livraison du colis {n} est long" for n in "abcdefgh"]
    texts += [f"Un colis {n} sans rien" for n in "abcdefgh"] + [
        f"Ce délai est pénible pour {n}" for n in "abcdefgh"
    ]
    names = terms(tokens(texts), fewest=2).names()
    assert "del livraison" in [name.replace("delai", "del") for name in names]
    assert not any("hortens" in name for name in names)


def test_names_that_are_given_are_no_terms_unless_they_are_words_too() -> None:
    texts = [f"Karim says the {word} of Rose is a rose" for word in ("bread", "crust", "loaf", "oven")]
    texts += [f"a rose, said Karim about the {word}" for word in ("bread", "crust", "loaf", "oven")]
    texts += [f"nothing of the kind {n}" for n in range(24)]
    names = terms(tokens(texts, ["en"] * 32), names=frozenset({"karim", "rose"})).names()
    assert "rose" in names
    assert not any("karim" in name for name in names)
