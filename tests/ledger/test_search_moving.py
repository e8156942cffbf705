"""Whoever reads the index while it is written is told what stands after it, without an error or a gap."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from ledger.acts import act, rows
from ledger.search_cases import ByHand, account, caught_up, drafts, small_blocks

from estime.ledger import api
from estime.ledger.search import find, kinds
from estime.ledger.search import rows as index_rows
from estime.ledger.search.find import Search
from estime.ledger.search.terms import UNDONE
from estime.ledger.search.wanted import ActFilter

pytestmark = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)  # the SQL is tested elsewhere


@pytest.fixture(autouse=True)
def _ledger(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_blocks(monkeypatch)
    api.append("forum", rows(*drafts(200)))
    caught_up()


def once_before(monkeypatch: pytest.MonkeyPatch, name: str, what: Callable[[], object]) -> list[int]:
    """Do something right before a function of the index's rows runs for the first time."""
    real, done = getattr(index_rows, name), []

    def then(wanted: Iterable[object]) -> object:
        if not done:
            done.append(1)
            what()
        return real(wanted)

    monkeypatch.setattr(index_rows, name, then)
    return done


def more_come_in() -> None:
    """Acts between those that are there: every block is written anew."""
    api.append("forum", rows(*(told._replace(source_id=f"b{told.source_id}") for told in drafts(200))))
    caught_up()


def test_a_page_of_blocks_that_are_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    done = once_before(monkeypatch, "parts", more_come_in)
    told = ActFilter(account=account("person-3"))
    assert [seq for _, seq in Search(told).page(None, 500).acts] == ByHand().found(told)
    assert done


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_count_and_an_account_meanwhile(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    key = account("person-3")
    told, acts = ActFilter(account=key, standing=True), api.OfAccount(key)
    looks: list[Callable[[], object]] = [
        lambda: len(acts.newest(500)),
        lambda: acts.tally(()).active,
        lambda: Search(told).count(10_000).acts,
    ]

    def one_more() -> None:
        api.append("forum", rows(*(act(7000 + n, actor="person-3") for n in range(30))))
        caught_up()

    kinds._KEPT.clear()
    done = once_before(monkeypatch, "parts" if number == 0 else "postings_of", one_more)
    found = looks[number]()
    assert found == len(ByHand().found(ActFilter(account=key) if number == 0 else told))
    assert done


def test_what_is_kept_may_be_let_go_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another thread makes room between two looks at the same memory."""
    told = ActFilter(kinds=("Like", "Flag"))
    expected = ByHand().found(told)
    Search(ActFilter(kinds=("Like",))).page(None, 500)  # kept from now on: likes, and no other kind yet
    done = once_before(monkeypatch, "postings_of", kinds._KEPT.clear)
    for kept in list(kinds._KEPT.values()):
        monkeypatch.setattr(kinds, "_MOST", len(kept.lasting))
    assert [seq for _, seq in Search(told).page(None, 500).acts] == expected
    assert done


def test_what_was_read_before_an_undo_is_not_kept_for_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    api.append("forum", rows(act(8000, actor="ann"), act(8001, actor="ann")))
    caught_up()
    told = ActFilter(account=account("ann"), standing=True)
    read = index_rows.postings_of

    def taken_back_meanwhile(wanted: Iterable[tuple[int, int]]) -> object:
        found = read(wanted)
        monkeypatch.setattr(index_rows, "postings_of", read)
        api.append("forum", rows(act(8002, actor="ann", type="Undo", object_id="a8000")))
        caught_up()
        Search(told).page(None, 10)  # somebody else looks before we have kept what we read
        return found

    version = find.blocks()[0]
    monkeypatch.setattr(index_rows, "postings_of", taken_back_meanwhile)
    kinds.kind_bits(version, [UNDONE], [block.id for block in find.blocks()[1]])
    assert [seq for _, seq in Search(told).page(None, 10).acts] == ByHand().found(told)
    assert len(ByHand().found(told)) == 2


def test_a_page_of_a_rare_phrase_reads_texts_in_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    """The index narrows nothing down here, and one act is wanted beyond those that fit: not a query for each text."""
    monkeypatch.setattr(find.Terms, "of_part", lambda self, part: iter(()))
    told = ActFilter(words='"deux emballages"', kinds=("Create",))
    expected = ByHand().found(told)
    Search(told).page(None, 5)
    with CaptureQueriesContext(connection) as asked:
        page = Search(told).page(None, len(expected))
    assert [seq for _, seq in page.acts] == expected
    assert not page.more
    assert len(asked) < 20
