"""Lists of acts and one account, on both databases: pages, counts, who answered whom, how far the index is."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from ledger.acts import act, rows
from ledger.search_cases import START, ByHand, account, caught_up, drafts, fill_ledger, small_blocks

from estime.ledger import api, listing
from estime.ledger.api import ActFilter
from estime.ledger.models import Act

PASSIVE = ("View", "Join", "Undo")
SQLITE = pytest.mark.parametrize("installed", ["sqlite"], indirect=True)  # what the SQL of both shares


@pytest.fixture(autouse=True)
def _small(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_blocks(monkeypatch)


def test_an_account_is_counted_as_its_lists_are(monkeypatch: pytest.MonkeyPatch) -> None:
    told = drafts(300)
    api.append("forum", rows(*told))
    caught_up()
    by_hand = ByHand()
    for name in ("person-1", "person-4"):
        key = account(name)
        acts = api.OfAccount(key)
        tally = acts.tally(PASSIVE)

        def seqs(**more: object) -> list[int]:
            return by_hand.found(ActFilter(**more))  # type: ignore[arg-type]

        assert tally.acts == len(seqs(account=key))
        active = {"account": key, "standing": True, "without": PASSIVE}
        assert tally.active == len(seqs(**active))
        assert sum(tally.months.values()) == sum(tally.kinds.values()) == tally.active
        for kind, count in tally.kinds.items():
            assert count == len(seqs(**active, kinds=(kind,)))
        assert tally.prompted == len(seqs(**active, prompted=True))
        assert tally.answers == len(seqs(account=key, answering=True, standing=True))
        assert acts.received() == len(seqs(answers_to=key, standing=True))
        assert [seq for _, seq in acts.newest(7)] == seqs(account=key)[:7]
        assert [seq for _, seq in acts.answers_given(100)[0]] == seqs(
            account=key, answering=True, standing=True
        )
        assert [seq for _, seq in acts.answers_received(100)[0]] == seqs(answers_to=key, standing=True)
        moments = api.account_moments(key, 1000)
        assert moments is not None
        own = [each for each in Act.objects.filter(actor=key, on_behalf_of=None) if each.type != "Undo"]
        assert len(moments) == sum(each.seq not in by_hand.undone for each in own)
        assert api.account_moments(key, 10) is None
        card = api.account_card(key)
        assert card is not None
        assert (card.handle, card.channel) == (name, "forum")
        assert (card.first, card.last) == (min(a.published for a in Act.objects.filter(actor=key)), card.last)
    assert set(api.kinds_present()) == {"Create", "Like", "Announce", "Flag", "View", "Undo", "Join", "Vote"}


def test_a_page_with_what_is_answered_and_where_to_go_on() -> None:
    fill_ledger(120)
    caught_up()
    expected = ByHand().found(ActFilter())
    first = api.acts_page(ActFilter(), limit=50)
    assert [each.seq for each in first.acts] == expected[:50]
    assert first.total == api.Count(120)
    assert first.newer is None
    second = api.acts_page(ActFilter(), before=first.older, limit=50)
    assert [each.seq for each in second.acts] == expected[50:100]
    back = api.acts_page(ActFilter(), after=second.newer, limit=50)
    assert [each.seq for each in back.acts] == expected[:50]
    assert [each.seq for each in api.acts_each(ActFilter(), 70)] == expected[:70]
    answered = {each.seq: each.parent for each in first.acts if each.parent}
    assert answered
    for seq, parent in answered.items():
        one = Act.objects.get(seq=seq)
        made = Act.objects.filter(channel=one.channel, object_id=one.in_reply_to, type="Create")
        assert parent.account in made.values_list("actor_id", flat=True)


@SQLITE
def test_counting_stops_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    fill_ledger(200)
    caught_up()
    monkeypatch.setattr(listing, "COUNTED", 100)
    count = api.acts_page(ActFilter(without=("Flag",)), limit=10).total
    assert count.more
    assert 100 < count.acts < 200
    assert api.acts_total(ActFilter(without=("Flag",))) == len(ByHand().found(ActFilter(without=("Flag",))))


@SQLITE
def test_a_long_text_is_cut_in_lists_and_whole_by_itself() -> None:
    api.append("forum", rows(act(1, content="word " * 500)))
    caught_up()
    listed = api.acts_page(ActFilter()).acts[0]
    assert listed.cut
    assert listed.text == ("word " * 500)[: listing.EXCERPT]
    whole = api.act_listed(listed.id)
    assert whole is not None
    assert whole.text == "word " * 500
    assert not whole.cut


@SQLITE
def test_how_far_the_index_is() -> None:
    assert api.standing() == api.Standing(0, None, False, 0, None)
    fill_ledger(30)
    assert api.standing().waiting
    assert api.index_due()
    caught_up()
    standing = api.standing()
    assert (standing.acts, standing.waiting) == (30, False)
    assert standing.newest == START + timedelta(hours=3 * 27, microseconds=1)
    assert not api.index_due()


def test_whether_something_waits_is_asked_of_one_row() -> None:
    """Without statistics PostgreSQL would read the whole ledger to find that nothing is new."""
    fill_ledger(60)
    with connection.cursor() as cursor:
        assert api.acts_since(0)
        if connection.vendor == "postgresql":
            cursor.execute("SELECT max(xid::text::bigint) FROM ledger_act")
            (newest,) = cursor.fetchone()
            assert api.acts_since(newest)
            assert not api.acts_since(newest + 1)
        else:
            assert not api.acts_since(60)
            assert api.acts_since(59)
