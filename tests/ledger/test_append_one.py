"""Protects the short way for one act: the same rules and outcomes as the long one, in fewer statements."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from ledger.acts import act

from estime.kernel.lake import Lake
from estime.ledger import api
from estime.ledger.actions import append as module
from estime.ledger.models import Account, Act

pytestmark = pytest.mark.usefixtures("installed")


def test_a_new_act_is_written_with_its_account_and_tells_its_key():
    api.append("forum", [(1, act(1))])
    told, key = api.append_one("forum", act(2, actor="somebody new"))
    assert told == api.Appended(1, 0, 0, [])
    assert (
        key
        == Account.objects.get(handle="somebody new").key
        == Act.objects.get(source_id=act(2).source_id).actor_id
    )


def test_it_takes_the_long_way_where_something_needs_a_closer_look():
    told, _key = api.append_one("new-channel", act(1))
    assert told.new == 1, "a channel that is made on the way"
    assert api.append_one("new-channel", act(1))[0] == api.Appended(0, 1, 0, [])
    differs = api.append_one("new-channel", act(1, content="otherwise"))[0].rejects
    assert [each.code for each in differs] == ["act-differs"]
    refused = api.append_one("new-channel", act(2, type="Wiggle"))[0].rejects
    assert [each.code for each in refused] == ["unknown-type"]
    assert [each.code for each in api.append_one("new-channel", act(3, content="\ud83d"))[0].rejects] == [
        "bad-encoding"
    ]
    assert Act.objects.count() == 1


def test_what_somebody_had_erased_does_not_come_back(installed: Path):
    api.append("forum", [(1, act(1)), (2, act(2, actor="other"))])
    api.erase_accounts([api.account_key("forum", str(act(1).actor))], Lake(str(installed / "lake")))
    assert api.append_one("forum", act(1))[0].erased == 1
    assert api.append_one("forum", act(3, actor="other"))[0].new == 1


def test_both_ways_write_the_same_row(monkeypatch: pytest.MonkeyPatch):
    full = {
        "actor": "ana", "object_id": "o", "object_type": "Note", "in_reply_to": "p", "context": "c",
        "content": "é \"'%s", "lang": "fr", "value": 2.5, "unit": "EUR", "incentive": "i", "on_behalf_of": "b",
        "extra": {"a": [1, None]},
    }  # fmt: skip
    api.append("forum", [(1, act(0))])
    api.append_one("forum", act(1, **full))
    monkeypatch.setattr(module, "_append_one", lambda *_: None)
    api.append_one("forum", act(2, **full))
    short, long = (
        Act.objects.filter(source_id__in=[act(1).source_id, act(2).source_id]).order_by("seq").values()
    )
    own = {"seq", "id", "source_id", "recorded", "published", "xid"}
    assert {k: v for k, v in short.items() if k not in own} == {k: v for k, v in long.items() if k not in own}
    assert short["published"].tzinfo == long["published"].tzinfo


def test_it_costs_few_statements_and_stands_or_falls_with_its_transaction():
    api.append("forum", [(1, act(1))])
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        api.append_one("forum", act(2))
    assert len(asked) <= (3 if connection.vendor == "postgresql" else 5)

    def failing() -> None:
        with transaction.atomic():
            api.append_one("forum", act(3))
            raise LookupError

    check: Callable[[], None] = failing
    with pytest.raises(LookupError):
        check()
    assert not Act.objects.filter(source_id=act(3).source_id).exists()
