"""Both languages as people read them: typography, one word for one thing, and nothing lost between the two."""

import re
from collections.abc import Iterator

import pytest
from babel.messages import Message
from readouts.test_words import catalogue, forms

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%s|\{\w+\}")
CODE = re.compile(
    r"%d/%m/%y %Hh%M|https?://\S+|\S+@\S+|\+\d\d:\d\d|#[0-9a-f]{6}|estime:|Activity Streams 2\.0"
)

ONE_WORD = {
    r"courriel|courrier|(?<!e-)\bmails?\b": "e-mail",
    r"\bsortes?\b": "type d’acte",
    r"\bgenres?\b": "type",
    r"[Aa]ctualis": "mise à jour",
    r"[Pp]seudonyme": "pseudo",
    r"\b[Rr]épar(?!t)": "corriger",
    r"[Jj]’aime(?! bien)": "like",
    r"désaccord": "dislike",
    r"éteint|allumé": "activé, désactivé",
    r"[Ii]dentifiez-vous|[Ll]ogin": "se connecter, compte",
    r"[Tt]oken": "jeton",
    r"[Dd]ashboard|[Ff]eedback|[Uu]pload|[Dd]ownload": "a French word",
    r"[Aa]dministrateur|[Mm]odérateur|[Rr]eprésentant": "what somebody does, whoever they are",
    r"\b[Tt]ous ceux\b|\b[Cc]eux qui\b": "les personnes qui",
    r"\bà nouveau\b": "de nouveau",
    r"[Cc]onsultation|[Cc]onsigné": "regard, noté",
    r"\b[Vv]euillez\b": "say it plainly",
    r"\b(?:[Tt]u|[Tt]on|[Tt]es)\b": "vous",
}
ONE_ENGLISH_WORD = {
    r"\bdesk\b": "list, or “To keep”",
    r"[Uu]pload": "bring",
    r"[Pp]ut aside": "set aside",
    r"\btype of act": "kind of act",
    r"[Ll]ogged": "noted",
    r"\bemail\b|\bE-Mail\b": "e-mail",
    r"\b[Uu]sers?\b": "person, people, member",
    r"(?<!moment, )\b[Pp]lease\b(?! send)|[Oo]ops|[Ss]orry": "say it plainly",
}


def sentences(lang: str) -> Iterator[tuple[Message, str]]:
    """Every form of every text in this language, with placeholders made a letter and code taken out."""
    for message in catalogue("fr"):
        if message.id:
            for told in forms(message.string if lang == "fr" else message.id):
                yield message, CODE.sub("x", PLACEHOLDER.sub("x", told))


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        (r"(?<!\u00a0)[;!?»%]|(?<!\u00a0):", "a no-break space before ; : ! ? » %"),
        (r"«(?!\u00a0)", "a no-break space after «"),
        (r"[\"']|\.\.\.|“|”", "’ … « »"),
        (r"\d{5,}|\d[ \u00a0]\d{3}\b", "a narrow no-break space between thousands"),
        (r"\d (?:Mio|Kio|Go|Mo|px|h|min|s|€|likes|fans)\b", "a no-break space before a unit"),
        (r"\d\.\d", "a comma before decimals"),
        (r"\d:\d\d", "14 h 05"),
        (r"(?:^|[.!?…:]\s)(?:A|Etes|Etre|Etat|Etape|Equipe|Ecri\w+|Ecart\w*|Evit\w+|Egal\w+)\b", "À É"),
        (r"\s\s|^\s|\s$| ,", "one space"),
    ],
)
def test_french_is_set_as_french(wrong: str, rule: str) -> None:
    found = [told for _message, told in sentences("fr") if re.search(wrong, told)]
    assert found == [], rule


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        (r"[\"']|\.\.\.| -- |«|»", "’ … “ ”"),
        (r"\d{5,}", "a comma between thousands"),
        (r"\d %|\d (?:MiB|KiB|GB|px)\b", "a no-break space before a unit"),
        (r" [;:!?,]|“ | ”|\s\s", "no space before a mark"),
    ],
)
def test_english_is_set_as_english(wrong: str, rule: str) -> None:
    found = [told for _message, told in sentences("en") if re.search(wrong, told)]
    assert found == [], rule


@pytest.mark.parametrize(("deviation", "word"), ONE_WORD.items())
def test_one_thing_has_one_french_word(deviation: str, word: str) -> None:
    assert [told for _message, told in sentences("fr") if re.search(deviation, told)] == [], word


@pytest.mark.parametrize(("deviation", "word"), ONE_ENGLISH_WORD.items())
def test_one_thing_has_one_english_word(deviation: str, word: str) -> None:
    assert [told for _message, told in sentences("en") if re.search(deviation, told)] == [], word


def test_every_placeholder_is_there_in_both() -> None:
    for message in catalogue("fr"):
        if message.id:
            there = [set(PLACEHOLDER.findall(" ".join(forms(told)))) for told in (message.id, message.string)]
            assert there[0] == there[1], message.id


def test_a_sentence_ends_as_a_sentence_in_both() -> None:
    for message in catalogue("fr"):
        if message.id and all(forms(message.string)):
            ends = [forms(told)[0].rstrip()[-1:] in ".?!…:" for told in (message.id, message.string)]
            assert ends[0] == ends[1] or forms(message.string)[0].endswith("\u00a0:"), message.id
