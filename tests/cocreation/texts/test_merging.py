"""Two people changed the same text: nobody's words are lost, and nobody's sentence is made of two halves."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estime.cocreation.texts.merging import Agreed, Conflict, Merged, merged_with, three_way
from estime.cocreation.texts.wording import is_word, words

TEXTS = st.lists(st.sampled_from(["a", "b", "c", "d", "e", " ", " ", ".", "\n\n"]), max_size=25).map("".join)


def said(text: str) -> Counter[str]:
    return Counter(filter(is_word, words(text)))


@st.composite
def changed(draw):
    """A text of words that stand in it once, and two versions with words of their own, as two people make them."""
    base = [
        f"w{number}{draw(st.sampled_from(['', ',', '.', chr(10) * 2]))}"
        for number in range(draw(st.integers(1, 15)))
    ]

    def version(prefix):
        made = list(base)
        for number in range(draw(st.integers(0, 4))):
            at = draw(st.integers(0, len(made)))
            what = draw(st.sampled_from(["put in", "take out", "replace"]))
            made[at : at if what == "put in" else at + 1] = (
                [] if what == "take out" else [f"{prefix}{number}"]
            )
        return " ".join(made)

    return " ".join(base), version("mine"), version("theirs")


@given(TEXTS, TEXTS)
@settings(max_examples=150, deadline=None)
def test_a_side_that_changed_nothing_changes_nothing(base, other):
    assert three_way(base, other, base).text == other
    assert three_way(base, base, other).text == other
    assert three_way(base, other, other).text == other


@given(TEXTS, TEXTS, TEXTS)
@settings(max_examples=300, deadline=None)
def test_both_sides_may_be_swapped(base, mine, theirs):
    one, other = three_way(base, mine, theirs), three_way(base, theirs, mine)
    turned = tuple(
        Conflict(piece.base, piece.theirs, piece.mine) if isinstance(piece, Conflict) else piece
        for piece in other.pieces
    )
    assert one.pieces == turned


@given(TEXTS, TEXTS, TEXTS)
@settings(max_examples=300, deadline=None)
def test_choosing_one_side_everywhere_keeps_every_word_of_it_that_is_its_own(base, mine, theirs):
    merged = three_way(base, mine, theirs)
    number = len(merged.conflicts)
    own = said(mine) - said(base)
    assert not own - said(merged_with(merged, ["mine"] * number))
    assert not own - said(merged_with(merged, ["both"] * number))
    assert not (said(theirs) - said(base)) - said(merged_with(merged, ["both"] * number))


@given(changed())
@settings(max_examples=200, deadline=None)
def test_no_word_is_lost(texts):
    """What somebody brought is there once, what nobody took out is there once, and nothing else is."""
    base, mine, theirs = map(said, texts)
    merged = three_way(*texts)
    result = said(merged_with(merged, ["both"] * len(merged.conflicts)))
    wanted = ((mine | theirs) - base) + (base & mine & theirs)
    assert not wanted - result
    if not merged.conflicts:
        assert result == wanted


@given(TEXTS, TEXTS, TEXTS)
@settings(max_examples=150, deadline=None)
def test_conflicts_are_conflicts_and_pieces_are_whole(base, mine, theirs):
    merged = three_way(base, mine, theirs)
    for conflict in merged.conflicts:
        assert conflict.mine != conflict.theirs
        assert conflict.base not in (conflict.mine, conflict.theirs)
    assert all(piece.text for piece in merged.pieces if isinstance(piece, Agreed))


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "text"),
    [
        ("le chat noir dort", "le chat blanc dort", "le chat noir dort bien", "le chat blanc dort bien"),
        (
            "One.\n\nTwo.",
            "Zero.\n\nOne.\n\nTwo.",
            "One.\n\nTwo.\n\nThree.",
            "Zero.\n\nOne.\n\nTwo.\n\nThree.",
        ),
        ("a b c", "a x c", "a x c d", "a x c d"),
        ("", "mine", "mine", "mine"),
    ],
)
def test_what_can_be_merged(base, mine, theirs, text):
    merged = three_way(base, mine, theirs)
    assert (merged.conflicts, merged.text) == ((), text)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "conflict"),
    [
        ("le chat dort", "le chien dort", "le lapin dort", Conflict("chat", "chien", "lapin")),
        (
            "la gourde rouge",
            "la bouteille rouge",
            "la gourde bleue",
            Conflict("gourde rouge", "bouteille rouge", "gourde bleue"),
        ),
        ("a", "a mine", "a theirs", Conflict("", " mine", " theirs")),
        ("a b c", "a c", "a bee c", Conflict("b ", "", "bee ")),
    ],
)
def test_what_somebody_has_to_choose(base, mine, theirs, conflict):
    merged = three_way(base, mine, theirs)
    assert merged.conflicts == (conflict,)
    with pytest.raises(ValueError, match="1 conflicts, 0 choices"):
        _ = merged.text
    assert merged_with(merged, ["mine"]) == mine
    assert merged_with(merged, ["theirs"]) == theirs
    assert merged_with(merged, ["base"]) == base


def test_a_paragraph_that_one_moved_does_not_stand_in_the_others_way():
    first, second, third = "A pocket for keys.", "A strap to carry it.", "A lid that closes."
    base = "\n\n".join([first, second, third])
    mine = "\n\n".join([second, third, first])
    merged = three_way(base, mine, base.replace("closes", "closes well"))
    assert "closes well" in merged_with(merged, ["mine"] * len(merged.conflicts))
    assert said(merged_with(merged, ["mine"] * len(merged.conflicts)))["keys"] == 1


def test_both_is_both_with_a_space_between():
    merged = three_way("le chat dort", "le chien dort", "le lapin dort")
    assert merged_with(merged, ["both"]) == "le chien lapin dort"
    assert isinstance(merged, Merged)


def test_cost_grows_with_length_and_no_faster(steps):
    texts = {
        size: [word * (size // 8) for word in ("a b c d ", "b a d e ", "a c c f ")]
        for size in (10_000, 40_000)
    }
    small, large = (steps(three_way, *texts[size]) for size in texts)
    assert large < 6 * small + 50_000
