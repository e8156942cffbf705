"""Protects people who wrote about one product: nobody finds them by taking what is told from the whole."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from estime.listening import api
from estime.listening.actions.forget import forget_accounts
from estime.listening.actions.targets_tell import UNNAMED, _figures
from estime.listening.models import Followed
from estime.listening.queries import targets_told as module
from estime.listening.search_models import TargetsTold
from estime.listening.suppression import overlapping_shown

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 3, 31)


def columns(*texts: tuple[int, int]) -> dict[str, Any]:
    """Negative texts about products of these (account, product), on the last day."""
    accounts, products = (np.array(one, np.int64) for one in zip(*texts, strict=True))
    day = np.full(len(texts), (UNTIL - date(1970, 1, 1)).days)
    two, none = np.full(len(texts), 2), np.zeros(len(texts), np.int64)
    return {
        "seq": accounts, "account": accounts, "day": day, "target": two, "target_id": products, "felt": none,
    }  # fmt: skip


def told(monkeypatch: pytest.MonkeyPatch, *texts: tuple[int, int]) -> dict[int, Any]:
    figures = _figures(columns(*texts), UNTIL, 30)
    TargetsTold.objects.create(days=30, mark=1, until=UNTIL, made=timezone.now(), figures=figures)
    listed = {number: SimpleNamespace(kind=2, name=name) for number, name in enumerate("abc", 1)}
    monkeypatch.setattr(module, "targets_installed", lambda _: SimpleNamespace(by_identity=listed))
    page = api.targets_told(30)
    assert page is not None
    return {one.target_id: one.now for one in page.targets}


def wrote(people: range, product: int) -> list[tuple[int, int]]:
    return [(account, product) for account in people]


@pytest.mark.parametrize("few", [1, 0])
def test_a_product_of_few_people_is_not_what_is_left_of_the_whole(
    db: None, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """`few` 1: three people wrote about product 3; 0: about a product that is not listed."""
    now = told(monkeypatch, *wrote(range(30), 1), *wrote(range(30, 45), 2), *wrote(range(45, 48), 3 * few))
    assert (now[0].people, now[1].people) == (48, 30)
    assert (now[2].people, now[2].texts, now[2].shares, now[2].held) == (0, 0, None, True)
    assert UNNAMED not in now


def test_with_enough_people_each_all_is_told(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    now = told(monkeypatch, *wrote(range(30), 1), *wrote(range(10), 2), *wrote(range(40, 50), 0))
    assert {number: one.people for number, one in now.items()} == {0: 40, 1: 30, 2: 10}
    assert all(one.shares is not None for one in now.values())


@given(st.dictionaries(st.integers(1, 6), st.integers(0, 40)), st.integers(2, 15))
def test_what_is_left_out_is_nobody_or_holds_one_large_group(sizes: dict[int, int], smallest: int) -> None:
    shown = overlapping_shown(sizes, smallest)
    hidden = [size for name, size in sizes.items() if name not in shown and size]
    assert all(sizes[name] >= smallest for name in shown)
    assert not shown or not hidden or max(hidden) >= smallest


def test_who_is_erased_has_the_sums_counted_anew(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, *wrote(range(12), 1))
    Followed.objects.create(reader="x", step=1)
    forget_accounts([1])
    assert TargetsTold.objects.get().mark == -1
