"""The index finds exactly what reading every act would find, whatever is asked and however it came to be filled."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import connection
from ledger.acts import act, rows
from ledger.search_cases import START, ByHand, account, caught_up, channel, drafts, fill_ledger, small_blocks

from estime.ledger import api
from estime.ledger.models import Act
from estime.ledger.search import fill, find, pending
from estime.ledger.search import rows as index_rows
from estime.ledger.search.fill import index_acts
from estime.ledger.search.find import Search
from estime.ledger.search.models import SearchBlock, SearchPart, SearchPosting, SearchState, SearchWaiting
from estime.ledger.search.wanted import ActFilter, Place

SQLITE = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)  # what the SQL of both shares


@pytest.fixture(autouse=True)
def _small(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_blocks(monkeypatch)


def found(told: ActFilter) -> list[int]:
    return [seq for _at, seq in Search(told).page(None, 10_000).acts]


def some_filters(seed: int, count: int) -> Iterator[ActFilter]:
    """Filters of one to four conditions, drawn from all that there are."""
    drawn = random.Random(seed)
    ours = (account("person-1"), account("person-2", "page"))
    conditions: list[dict[str, object]] = [
        {"channel": "forum"},
        {"channel": "page"},
        {"channel": "nowhere"},
        {"kinds": ("Like",)},
        {"kinds": ("Vote",)},
        {"kinds": ("Create", "Flag")},
        {"kinds": ("Listen",)},
        {"without": ("View", "Join", "Undo")},
        {"without": ("Like",)},
        {"standing": True},
        {"account": account("person-3")},
        {"account": account("person-4", "page")},
        {"account": 1},
        {"answers_to": account("person-0")},
        {"answers_to": account("person-5", "page")},
        {"answering": True},
        {"since": START + timedelta(days=3)},
        {"until": START + timedelta(days=20, microseconds=1)},
        {"since": START - timedelta(days=30), "until": START},
        {"thread": Place(channel("forum"), "room-2")},
        {"of": Place(channel("page"), "o13")},
        {"reply_to": Place(channel("page"), "o-nowhere")},
        {"reply_to": Place(channel("page"), "o3")},
        {"prompted": True},
        {"prompted": False},
        {"brand": True, "brand_accounts": ours},
        {"brand": False, "brand_accounts": ours},
        {"words": "idee"},
        {"words": "IDEA lid"},
        {"words": '"deux emballages"'},
        {"words": '"emballages deux"'},
        {"words": "-pourquoi"},
        {"words": '-"deux emballages"'},
        {"words": "emb* -deux"},
        {"words": "emballa*"},
        {"words": "oeuvre"},
        {"words": "introuvable"},
    ]
    yield ActFilter()
    for condition in conditions:
        yield replace(ActFilter(), **condition)  # type: ignore[arg-type]
    for _ in range(count):
        told: dict[str, object] = {}
        for condition in drawn.sample(conditions, drawn.randint(2, 4)):
            told |= condition
        yield replace(ActFilter(), **told)  # type: ignore[arg-type]


def check(seed: int = 1, count: int = 60) -> None:
    somewhere, by_hand = 0, ByHand()
    for told in some_filters(seed, count):
        expected = by_hand.found(told)
        assert found(told) == expected, told
        if Search(told).query.exact:
            assert Search(told).count(100_000) == find.Count(len(expected))
        somewhere += bool(expected)
    assert somewhere > 25


def test_every_filter_finds_what_reading_every_act_finds() -> None:
    fill_ledger()
    caught_up()
    assert sorted(SearchBlock.objects.values_list("acts", flat=True)) == [20] + [40] * 7
    check()


def test_acts_asked_about_and_all_there_are_in_their_order_are_the_same_acts() -> None:
    fill_ledger()
    caught_up()
    api.append("forum", rows(act(900, published=START)))
    by_hand, absent = ByHand(), max(Act.objects.values_list("seq", flat=True))
    every = list(Act.objects.values_list("seq", flat=True))
    random.Random(3).shuffle(every)
    for told in some_filters(4, 30):
        choice, expected = api.Choice(told), [seq for seq in by_hand.found(told) if seq != absent]
        pages = list(choice.each())
        assert [seq for page in pages for _, seq in page.acts] == expected, told
        assert [page.more for page in pages] == [True] * (len(pages) - 1) + [False]
        among = choice.among([*every, 10**9])
        assert [seq for _, seq in among.found] == [seq for seq in every if seq in set(expected)], told
        assert {absent, 10**9} <= among.absent
        if choice.query.exact:
            assert choice.reach(len(expected) + 1) is None
            assert not expected or choice.reach(len(expected)) == pages[-1].acts[-1]


def test_filled_in_pieces_and_out_of_order_it_is_the_same() -> None:
    """Acts of the past, undoings before what they undo, answers before what they answer: all found their place."""
    every = drafts(300)
    pieces = [every[200:260], every[:50], every[260:], every[120:200], every[50:120]]
    for number, piece in enumerate(pieces):
        api.append("forum", rows(*piece[0::2]))
        if number % 2:
            index_acts()
        api.append("page", rows(*piece[1::2]))
    caught_up()
    check(seed=2)
    assert index_acts() == fill.Indexed(0, 0)


@SQLITE
def test_many_late_acts_inside_one_block() -> None:
    """A stretch of time that one block covered, filled with ten times as many acts."""
    api.append("forum", rows(act(1, published=START), act(2, published=START + timedelta(days=400))))
    caught_up()
    fill_ledger(400)
    caught_up()
    assert [seq for _at, seq in Search(ActFilter()).page(None, 1000).acts] == ByHand().found(ActFilter())
    firsts = list(SearchBlock.objects.order_by("first_at").values_list("first_at", "last_at"))
    assert all(last <= following for (_, last), (following, _) in pairwise(firsts))


def test_pages_forwards_and_backwards_meet() -> None:
    fill_ledger()
    caught_up()
    told = ActFilter(kinds=("Create", "Like"), standing=True)
    expected = ByHand().found(told)
    pages, cursor = [], None
    while True:
        page = Search(told).page(cursor, 17)
        pages.append(page.acts)
        if not page.more:
            break
        cursor = page.acts[-1]
    walked = [key for page in pages for key in page]
    assert [seq for _, seq in walked] == expected
    back = Search(told).page(pages[2][0], 17, newest_first=False)
    assert back.acts[::-1] == pages[1]


@SQLITE
def test_a_word_of_many_texts_that_are_not_the_phrase_stops_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(find, "EXAMINED", 30)
    monkeypatch.setattr(find, "_CHECKED", 30)
    monkeypatch.setattr(
        find.Terms, "of_part", lambda self, part: iter(())
    )  # as if the index narrowed nothing down
    fill_ledger()
    caught_up()
    told = ActFilter(words='"deux emballages"', kinds=("Create",))
    walked, cursor, stops = [], None, 0
    while True:
        page = Search(told).page(cursor, 50)
        walked += page.acts
        if not page.more:
            break
        stops += page.stopped is not None
        cursor = page.stopped or page.acts[-1]
    assert [seq for _, seq in walked] == ByHand().found(told)
    assert stops >= 2


@SQLITE
def test_months_are_counted_as_they_are() -> None:
    fill_ledger()
    caught_up()
    told = ActFilter(account=account("person-3"), standing=True)
    months: dict[int, int] = {}
    for each in Act.objects.filter(seq__in=ByHand().found(told)):
        month = (each.published.year - 1970) * 12 + each.published.month - 1
        months[month] = months.get(month, 0) + 1
    assert api.OfAccount(account("person-3")).tally(()).months == months
    assert len(months) >= 2


@SQLITE
def test_made_anew_it_is_the_same() -> None:
    fill_ledger(150)
    caught_up()
    before = set(SearchPosting.objects.values_list("data", flat=True))
    index_acts(anew=True)
    caught_up()
    assert {bytes(data) for data in SearchPosting.objects.values_list("data", flat=True)} == {
        bytes(data) for data in before
    }
    check(seed=3, count=10)


def test_a_run_that_was_cut_off_is_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    fill_ledger()
    written = []
    real = index_rows.insert_block

    def breaks(*told: object) -> int:
        if len(written) == 3:
            raise RuntimeError("killed")
        written.append(1)
        return real(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(index_rows, "insert_block", breaks)
    with pytest.raises(RuntimeError):
        index_acts()
    assert 0 < SearchBlock.objects.count() < 8
    monkeypatch.setattr(index_rows, "insert_block", real)
    caught_up()
    check(seed=4, count=20)


@SQLITE
@pytest.mark.parametrize("held", [0, 100_000])
def test_what_waited_waits_no_longer_when_it_came(monkeypatch: pytest.MonkeyPatch, held: int) -> None:
    """An answer and an undoing come before what they are about: both are right after it, and no row is left of them."""
    monkeypatch.setattr(pending, "_HELD", held)
    api.append(
        "forum",
        rows(
            act(1, actor="ann", in_reply_to="o2"),
            act(3, actor="ben", type="Undo", object_id="a2"),
            act(4, actor="ann", in_reply_to="never"),
        ),
    )
    caught_up()
    assert SearchWaiting.objects.count() == 3
    api.append("forum", rows(act(2, actor="ben")))
    caught_up()
    ben = account("ben")
    for told in (ActFilter(answers_to=ben), ActFilter(account=ben, standing=True)):
        assert found(told) == ByHand().found(told)
    assert len(found(ActFilter(answers_to=ben))) == 1
    assert SearchWaiting.objects.count() == 1


@SQLITE
def test_two_at_once_do_not_meet() -> None:
    fill_ledger(60)
    SearchState.objects.filter(pk=1).update(holder="other", held_until="2999-01-01T00:00:00Z")
    assert index_acts().busy
    assert SearchBlock.objects.count() == 0
    SearchState.objects.filter(pk=1).update(held_until="2000-01-01T00:00:00Z")  # that one died
    caught_up()
    assert found(ActFilter()) == ByHand().found(ActFilter())


@SQLITE
def test_rows_are_numbered_within_sixty_four_bits() -> None:
    fill_ledger(60)
    caught_up()
    block = SearchBlock.objects.first()
    assert block is not None
    assert SearchPart.objects.filter(pk=block.pk << 8).exists()
    for number in (0, 1023, 3_006, 10_000 + channel("page")):
        assert index_rows.posting_id(number, block.pk) < 1 << 62


@pytest.mark.parametrize(
    "installed", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_what_commits_late_is_not_missed(installed: Path) -> None:
    import psycopg

    api.append("forum", rows(act(1)))
    params = connection.get_connection_params()
    params.pop("cursor_factory", None)
    params.pop("context", None)
    with psycopg.connect(
        **{k: v for k, v in params.items() if k in ("dbname", "user", "password", "host", "port")}
    ) as open_one:
        open_one.execute(
            "INSERT INTO ledger_act (id, channel_id, source_id, actor_id, type, published, recorded)"
            " SELECT gen_random_uuid(), channel_id, 'late', actor_id, type, published, recorded FROM ledger_act"
        )
        api.append("forum", rows(act(2)))
        index_acts()
        seen = len(found(ActFilter()))
        open_one.commit()
    caught_up()
    assert seen < 3
    assert found(ActFilter()) == ByHand().found(ActFilter())
    assert len(found(ActFilter())) == 3
