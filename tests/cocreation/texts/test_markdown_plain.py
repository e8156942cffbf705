"""Texts without marks: what mails, feeds and lists show, and whom a text names."""

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estime.cocreation.texts.filling import Named
from estime.cocreation.texts.plain import (
    markdown_excerpt,
    markdown_plain,
    quote_write,
    references_of,
)

ONE = UUID("01890000-0000-7000-8000-000000000001")
TWO = UUID("01890000-0000-7000-8000-000000000002")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("# A\n\n*b* **c** `d`", "A\n\nb c d"),
        ("one\ntwo\n\n\n\nthree", "one\ntwo\n\nthree"),
        ("- a\n- b\n  - c\n\n3. d\n4. e", "- a\n- b\n  - c\n\n3. d\n4. e"),
        ("- a\n\n  b\n- c", "- a\n\n  b\n\n- c"),
        ("> a\n> b\n\nc", "> a\n> b\n\nc"),
        ("[x](https://a.example) <b>", "x <b>"),
        ("| a | b |\n|---|---|\n| 1 | *2* |\n\nc", "a | b\n1 | 2\n\nc"),
        ("```\n*a*\n```\nb", "*a*\n\nb"),
        (f"![un chat](picture:{ONE})", "un chat"),
        ("@[m-1] and @[m-2]", "@Zoé and @…"),
        ("", ""),
        ("&amp; &lt;", "& <"),
    ],
)
def test_plain(text, plain):
    assert markdown_plain(text, mentions={"m-1": Named("Zoé", "/x")}) == plain


def test_an_excerpt_is_what_somebody_says_themselves():
    text = quote_write("what another said", TWO) + "What I say,\nin *two* lines."
    assert markdown_excerpt(text) == "What I say, in two lines."
    assert markdown_excerpt(quote_write("only this", TWO)) == "> only this"
    assert markdown_excerpt("a long sentence, with words", 20) == "a long sentence…"
    assert markdown_excerpt("x" * 50, 20) == "x" * 19 + "…"


@given(st.text(max_size=300), st.integers(10, 100))
@settings(max_examples=100, deadline=None)
def test_an_excerpt_is_one_line_and_no_longer(text, length):
    told = markdown_excerpt(text, length)
    assert len(told) <= length
    assert "\n" not in told


def test_whom_and_what_a_text_names():
    text = f"@[m-1] @[m-2] @[m-1] `@[code]` ![x](picture:{ONE})\n\n" + quote_write(
        f"a ![y](picture:{ONE})", TWO
    )
    assert references_of(text) == (("m-1", "m-2"), (ONE,), (TWO,))
    assert references_of("    @[code]\n\n[quote:nothing] ![x](picture:none)") == ((), (), ())


@given(st.text(alphabet="ab> *\n-#|", max_size=60))
@settings(max_examples=200, deadline=None)
def test_a_quotation_of_anything_is_one(text):
    written = quote_write(text, TWO)
    assert references_of(written + "and then").quotes == (TWO,)
    assert markdown_plain(written + "and then").endswith("and then")
