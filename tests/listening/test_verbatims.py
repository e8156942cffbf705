"""Protects lists of texts: exactly those that were asked for, each once, by whichever of both ways they are found."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from ledger.acts import act, rows
from ledger.search_cases import ByHand, caught_up, drafts, small_blocks
from listening.plain import PlainReader

from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.listening import affect_names, api
from estime.listening.actions.listen import listen
from estime.listening.affect.lexicon import EMOTIONS
from estime.listening.affect.reading import POLARITIES
from estime.listening.models import Reading
from estime.listening.queries import texts as module
from estime.listening.queries.text_filter import EPOCH, TextFilter, of_ledger
from estime.listening.scoring import LANGS

SIGNS = (" +", " -", "", " + ?", " - @brand", " @brand")


@pytest.fixture
def heard(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three hundred acts in many blocks, their texts marked so that each reads as its number says."""
    small_blocks(monkeypatch)
    told = [
        one._replace(content=f"{one.content}{SIGNS[place % len(SIGNS)]}") if one.content else one
        for place, one in enumerate(drafts(300))
    ]
    ledger.append("forum", rows(*told[0::2]))
    ledger.append("page", rows(*told[1::2]))
    caught_up()
    listen(reader=PlainReader(), processes=1)


def by_hand(told: TextFilter) -> set[int]:
    """What has to be found: acts as the ledger's own oracle finds them, and readings looked at one by one."""
    hand = ByHand()
    texts = {
        each.seq
        for each in hand.acts
        if each.content and each.object_type != "Vote" and each.seq not in hand.undone
    }
    acts = set(hand.found(of_ledger(told))) & texts
    names = ("negative", "neutral", "positive")
    kept = set()
    for one in Reading.objects.filter(seq__in=acts):
        shares = dict(zip(names, (one.negative, one.neutral, one.positive), strict=True))
        if (
            (not told.polarity or (not one.unclear and shares[told.polarity] >= 500))
            and told.unclear in (None, one.unclear)
            and (not told.lang or affect_names.LANGUAGE_NAMES[one.lang] == told.lang)
            and (not told.emotion or one.felt >> EMOTIONS.index(told.emotion) & 1)
            and (not told.target or one.target == told.target)
        ):
            kept.add(one.seq)
    return kept


FILTERS = (
    TextFilter(),
    TextFilter(words="idée"),
    TextFilter(channel="page"),
    TextFilter(since=date(2024, 2, 3), until=date(2024, 2, 20)),
    TextFilter(brand=True),
    TextFilter(polarity="negative"),
    TextFilter(polarity="neutral", brand=False),
    TextFilter(unclear=True),
    TextFilter(emotion="joy", channel="forum"),
    TextFilter(emotion="anger"),
    TextFilter(lang="fr", until=date(2024, 2, 9)),
    TextFilter(target=1),
    TextFilter(target=1, polarity="negative", channel="page", since=date(2024, 2, 3)),
    TextFilter(words="“deux emballages”", polarity="positive"),
    TextFilter(words="lid", target=1),
    TextFilter(words="-lid", unclear=False, brand=True),
)


def test_every_filter_finds_what_it_says_by_either_way(heard: None, monkeypatch: pytest.MonkeyPatch) -> None:
    some = 0
    for told in FILTERS:
        wanted = by_hand(told)
        some += bool(wanted)
        for way in ("a", "r"):
            monkeypatch.setattr(module, "_way", lambda _told, _choice, way=way: way)
            found = [text.act for text in api.texts_each(told, 1_000)]
            assert {act.seq for act in found} == wanted, (told, way)
            assert len(found) == len(wanted), (told, way)
            days = [act.published.date() for act in found]
            assert days == sorted(days, reverse=True), (told, way)
    assert some >= 14


def test_pages_go_on_where_looking_stopped(heard: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """However little is looked at for one page, all pages together hold everything once, and say how far they went."""
    monkeypatch.setattr(module, "EXAMINED", 20)
    monkeypatch.setattr(module, "SCANNED", (7, 15))
    monkeypatch.setattr(module, "_AT_ONCE", (10,))
    monkeypatch.setattr(module, "_AT_MOST", 10)
    stopped = 0
    for told in (
        TextFilter(polarity="negative"),
        TextFilter(words="idée", unclear=True),
        TextFilter(emotion="anger"),
    ):
        for way in ("a", "r"):
            monkeypatch.setattr(module, "_way", lambda _told, _choice, way=way: way)
            found, after, keys = set[int](), "", set[int]()
            for _ in range(200):
                page = api.texts_page(told, after=after, limit=4)
                fresh = {text.act.seq for text in page.texts}
                assert not found & fresh
                found |= fresh
                keys |= {text.reading.near for text in page.texts if text.reading}
                stopped += page.stopped is not None
                after = page.older
                if not after:
                    break
            wanted = by_hand(told)
            assert found <= wanted
            assert keys == set(Reading.objects.filter(seq__in=wanted).values_list("near", flat=True))
    assert stopped > 5


def test_copies_stand_once_on_a_page_and_open_together(heard: None) -> None:
    ledger.append(
        "forum", rows(*(act(900 + n, content=f"Buy the new lid today, {n} left") for n in range(5)))
    )
    caught_up()
    listen(reader=PlainReader(), processes=1)
    (one,) = api.texts_page(TextFilter(words="buy"), limit=9).texts
    assert one.alike == 4
    assert len(api.texts_page(TextFilter(alike=one.act.seq), limit=9).texts) == 5


def test_what_is_nobodys_business_is_left_out(heard: None, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.append("forum", rows(act(900, content="Since my chemo I cannot wear it -")))
    caught_up()
    listen(reader=PlainReader(), processes=1)
    page = api.texts_page(TextFilter(words="chemo"))
    assert (page.texts, page.left_out) == ([], 1)
    read = api.texts_page(TextFilter(words="chemo", polarity="negative"))
    assert (read.texts, read.left_out) == ([], None)  # 1 or 0 would say how it reads
    monkeypatch.setattr(module, "configuration", lambda: replace_privacy(sensitive_topics=True))
    assert len(api.texts_page(TextFilter(words="chemo")).texts) == 1


def replace_privacy(**told: object) -> object:
    known = configuration()
    return known.model_copy(update={"privacy": known.privacy.model_copy(update=told)})


def test_one_page_costs_a_bounded_number_of_queries(
    heard: None, django_assert_max_num_queries: object
) -> None:
    for told in FILTERS:
        with django_assert_max_num_queries(30):  # type: ignore[operator]
            api.texts_page(told, limit=30)


def test_names_of_readings_are_those_of_the_reader() -> None:
    assert affect_names.EMOTION_NAMES == EMOTIONS
    assert affect_names.POLARITY_NAMES == POLARITIES
    assert affect_names.LANGUAGE_NAMES == LANGS


def test_an_impossible_cursor_is_the_first_page(heard: None) -> None:
    first = [text.act.seq for text in api.texts_page(TextFilter(), limit=5).texts]
    for after in ("x", "a-", "a-1-x", "q-1-1", f"r-{10**30}-1", "a--1-2"):
        assert [text.act.seq for text in api.texts_page(TextFilter(), after=after, limit=5).texts] == first


def test_targets_are_counted_as_they_read(heard: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Members' standing texts about the brand, now and before; the same counted one by one."""
    last = EPOCH + timedelta(days=Reading.objects.order_by("-day")[0].day)
    api.targets_tell()
    page = api.targets_told(7)
    assert page is not None
    assert (page.until, page.since) == (last, last - timedelta(days=6))
    hand = ByHand()
    spoken = {each.seq for each in hand.acts if each.on_behalf_of is None and each.seq not in hand.undone}
    for since, until, shown in (
        (page.since, page.until, page.targets[0].now),
        (page.before, page.since - timedelta(days=1), page.targets[0].before),
    ):
        days = ((since - EPOCH).days, (until - EPOCH).days)
        counted = [r for r in Reading.objects.filter(target=1, day__range=days) if r.seq in spoken]
        people = {one.account for one in counted}
        if len(people) < 10:
            assert (shown.texts, shown.people, shown.shares) == (0, 0, None)
    monkeypatch.setattr(
        "estime.listening.queries.targets_told.configuration",
        lambda: replace_privacy(smallest_group=1),
    )
    page = api.targets_told(365)
    assert page is not None
    whole = page.targets[0].now
    counted = [r for r in Reading.objects.filter(target=1) if r.seq in spoken]
    clear = [r for r in counted if not r.unclear]
    assert (whole.texts, whole.people) == (len(counted), len({r.account for r in counted}))
    assert whole.clear == len(clear) > 0
    assert whole.shares is not None
    assert whole.shares[0].value == pytest.approx(sum(r.negative >= 500 for r in clear) / len(clear))
    each = [sum(r.account == key for r in clear) for key in {r.account for r in clear}]
    weighed = sum(each) ** 2 / sum(n * n for n in each)
    wanted = api.share_estimate(whole.shares[0].value * weighed, weighed)
    assert tuple(whole.shares[0]) == pytest.approx(tuple(wanted), abs=1e-2)
