"""Both catalogues: nothing untranslated, nothing stale, every placeholder kept."""

import re
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import estime
from estime.web.words import words_of

ROOT = Path(estime.__file__).parent
LANGS = ("fr", "en")


def catalogue(lang: str) -> Catalog:
    with (ROOT / "locale" / lang / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=lang)


def forms(told: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (told,) if isinstance(told, str) else tuple(told)


def said(message: Message) -> bool:
    """Not the header, and translated: msgfmt leaves the rest out."""
    return bool(message.id) and all(forms(message.string))


def told_in(told: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Each with its context, which Babel reads as bytes from one and as text from the other."""
    return {
        (_as_text(message.context), *forms(message.id)): forms(message.string)
        for message in told
        if said(message)
    }


def _as_text(context: str | bytes | None) -> str:
    return context.decode() if isinstance(context, bytes) else context or ""


def test_every_french_sentence_is_written() -> None:
    for message in catalogue("fr"):
        if message.id:
            assert all(forms(message.string)), message.id
            assert not message.fuzzy, message.id


def test_translations_keep_their_placeholders() -> None:
    for message in catalogue("fr"):
        if message.id:
            allowed = {name for form in forms(message.id) for name in re.findall(r"\{\w+\}|%\(\w+\)s", form)}
            for form in forms(message.string):
                assert set(re.findall(r"\{\w+\}|%\(\w+\)s", form)) <= allowed, message.id
            kept = {name for form in forms(message.string) for name in re.findall(r"\{\w+\}|%\(\w+\)s", form)}
            assert kept == allowed, message.id


@pytest.mark.parametrize("lang", LANGS)
def test_the_compiled_catalogue_is_the_written_one(lang: str) -> None:
    with (ROOT / "locale" / lang / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = told_in(read_mo(file))
    written = told_in(catalogue(lang))
    assert compiled == written


def test_every_string_of_the_source_is_in_the_catalogues() -> None:
    words = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
    found = {
        forms(message)[-1] if context else forms(message)[0]
        for part in ("readouts", "web")
        for _file, _line, message, _notes, context in extract_from_dir(
            ROOT / part, [("**.py", "python")], keywords=words
        )
    }
    templates = [*ROOT.glob("readouts/templates/**/*.html"), *ROOT.glob("web/templates/**/*.html")]
    for template in templates:
        found |= {
            told[1]
            for told in re.findall(
                r"""\{% translate (["'])(.+?)\1(?: context .+?)? %\}""", template.read_text("utf-8")
            )
        }
    for page in ROOT.glob("web/jinja2/**/*.html"):
        for word in words_of(page.read_text("utf-8")):
            found.add(word.messages[1 if word.function == "pgettext" else 0] or "")
    known = {forms(message.id)[0] for message in catalogue("fr") if message.id}
    assert found - known == set()
    assert len(found) > 120
