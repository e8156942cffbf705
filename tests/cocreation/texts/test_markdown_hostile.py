"""Whatever somebody writes, nothing of it runs, looks like ours, or asks another server."""

import re
from contextlib import suppress
from types import MappingProxyType
from uuid import UUID

import pytest
from cocreation.texts.browserly import check_harmless
from cocreation.texts.vectors import VECTORS
from hypothesis import given, settings
from hypothesis import strategies as st

from estime.cocreation.texts.filling import Named, Shown
from estime.cocreation.texts.markdown import markdown_html, markdown_keep
from estime.cocreation.texts.parsing import TooNested, text_clean, tokens_of
from estime.cocreation.texts.plain import markdown_excerpt, markdown_plain, references_of
from estime.cocreation.texts.rendering import tokens_html

PICTURE = UUID("01890000-0000-7000-8000-000000000001")
QUOTED = UUID("01890000-0000-7000-8000-000000000002")
NASTY = "N<img src=x onerror=alert(1)>\"' &amp;"
OURS = frozenset({"/fr/m/1/?a=1&b=2", "/pictures/1.webp", "/fr/c/1/#comment-2"})
KNOWN = MappingProxyType(
    {
        "mentions": {"marie": Named(NASTY, "/fr/m/1/?a=1&b=2")},
        "pictures": {PICTURE: Shown("/pictures/1.webp", 640, 480, NASTY)},
        "quotes": {QUOTED: Named(NASTY, "/fr/c/1/#comment-2")},
    }
)


def test_there_are_many_of_them():
    assert len(VECTORS) >= 130
    assert len(set(VECTORS)) == len(VECTORS)


@pytest.mark.parametrize("text", VECTORS)
def test_nothing_of_it_gets_through(text):
    html = markdown_html(text, **KNOWN)
    seen = check_harmless(html, OURS)
    assert seen.letters.strip() or seen.tags, "what somebody wrote is gone"
    check_harmless(markdown_html(f"- > {text}\n\n  **{text}** [{text}]({text})", **KNOWN), OURS)


@pytest.mark.parametrize("text", VECTORS)
def test_each_wall_stands_without_the_other(text):
    """The renderer alone lets nothing through; and what comes out of it loses nothing at the second wall."""
    alone = tokens_html(tokens_of(text_clean(text)))
    check_harmless(re.sub("[\x02\x03]", "", alone))
    assert check_harmless(markdown_keep(text)).letters == check_harmless(alone).letters


def test_the_second_wall_alone_lets_nothing_through(monkeypatch):
    """As if the first were not there at all."""
    monkeypatch.setattr("estime.cocreation.texts.markdown.tokens_html", lambda _tokens: "".join(_raw))
    for text in VECTORS:
        _raw = [text_clean(text).replace("\x02", "")]
        check_harmless(markdown_keep("# all of it"), OURS)


def test_a_picture_is_ours_or_none():
    html = markdown_html(f"![un chat](picture:{PICTURE}) ![x](https://evil.example/a.png)", **KNOWN)
    assert html.count("<img") == 1
    assert (
        '<img src="/pictures/1.webp" alt="un chat" width="640" height="480" loading="lazy" decoding="async">'
        in html
    )
    assert '<a href="https://evil.example/a.png" rel="nofollow ugc noopener">x</a>' in html


def test_a_picture_of_somebody_elses_stays_what_it_is_said_to_show():
    assert markdown_html(f"![un chat](picture:{QUOTED})", **KNOWN) == "<p>un chat</p>\n"


def test_a_link_vouches_for_nothing_and_holds_no_other():
    html = markdown_html(
        "[a [b](https://b.example) c](https://a.example) [@[marie]](https://c.example)", **KNOWN
    )
    assert html.count('rel="nofollow ugc noopener"') == html.count("<a ") == 3
    assert '<a href="https://b.example" rel="nofollow ugc noopener">b</a>' in html
    assert re.search(r"<a [^>]*>(?:(?!</a>).)*<a ", html) is None


def test_marks_cannot_be_forged():
    """What names and pictures are filled into is made of letters that no text can hold."""
    for text in (
        "\x02m:marie\x03",
        "&#2;m:marie&#3;",
        "`\x02m:marie\x03`",
        "[\x02m:marie\x03](https://a.example)",
    ):
        assert "/fr/m/1/" not in markdown_html(text, **KNOWN)
        assert "\x02" not in markdown_keep(text)


PIECES = st.sampled_from(
    [
        *("  \n", "\n\n", "> ", "- ", "1. ", "```\n", "    ", "](", "![", "@[marie]", "|-|", "é", "word"),
        *(
            "javascript:",
            "https://a.example/",
            "&#106;",
            "&colon;",
            f"![x](picture:{PICTURE})",
            f"[quote:{QUOTED}]",
        ),
        *("<script>", "</p>", "<img src=x onerror=alert(1)>", "\x02m:", "\x03", "\ufeff", "\u2028"),
        *"*_`~[]()<>!#&|\\\"'@:;=-+.\n\t /",
    ]
)


@given(st.lists(PIECES, max_size=60).map("".join))
@settings(max_examples=250, deadline=None)
def test_nothing_that_can_be_put_together_gets_through(text):
    html = markdown_html(text, **KNOWN)
    check_harmless(html, OURS)
    assert "\x02" not in html
    assert "\x03" not in html
    with suppress(TooNested):
        check_harmless(re.sub("[\x02\x03]", "", tokens_html(tokens_of(text_clean(text)))))
    markdown_plain(text)
    markdown_excerpt(text)
    references_of(text)


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_letters(text):
    check_harmless(markdown_html(text, **KNOWN), OURS)


GROWING = {
    "brackets": "[",
    "brackets with an end": None,
    "pictures": "![a](picture:",
    "links begun": "[a](<b",
    "stars": "a**b_",
    "strikes": "~~a",
    "backticks": None,
    "quotations": "> ",
    "lists": None,
    "lists and quotations": "- > ",
    "lazy lines": None,
    "empty cells": None,
    "cells": "a|\n",
    "ampersands": "&#",
    "angles": "<a ",
    "addresses": "http://",
    "addresses refused": "http://a@",
    "brackets in addresses": "http://a.b/((((",
    "mentions": "@[a",
    "headings": "# \n",
    "fences": "```\n",
    "definitions": "[a]: https://b.example\n",
}


def grown(name: str, size: int) -> str:
    if name == "brackets with an end":
        return "[" * (size // 6) + "x" + "](u)" * (size // 6)
    if name == "backticks":
        return "".join("`" * run + " " for run in range(1, int((2 * size) ** 0.5)))
    if name == "lists":
        return "\n".join(" " * depth + "- a" for depth in range(int((2 * size) ** 0.5)))
    if name == "lazy lines":
        return "> " * 11 + "\n" + "a\n" * (size // 2)
    if name == "empty cells":
        return "|a" * 19 + "|\n" + "|-" * 19 + "|\n" + "|\n" * (size // 2)
    return (GROWING[name] or "") * (size // len(GROWING[name] or "x"))


@pytest.mark.parametrize("name", GROWING)
def test_cost_grows_with_length_and_no_faster(name, steps):
    """Steps of Python are counted, not seconds: four times the text, about four times the work."""
    small, large = (steps(markdown_keep, grown(name, size)) for size in (2_000, 8_000))
    assert large < 6 * small + 20_000


@pytest.mark.parametrize("name", GROWING)
def test_a_page_does_not_grow_out_of_a_few_letters(name):
    text = grown(name, 20_000)
    assert len(markdown_keep(text)) < 21 * len(text) + 10_000


def test_more_than_anybody_means_is_shown_as_it_was_written():
    """Nothing is left out: where markdown-it would stop reading, and where a text is a book."""
    deep = "> " * 50 + "**deep**"
    assert "**deep**" in markdown_keep(deep)
    assert "**deep**" in markdown_plain(deep)
    book = "a *b*\n\n" * 20_000
    assert "<em>" not in markdown_keep(book)
    assert markdown_keep(book).count("<p>") == 20_000
    assert "<em>" in markdown_keep(book[:30_000])


def test_a_megabyte_is_nothing_special(steps):
    assert steps(markdown_keep, "[" * 1_000_000) < 10_000
