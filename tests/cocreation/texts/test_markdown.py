"""What Markdown becomes: safe, as people expect it, and in the shape that the pages’ design is made for."""

from uuid import UUID

import pytest
from cocreation.texts.browserly import Seen
from hypothesis import given, settings
from hypothesis import strategies as st

from estime.cocreation.texts.filling import Named, Shown
from estime.cocreation.texts.markdown import markdown_fill, markdown_html, markdown_keep
from estime.cocreation.texts.parsing import text_clean, tokens_of
from estime.cocreation.texts.plain import quote_write
from estime.cocreation.texts.rendering import tokens_html

COMMENT = UUID("01890000-0000-7000-8000-000000000002")
LINK = '<a href="{0}" rel="nofollow ugc noopener">{1}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Bonjour", "<p>Bonjour</p>\n"),
        ("one\ntwo\n\nthree", "<p>one<br>two</p>\n<p>three</p>\n"),
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <s>c</s> <code>d</code></p>\n"),
        ("## A\n#### B", "<h3>A</h3>\n<h4>B</h4>\n"),
        ("# A\n## B\n### C\n###### F", "<h3>A</h3>\n<h4>B</h4>\n<h5>C</h5>\n<h6>F</h6>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"),
        ("```py\nx < y\n```", '<pre tabindex="0"><code>x &lt; y\n</code></pre>\n'),
        ("a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>\n"),
        ("snake_case_name and 2*3*4", "<p>snake_case_name and 2<em>3</em>4</p>\n"),
        ("5 < 6 & 7 > 2", "<p>5 &lt; 6 &amp; 7 &gt; 2</p>\n"),
        (
            "| a | b |\n|---|--:|\n| 1 | 2 |",
            '<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">a</th><th scope="col" class="num">b'
            '</th></tr>\n</thead>\n<tbody><tr><td>1</td><td class="num">2</td></tr>\n</tbody>\n</table></div>\n',
        ),
    ],
)
def test_what_it_becomes(text, html):
    assert markdown_html(text) == html


@pytest.mark.parametrize(
    ("text", "address", "shown", "after"),
    [
        ("https://a.example", "https://a.example", "https://a.example", ""),
        ("https://a.example/x_y_z.", "https://a.example/x_y_z", "https://a.example/x_y_z", "."),
        ("https://a.example/_b_ !", "https://a.example/_b", "https://a.example/_b", "_ !"),
        ("https://fr.example/A_(b)", "https://fr.example/A_(b)", "https://fr.example/A_(b)", ""),
        (
            "https://a.example/?a=1&b=2",
            "https://a.example/?a=1&amp;b=2",
            "https://a.example/?a=1&amp;b=2",
            "",
        ),
        ("https://été.example/é", "https://xn--t-9fab.example/%C3%A9", "https://été.example/é", ""),
        ("http://a.example:8080/: b", "http://a.example:8080/", "http://a.example:8080/", ": b"),
        ("<https://a.example>", "https://a.example", "https://a.example", ""),
        ("[x](https://a.example 'title')", "https://a.example", "x", ""),
        ("[x](mailto:a@b.example)", "mailto:a@b.example", "x", ""),
    ],
)
def test_addresses_are_links(text, address, shown, after):
    assert markdown_html(text) == f"<p>{LINK.format(address, shown)}{after}</p>\n"
    assert markdown_html(f"({text})").count("<a ") == 1


def test_a_bracket_around_an_address_is_not_part_of_it():
    assert markdown_html("(https://a.example/b)") == f"<p>({LINK.format(*['https://a.example/b'] * 2)})</p>\n"


@pytest.mark.parametrize(
    "text", ["a@b.example", "see file://x", "xhttps://a.example", "ftp://a.example", "http://"]
)
def test_what_is_no_address_is_no_link(text):
    assert "<a " not in markdown_html(text)


def test_a_member_is_called_by_the_name_they_have_now():
    kept = markdown_keep("Merci @[m-1], @[m-2] et moi@[m-1]. `@[m-1]`")
    told = markdown_fill(kept, mentions={"m-1": Named("Zoé <3", "/fr/m/1/")})
    assert '<a class="mention" href="/fr/m/1/">@Zoé &lt;3</a>, @… et moi@[m-1]. <code>@[m-1]</code>' in told
    assert "@Léa" in markdown_fill(kept, mentions={"m-1": Named("Léa", "/fr/m/1/")})


def test_a_quotation_says_whose_words_they_are():
    text = quote_write("Une *poche*\n\n> d’avant\n\nen plus", COMMENT) + "D’accord."
    html = markdown_html(text, quotes={COMMENT: Named("Léa", "/fr/c/2/")})
    assert html == (
        '<blockquote class="said-by">\n<p>Une <em>poche</em></p>\n<p>en plus</p>\n'
        '<footer><a href="/fr/c/2/">Léa</a></footer></blockquote>\n<p>D’accord.</p>\n'
    )
    assert "<footer" not in markdown_html(text)
    assert str(COMMENT) not in markdown_html(text)


def test_only_at_the_end_of_a_quotation_it_says_so():
    for text in (
        f"[quote:{COMMENT}]",
        f"> [quote:{COMMENT}] and more",
        f"> a\n>\n> [quote:{COMMENT}]\n>\n> b",
    ):
        assert "said-by" not in markdown_html(text, quotes={COMMENT: Named("Léa", "/x")})


def test_too_many_pictures_are_what_they_show():
    text = f"![chat](picture:{COMMENT}) " * 50
    html = markdown_html(text, pictures={COMMENT: Shown("/p.webp")})
    assert (html.count("<img"), html.count("chat")) == (40, 50)


def test_a_picture_says_what_it_shows_where_the_text_does_not():
    html = markdown_html(f"![](picture:{COMMENT})", pictures={COMMENT: Shown("/p.webp", alt="Un chat")})
    assert 'alt="Un chat"' in html


def test_tables_that_are_no_tables_stay_letters():
    wide = "|" + "a|" * 30 + "\n|" + "-|" * 30
    long = "|a|b|\n|-|-|\n" + "|1|2|\n" * 3_000
    assert "<table" not in markdown_html(wide)
    assert "<table" not in markdown_html(long)
    assert Seen(markdown_html(long)).letters.count("|1|2|") == 3_000
    assert "<table" in markdown_html("|a|b|\n|-|-|\n" + "|1|2|\n" * 500)


def test_the_same_text_is_the_same_page_whatever_was_shown_before():
    first = markdown_html("un *texte* @[m-1]", mentions={"m-1": Named("A", "/a")})
    for _ in range(3):
        assert markdown_html("un *texte* @[m-1]", mentions={"m-1": Named("A", "/a")}) == first
    assert "@B" in markdown_html("un *texte* @[m-1]", mentions={"m-1": Named("B", "/b")})


def test_what_is_remembered_stays_within_bounds(monkeypatch):
    from estime.cocreation.texts import markdown
    from estime.cocreation.texts.memory import Memory

    memory = Memory(10_000)
    monkeypatch.setattr(markdown, "_MEMORY", memory)
    for number in range(500):
        markdown_html(f"text *{number}* " + "x" * 100)
    held = sum(len(text) + len(html) for text, html in memory._kept.items())
    assert 0 < held == memory._held <= 10_000
    markdown_html("long " * 10_000)
    assert sum(map(len, memory._kept)) < 10_000


PIECES = [*"abcé ’«»!?.,;()%\"'\u00a0\n\n1:/-+=", "https", "- ", "1. ", "=\n", "  ", " \n"]
PLAIN = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@given(PLAIN)
@settings(max_examples=400, deadline=None)
def test_the_short_way_for_plain_texts_leads_to_the_same_page(text):
    """Most comments hold no Markdown at all and are not parsed: it must make no difference."""
    whole = tokens_html(tokens_of(text_clean(text)))
    if "<a " not in whole:
        assert markdown_keep(text).replace("&nbsp;", "\u00a0") == whole


@given(
    st.text(
        alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="@"), max_size=120
    )
)
@settings(max_examples=200, deadline=None)
def test_no_letter_is_lost(text):
    """Letters and digits of a line stand on its page; only signs may mean something else."""
    shown = Seen(markdown_html("x " + text)).letters + markdown_html("x " + text)
    for word in filter(str.isalpha, text.split()):
        assert word in shown
