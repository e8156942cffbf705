"""Protects erasure: what identified a person is gone everywhere, threads hold, and a file does not bring it back."""

from pathlib import Path

import pytest
from ledger.acts import act, rows

from estime.kernel.lake import Lake
from estime.ledger import api
from estime.ledger.errors import UnknownAccount
from estime.ledger.models import Account, Act

MARIE = {
    "actor": "marie",
    "extra": {"mail": "m@x"},
    "incentive": "contest-marie",
    "on_behalf_of": "b",
    "context": "room",
}


@pytest.fixture
def lake(installed: Path) -> Lake:
    api.append(
        "forum",
        rows(
            act(1, **MARIE),
            act(2, in_reply_to="o1", actor="paul"),
            act(3, type="Like", object_id="o1", actor="paul"),
        ),
    )
    lake = Lake(str(installed / "lake"))
    api.archive(lake)
    return lake


def key_of(handle: str) -> int:
    return Account.objects.get(handle=handle).key


def test_what_identified_is_gone_and_the_act_stays(lake: Lake) -> None:
    key = key_of("marie")
    before = Act.objects.get(source_id="a1")
    assert api.erase_accounts([key], lake) == (1, 1)
    after = Act.objects.get(seq=before.seq)
    assert (after.content, after.extra, after.incentive, after.on_behalf_of) == (None, None, None, None)
    assert after.source_id.startswith("erased:")
    assert (after.published, after.type, after.actor_id, after.context) == (
        before.published,
        before.type,
        key,
        "room",
    )
    assert Account.objects.get(key=key).handle is None


def test_threads_hold_together(lake: Lake) -> None:
    api.erase_accounts([key_of("marie")], lake)
    erased = Act.objects.get(content=None, type="Create")
    assert erased.object_id is not None
    assert erased.object_id.startswith("erased:")
    assert Act.objects.get(source_id="a2").in_reply_to == erased.object_id
    assert Act.objects.get(source_id="a3").object_id == erased.object_id
    assert Act.objects.get(source_id="a2").content == "words 2"


def test_no_file_of_the_lake_holds_the_person(lake: Lake) -> None:
    marie, paul = key_of("marie"), key_of("paul")
    assert lake.holding("acts", "account", [marie])
    api.erase_accounts([marie], lake)
    assert lake.holding("acts", "account", [marie]) == []
    assert lake.holding("acts", "account", [paul])
    assert api.archive(lake).acts == 0


def test_a_rebuilt_lake_leaves_the_person_out(lake: Lake) -> None:
    marie = key_of("marie")
    api.erase_accounts([marie], lake)
    lake.drop()
    assert api.archive(lake).acts == 2
    assert lake.holding("acts", "account", [marie]) == []


def test_the_same_file_does_not_bring_the_person_back(lake: Lake) -> None:
    api.erase_accounts([key_of("marie")], lake)
    told = api.append("forum", rows(act(1, **MARIE), act(4, actor="marie")))
    assert (told.new, told.erased, told.rejects) == (1, 1, [])
    assert Act.objects.filter(content="words 1").count() == 0
    assert Act.objects.get(source_id="a4").actor_id == key_of("marie")  # who comes back is somebody new


def test_erasing_twice_is_erasing_once(lake: Lake) -> None:
    key = key_of("marie")
    api.erase_accounts([key], lake)
    before = list(Act.objects.order_by("seq").values_list())
    assert api.erase_accounts([key], lake) == (1, 0)
    assert list(Act.objects.order_by("seq").values_list()) == before


def test_an_unknown_key_changes_nothing(lake: Lake) -> None:
    before = list(Act.objects.order_by("seq").values_list())
    with pytest.raises(UnknownAccount):
        api.erase_accounts([key_of("marie"), 1], lake)
    assert list(Act.objects.order_by("seq").values_list()) == before
