""".pb out and in again is the same budget."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tally_cases import HERE

from estime.cocreation.tally.ballots import Kind, Money, ballots_of
from estime.cocreation.tally.formats.pabulib import Pabulib, amount, decimal, read, written

AMOUNTS = st.builds(lambda n, d: Fraction(n, 10**d), st.integers(0, 10**9), st.integers(0, 3))
TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=8)
IDS = TEXTS.filter(lambda text: "," not in text and text.casefold() not in ("meta", "projects", "votes"))


def _marks(draw: st.DrawFn, kind: Kind, size: tuple[int, int]) -> np.ndarray:
    if kind is Kind.APPROVAL:
        return draw(arrays(np.bool_, size))
    if kind is Kind.SCORE:
        return draw(arrays(np.float64, size, elements=st.sampled_from([np.nan, 0.0, 1.0, 2.5, 10.0])))
    rows = [draw(st.permutations(range(1, size[1] + 1))) for _ in range(size[0])]
    cut = [draw(st.integers(0, size[1])) for _ in rows]
    return np.array([[r if r <= c else 0 for r in row] for row, c in zip(rows, cut, strict=True)]).reshape(
        size
    )


@st.composite
def budgets(draw: st.DrawFn) -> Pabulib:
    n, m = draw(st.integers(0, 5)), draw(st.integers(1, 4))
    options = draw(st.lists(IDS, min_size=m, max_size=m, unique=True))
    voters = draw(st.lists(IDS, min_size=n, max_size=n, unique=True))
    kind = draw(st.sampled_from(list(Kind)))
    ballots = ballots_of(kind, _marks(draw, kind, (n, m)), options)
    money = Money(tuple(draw(AMOUNTS) for _ in options), draw(AMOUNTS))
    projects = {option: {"category": draw(TEXTS)} for option in options}
    return Pabulib(ballots, money, tuple(voters), {"description": draw(TEXTS)}, projects)


@settings(max_examples=80, deadline=None)
@given(budget=budgets())
def test_out_and_in_again(budget: Pabulib, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("pb") / "budget.pb"
    path.write_text(written(budget), encoding="utf-8", newline="")
    back = read(path)
    assert back.ballots.options == budget.ballots.options
    assert back.ballots.kind is budget.ballots.kind
    assert np.array_equal(
        back.ballots.marks, budget.ballots.marks, equal_nan=budget.ballots.kind is Kind.SCORE
    )
    assert (back.money, back.voters, back.projects) == (budget.money, budget.voters, budget.projects)
    assert back.meta["description"] == budget.meta["description"]
    assert written(back) == written(budget)


def test_the_sample_comes_back_without_what_people_are() -> None:
    held = read(HERE / "cases" / "pabulib_format.pb")
    assert held.meta["unit"] == "Wieliczka"
    assert held.projects["5"] == {"category": "health, sport"}
    out = written(held)
    assert "54;m" not in out
    assert "1;600;;culture, education\n" in out
    assert "\n6;1,7\n" in out


def test_a_row_of_several_voters_becomes_several() -> None:
    ballots = ballots_of(Kind.APPROVAL, [[1, 0]], ["a", "b"], counts=np.array([3]))
    out = written(Pabulib(ballots, Money((Fraction(1), Fraction(2)), Fraction(3)), ()))
    assert out.endswith("VOTES\nvoter_id;vote\n1;a\n2;a\n3;a\n")
    assert "num_votes;3\n" in out


def test_what_the_format_cannot_hold_is_refused() -> None:
    equal = ballots_of(Kind.RANKED, [[1, 1]])
    with pytest.raises(ValueError, match="equal"):
        written(Pabulib(equal, Money((Fraction(1),) * 2, Fraction(3)), ()))
    with pytest.raises(ValueError, match="no end"):
        decimal(Fraction(1, 3))


@given(AMOUNTS)
def test_amounts_are_exact(value: Fraction) -> None:
    assert amount(decimal(value)) == value


@pytest.mark.parametrize("text", ["", "-1", "NaN", "Infinity", "1e400", "one", "1e-400"])
def test_no_amounts(text: str) -> None:
    assert amount(text) is None


def test_the_format_is_told_from_its_first_line(tmp_path: Path) -> None:
    from estime.cocreation.tally.reading import read as read_any
    from estime.cocreation.tally.result import Method

    path = tmp_path / "budget.txt"
    path.write_bytes((HERE / "cases" / "pabulib_format.pb").read_bytes())
    assert read_any(path, Method.BUDGET).money.budget == 2500
