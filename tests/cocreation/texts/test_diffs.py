"""Two versions side by side: what people read is what became of the text, letter by letter."""

import re
from html import unescape

import pytest
from cocreation.texts.browserly import Seen
from hypothesis import given, settings
from hypothesis import strategies as st

from estime.cocreation.texts.aligning import align
from estime.cocreation.texts.diff_html import difference_html
from estime.cocreation.texts.diff_signs import readable
from estime.cocreation.texts.diffs import Difference, difference, text_after, text_before
from estime.cocreation.texts.wording import paragraphs, words

WORDS = ["la", "gourde", "l’idée", "légère", "très", "don’t", "3,5", "-", ",", ".", "<b>", "@[m-1]", "et"]
TEXTS = st.lists(st.sampled_from([*WORDS, " ", " ", "\n", "\n\n", "\n \n"]), max_size=60).map(
    "".join
) | st.text(max_size=80)


def told(runs) -> list[str]:
    marks = {"same": "", "gone": "-", "new": "+"}
    return [marks[run.how] + run.text for run in runs]


def between(before: str, after: str) -> Difference:
    return difference(("", before), ("", after))


@given(TEXTS, TEXTS, TEXTS, TEXTS)
@settings(max_examples=300, deadline=None)
def test_both_versions_can_be_read_off(old_title, old, new_title, new):
    found = difference((old_title, old), (new_title, new))
    assert text_before(found) == (old_title, old)
    assert text_after(found) == (new_title, new)
    assert found.changed == ((old_title, old) != (new_title, new))


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_pieces_put_together_are_the_text(text):
    assert "".join(words(text)) == text
    assert "".join(one.whole for one in paragraphs(text)) == text


@given(st.lists(st.integers(0, 6), max_size=40), st.lists(st.integers(0, 6), max_size=40))
@settings(max_examples=200, deadline=None)
def test_what_stayed_is_the_same_on_both_sides_and_in_order(left, right):
    at = (0, 0)
    for same in align(left, right):
        assert same.length > 0
        assert (same.left, same.right) >= at
        assert same.left >= at[0]
        assert same.right >= at[1]
        assert left[same.left : same.left + same.length] == right[same.right : same.right + same.length]
        at = (same.left + same.length, same.right + same.length)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("L’idée d'aujourd’hui", ["L’", "idée", " ", "d'", "aujourd’hui"]),
        ("I don’t know", ["I", " ", "don’t", " ", "know"]),
        ("qu’on 3,5 l. !", ["qu’", "on", " ", "3,5", " ", "l", ".", " ", "!"]),
        ("see https://a.example/b?c=d.", ["see", " ", "https://a.example/b?c=d."]),
    ],
)
def test_words(text, pieces):
    assert words(text) == pieces


def test_a_sentence_reads():
    found = between(
        "Une gourde plus légère, avec un bouchon qui ferme bien.",
        "Une gourde beaucoup plus légère, avec un bouchon qui se visse.",
    )
    assert told(found.blocks[0].runs) == [
        *("Une gourde ", "+beaucoup ", "plus légère, avec un bouchon qui ", "-ferme bien", "+se visse", "."),
    ]


def test_no_islands_between_changes():
    """A lone “le” that stayed between two changes is no help to anybody."""
    found = between("le chat noir de la voisine dort", "le chien blanc de mon ami dort")
    assert told(found.blocks[0].runs) == [
        "le ",
        "-chat noir",
        "+chien blanc",
        " de ",
        "-la voisine",
        "+mon ami",
        " dort",
    ] or told(found.blocks[0].runs) == ["le ", "-chat noir de la voisine", "+chien blanc de mon ami", " dort"]


def test_an_elision_is_kept_apart_from_its_word():
    assert told(between("C’est l’idée", "C’est l’envie").blocks[0].runs) == ["C’est l’", "-idée", "+envie"]


def test_paragraphs_that_came_went_and_moved():
    one, two, three, four = (
        "First of all, a pocket.",
        "Second, a strap.",
        "Third, it has to be light.",
        "Fourth.",
    )
    found = between("\n\n".join([one, two, three]), "\n\n".join([two, four, three, one]))
    kinds = [
        (block.kind, "".join(run.text for run in block.runs).strip(), block.pair) for block in found.blocks
    ]
    assert ("moved-away", one, 1) in kinds
    assert ("moved-here", one, 1) in kinds
    assert ("new", four, 0) in kinds
    assert [kind for kind, text, _pair in kinds if text in (two, three)] == ["same", "same"]


def test_a_paragraph_that_is_another_is_not_told_as_changed():
    found = between("Nothing of this will stay at all.", "Une phrase tout autre, en français.")
    assert [block.kind for block in found.blocks] == ["gone", "new"]


@given(TEXTS, TEXTS, TEXTS)
@settings(max_examples=150, deadline=None)
def test_the_page_holds_letters_and_nothing_else(title, old, new):
    seen = Seen(difference_html(difference((title, old), ("another", new))))
    allowed = {"div", "p", "del", "ins", "span", "br", "details", "summary", "a"}
    assert {tag for tag, _attributes in seen.tags} <= allowed
    for _tag, attributes in seen.tags:
        assert set(attributes) <= {"class", "href", "id"}
        assert re.fullmatch(r"#moved-\d+|", attributes.get("href") or "")


def test_nothing_that_was_written_runs():
    nasty = "<script>alert(1)</script> <img src=x onerror=alert(1)> @[<b onclick=x>]"
    nasty += " ![<svg onload=x>](picture:01890000-0000-7000-8000-000000000001)"
    for html in (
        difference_html(difference((nasty, nasty), ("", ""))),
        difference_html(difference(("", "a"), (nasty, f"a\n\n{nasty}"))),
    ):
        assert {tag for tag, _attributes in Seen(html).tags} <= {"div", "p", "del", "ins", "span", "br"}
        assert "<script>alert(1)</script>" in Seen(html).letters


def test_it_is_said_in_words_and_numbers_of_pictures_are_not():
    before = "a ![un chat](picture:01890000-0000-7000-8000-000000000001) b"
    after = "a ![un chien](picture:01890000-0000-7000-8000-000000000002) b"
    html = difference_html(between(before, after))
    assert "0189" not in html
    assert '<del><span class="unseen"> removed: </span>[picture: un chat]' in html
    assert '<ins><span class="unseen"> added: </span>[picture: un chien]' in html


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Un **mot** ici", "Un **nom** ici", "Un −mot−+nom+ ici"),
        ("Clic clac", "Clic **clac**", "Clic clac [only its look changed]"),
        ("- un\n- deux", "- un\n- trois", "• un\n• −deux−+trois+"),
        ("a [ici](https://a.org/x)", "a [là](https://a.org/x)", "a −ici−+là+ (https://a.org/x)"),
        ("5 * 3 * 2 et snake_case_x", "5 * 4 * 2 et snake_case_x", "5 * −3−+4+ * 2 et snake_case_x"),
    ],
)
def test_people_read_words_and_not_signs(old, new, told):
    html = re.sub(r'<span class="unseen">.*?</span>', "", difference_html(between(old, new)))
    seen = re.sub(r"</?ins>", "+", re.sub(r"</?del>", "−", html.replace("<br>", "\n")))
    seen = unescape(re.sub(r"<[^>]+>", "", seen)).strip()
    assert seen.replace("− +", "−+") == told.replace("− +", "−+")


@given(TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_without_signs_no_word_is_lost(old, new):
    for block in between(old, new).blocks:
        for side in ("gone", "new"):
            before = "".join(run.text for run in block.runs if run.how in ("same", side))
            after = "".join(run.text for run in readable(block.runs) if run.how in ("same", side))
            without = re.sub(r"\[quote:[0-9a-fA-F-]{36}\]", "", before)
            assert re.findall(r"[^\W_]+", after) == re.findall(r"[^\W_]+", without)


def test_what_stayed_for_long_is_folded():
    same = [f"Paragraph number {number} stays." for number in range(10)]
    html = difference_html(between("\n\n".join(same), "\n\n".join([*same[:5], "New.", *same[5:]])))
    assert html.count("<details>") == 2
    assert "4 paragraphs as before" in html
    for paragraph in same:
        assert unescape(html).count(paragraph) == 1
    assert "<details>" not in difference_html(between("\n\n".join(same), "\n\n".join(same)))


def test_spaces_alone_are_not_shouted_about():
    assert "<ins>" not in difference_html(between("a b\n\nc", "a  b\n\n\n\nc"))


def test_a_title_in_one_line():
    found = difference(("Une gourde", ""), ("Une gourde légère", ""))
    told = difference_html(found)
    assert told.startswith('<div class="diff">\n<p class="diff-title">Une gourde')
    assert "<ins>" in told


HARD = {
    "one paragraph": ("a b c d e f g h ", "b a d c f e h g "),
    "few words": ("a b a a ", "b a b b a "),
    "paragraphs": ("a\n\nb\n\n", "b\n\na\n\na\n\n"),
    "signs": ("é!", "!é"),
    "nothing in common": ("abc def ", "xyz uvw "),
}


@pytest.mark.parametrize("name", HARD)
def test_cost_grows_with_length_and_no_faster(name, steps):
    """Steps of Python are counted: four times the text, about four times the work."""
    old, new = HARD[name]
    small, large = (
        steps(between, old * (size // len(old)), new * (size // len(new))) for size in (10_000, 40_000)
    )
    assert large < 6 * small + 50_000
