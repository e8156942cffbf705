"""The affect reader: its promises to whoever calls it, and bad input. How well it reads is measured in
training/affect.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estime.listening.affect import many
from estime.listening.affect.cleaning import LONGEST, cleaned
from estime.listening.affect.errors import AffectColumnMissing, AffectFileUnreadable
from estime.listening.affect.features import BITS, counted, prepared
from estime.listening.affect.model import READ, model
from estime.listening.affect.ngrams import hashed
from estime.listening.affect.reading import CLEAR, POLARITIES, read, read_arrays
from estime.listening.affect.signs import signs
from estime.listening.affect.texts import texts_of

PLAIN = [
    ("J'adore cette crème, merci pour votre réponse si rapide !", "fr", "positive"),
    ("Quelle honte, trois semaines de retard et personne ne répond.", "fr", "negative"),
    ("I love this, thank you so much for listening to us!", "en", "positive"),
    ("Terrible service, I am really disappointed and angry.", "en", "negative"),
]


@pytest.mark.parametrize(("text", "lang", "polarity"), PLAIN)
def test_plain_texts_are_read(text: str, lang: str, polarity: str) -> None:
    [found] = read([text])
    assert found.lang == lang
    assert max(found.polarity, key=found.polarity.__getitem__) == polarity
    assert not found.unclear


def test_negation_turns_what_is_said() -> None:
    said = read(["Je suis content de ce produit", "Je ne suis pas du tout content de ce produit"])
    assert said[1].polarity["positive"] < said[0].polarity["positive"]
    assert said[1].polarity["negative"] > said[0].polarity["negative"]


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("Je ne suis pas contente de la livraison", "negative"),
        ("J'aime pas du tout cette odeur", "negative"),
        ("Le nouveau site n'est pas mal du tout", "positive"),
        ("Je n'ai rien à redire, tout est parfait", "positive"),
        ("Installation sans le moindre problème", "positive"),
        ("On n'a que du bonheur avec cette marque", "positive"),
        ("I was not disappointed at all", "positive"),
        ("I don't think it is a good product", "negative"),
    ],
)
def test_a_negation_turns_once(text: str, polarity: str) -> None:
    [found] = read([text])
    assert max(found.polarity, key=found.polarity.__getitem__) == polarity


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("je ne suis pas content", None),  # "pas content" is an expression of its own
        ("je ne suis pas heureux", "heureux"),
        ("j'aime pas", "aime"),
        ("elle me plaît vraiment pas", "plait"),
        ("c'est génial pas comme hier", None),
        ("il ne fait que mentir", None),
    ],
)
def test_which_word_a_negation_turns(text: str, turned: str | None) -> None:
    ready = prepared([text])
    _, spoken = signs(model().readers["fr"].lexicon, ready.texts[0], ready.low[0], ready.words[0])
    if turned is None:
        assert spoken is None
    else:
        assert spoken is not None
        assert turned not in spoken


def test_repeating_a_text_makes_it_no_surer_than_a_post() -> None:
    once, often, endless = read([("Merci beaucoup, " * count) for count in (1, 16, 60_000)])
    assert once.lang == often.lang == endless.lang == "fr"


def test_what_comes_after_but_weighs_more() -> None:
    first, second = read(
        ["The screen is awful but the service is great", "The service is great but the screen is awful"]
    )
    assert first.polarity["positive"] > second.polarity["positive"]


def test_a_line_of_json_has_exactly_what_is_promised() -> None:
    [found] = read([PLAIN[0][0]])
    line = json.loads(json.dumps(found.as_json()))
    assert list(line) == ["lang", "polarity", "emotions", "unclear"]
    assert tuple(line["polarity"]) == POLARITIES
    assert sum(line["polarity"].values()) == pytest.approx(1, abs=1e-9)
    assert isinstance(line["unclear"], bool)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("", "und"),
        ("   \n\t ", "und"),
        ("ok", "und"),
        ("1234 56 %", "und"),
        ("@marie https://example.org/a", "und"),
        ("\x00\x01\x02\x7f", "und"),
        ("\ud83d", "und"),
        ("אני אוהב את זה מאוד, תודה רבה", "other"),
        ("هذا المنتج رائع شكرا لكم", "other"),
        ("Это очень хорошо, спасибо большое", "other"),
        ("とても良いですね。ありがとう", "other"),
        ("Me gusta mucho este producto, muchas gracias a todos", "other"),
        ("Das ist wirklich sehr schön, vielen Dank für alles", "other"),
        ("Questo prodotto è molto bello, grazie a tutti", "other"),
        ("<p>Merci &amp; bravo pour cette belle id&eacute;e</p>", "fr"),
        ("<b>Thank you</b> for the good idea &#128522;", "en"),
    ],
)
def test_every_input_has_a_clear_outcome(text: str, lang: str) -> None:
    [found] = read([text])
    assert found.lang == lang
    assert found.unclear or lang in READ


def test_faces_alone_are_read_in_any_language() -> None:
    glad, sad, none = read(["😍😍🎉", "😡🤮", "מוצר"])
    assert glad.polarity["positive"] > CLEAR
    assert sad.polarity["negative"] > CLEAR
    assert "joy" in glad.emotions
    assert none.unclear
    assert not none.emotions


def test_markup_and_hidden_characters_change_nothing() -> None:
    bare = "Merci, c'est vraiment une belle idée pour la boutique"
    dressed = "<div class='x'>Mer\u200bci, c’est vraiment\u00a0une <b>belle</b> id&eacute;e\x07 pour la boutique</div>"
    assert read([bare])[0].polarity == read([dressed])[0].polarity


def test_a_long_text_costs_no_more_than_its_beginning() -> None:
    long = "merci beaucoup " * 70_000
    [found] = read([long])
    assert found == read([long[:LONGEST]])[0]


def test_copies_are_read_alike() -> None:
    readings = read_arrays(["Quelle belle surprise !"] * 10_000)
    assert len(np.unique(readings.polarity, axis=0)) == 1


def test_a_text_is_read_the_same_among_others() -> None:
    texts = [text for text, _, _ in PLAIN] + ["", "😀", "x" * 5_000, "Gracias a todos por venir"] * 3
    together = read(texts)
    assert together == [read([text])[0] for text in texts]


def test_several_processes_read_the_same_in_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "CHUNK", 2)
    monkeypatch.setattr(many, "FEW", 2)
    texts = [text for text, _, _ in PLAIN] * 2
    assert list(many.read_many(iter(texts), processes=2)) == read(texts)


def test_a_file_gives_its_texts_in_order(tmp_path: Path) -> None:
    table = tmp_path / "comments.csv"
    table.write_text('id;body\n1;"un\ndeux"\n2;\n3\n', encoding="utf-8")
    lines = tmp_path / "comments.jsonl"
    lines.write_text('{"body": "un"}\n\n{"body": null}\n', encoding="utf-8")
    plain = tmp_path / "comments.txt"
    plain.write_text("un\n\ndeux", encoding="utf-8")
    assert list(texts_of(table, "body")) == ["un\ndeux", "", ""]
    assert list(texts_of(lines, "body")) == ["un", ""]
    assert list(texts_of(plain)) == ["un", "", "deux"]


def test_a_file_that_cannot_be_read_says_what_to_do(tmp_path: Path) -> None:
    table = tmp_path / "comments.csv"
    table.write_bytes("id,body\n1,d\xe9j\xe0\n".encode("latin-1"))
    with pytest.raises(AffectColumnMissing) as missing:
        list(texts_of(table, encoding="latin-1"))
    assert "body" in missing.value.todo
    with pytest.raises(AffectFileUnreadable) as unreadable:
        list(texts_of(table, "body"))
    assert "--encoding" in unreadable.value.todo
    with pytest.raises(AffectFileUnreadable):
        list(texts_of(tmp_path / "none.csv"))


def test_nothing_in_nothing_out() -> None:
    assert read([]) == []
    assert len(read_arrays([]).lang) == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=4))
def test_any_text_gives_probabilities(texts: list[str]) -> None:
    readings = read_arrays(texts)
    assert len(readings.lang) == len(texts)
    assert np.isfinite(readings.polarity).all()
    np.testing.assert_allclose(readings.polarity.sum(axis=1), 1, atol=1e-5)
    assert ((readings.emotions >= 0) & (readings.emotions <= 1)).all()


@given(st.text(max_size=300))
def test_what_nobody_sees_is_gone(text: str) -> None:
    assert not {"\x00", "\u200b", "\u202e", "\n"} & set(cleaned(f"\x00{text}\u202e\n"))


def _by_hand(text: str) -> int:
    """How many words, pairs and pieces a text has, counted the slow way."""
    words = text.split(" ")
    pieces = sum(max(0, len(f" {word} ") - size + 1) for word in words for size in range(2, 6))
    return len(words) + len(words) - 1 + pieces


@pytest.mark.parametrize("text", ["a", "merci", "merci beaucoup", "il y a un chat ici"])
def test_ngrams_are_counted_as_by_hand(text: str) -> None:
    words, pieces = hashed([text], bits=BITS)
    assert sum(len(rows) for rows, _ in (*words, *pieces)) == _by_hand(text)


def test_ngrams_of_a_text_do_not_depend_on_its_neighbours() -> None:
    alone = counted([["un", "deux", "trois"]])
    among = counted([["zero"], ["un", "deux", "trois"], ["quatre"]])
    for kind in ("words", "pieces", "single"):
        assert sorted(getattr(alone, kind)[0].indices) == sorted(getattr(among, kind)[1].indices)


def test_the_model_says_what_it_was_made_from() -> None:
    made_from = model().made_from
    assert {"goemotions_train.tsv", "xed_fr.tsv", "words.fr.tsv", "train.py"} <= made_from.keys()
