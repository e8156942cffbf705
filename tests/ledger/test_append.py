"""Protects the way into the ledger: each act once, all of a call or none, broken rows told and left out."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from django.db import connection, transaction
from ledger.acts import START, act, rows

from estime.ledger import api
from estime.ledger.drafts import ObservationDraft, Origin
from estime.ledger.errors import BadChannelName, KeyTaken
from estime.ledger.models import Account, Act, Channel, Observation

pytestmark = pytest.mark.usefixtures("installed")


def test_acts_come_in_with_every_field_in_file_order() -> None:
    full = act(
        1, in_reply_to="o0", context="room", lang="fr", value=1.5, unit="EUR", incentive="contest",
        on_behalf_of="brand", extra={"b": 1, "a": "é"},
    )  # fmt: skip
    assert api.append("forum", rows(full, act(2), act(0)))[:3] == (3, 0, 0)
    stored = list(Act.objects.order_by("seq"))
    assert [a.source_id for a in stored] == ["a1", "a2", "a0"]
    first = stored[0]
    assert first.published == START + timedelta(minutes=1)
    assert (first.in_reply_to, first.context, first.lang, first.value) == ("o0", "room", "fr", 1.5)
    assert (first.unit, first.incentive, first.on_behalf_of) == ("EUR", "contest", "brand")
    assert first.extra == '{"a":"é","b":1}'
    assert first.id.version == 7
    assert [a.id for a in stored] == sorted(a.id for a in stored)


def test_the_same_act_twice_is_one_act() -> None:
    assert api.append("forum", rows(act(1), act(2))).new == 2
    again = api.append("forum", rows(act(2), act(3), act(3)))
    assert again[:3] == (1, 2, 0)
    assert again.rejects == []
    assert Act.objects.count() == 3


def test_the_same_id_on_another_channel_is_another_act() -> None:
    api.append("forum", rows(act(1)))
    assert api.append("chat", rows(act(1))).new == 1
    assert Account.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [{"content": "other"}, {"actor": "somebody"}, {"type": "Like"}, {"published": START}, {"value": 2.0}],
)
def test_the_same_id_with_other_words_is_refused_and_the_first_stands(change: dict[str, object]) -> None:
    api.append("forum", rows(act(1)))
    told = api.append("forum", rows(act(1, **change), act(2)))
    assert (told.new, [reject.code for reject in told.rejects]) == (1, ["act-differs"])
    assert Act.objects.get(source_id="a1").content == "words 1"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"type": "Shout"}, "unknown-type"),
        ({"published": datetime(2024, 1, 1)}, "time-without-zone"),  # noqa: DTZ001
        ({"published": datetime(2999, 1, 1, tzinfo=UTC)}, "time-in-future"),
        ({"published": datetime(1969, 12, 31, tzinfo=UTC)}, "time-too-early"),
        ({"published": "yesterday"}, "no-time"),
        ({"content": "a\0b"}, "nul-byte"),
        ({"actor": "a\0b"}, "nul-byte"),
        ({"lang": "a\0b"}, "nul-byte"),
        ({"content": "half \ud83d"}, "bad-encoding"),
        ({"source_id": ""}, "no-id"),
        ({"actor": ""}, "no-actor"),
        ({"actor": None}, "no-actor"),
        ({"source_id": "x" * 1025}, "too-long"),
        ({"value": float("nan")}, "bad-number"),
        ({"value": float("inf")}, "bad-number"),
    ],
)
def test_a_row_that_breaks_a_rule_is_told_and_the_others_come_in(
    change: dict[str, object], code: str
) -> None:
    told = api.append("forum", [(7, act(1)), (9, act(2, **change)), (11, act(3))])
    assert [(reject.line, reject.code) for reject in told.rejects] == [(9, code)]
    assert told.new == 2
    assert Act.objects.count() == 2


def test_times_of_any_zone_are_kept_in_utc() -> None:
    api.append("forum", rows(act(1, published=datetime(2024, 1, 1, tzinfo=timezone(timedelta(hours=5))))))
    assert Act.objects.get().published == datetime(2023, 12, 31, 19, tzinfo=UTC)


def test_a_call_that_fails_leaves_no_trace() -> None:
    with pytest.raises(RuntimeError, match="on purpose"), transaction.atomic():
        api.append("forum", rows(act(1)))
        raise RuntimeError("on purpose")
    assert not Act.objects.exists()
    assert not Account.objects.exists()
    assert not Channel.objects.exists()
    assert api.append("forum", rows(act(1))).new == 1


def test_acts_are_part_of_the_callers_transaction_and_may_be_several_calls() -> None:
    with transaction.atomic():
        api.append("forum", rows(act(1)))
        api.append("forum", rows(act(2)))
        api.append("chat", rows(act(1)))
    assert Act.objects.count() == 3


def test_an_origin_keeps_id_key_and_time() -> None:
    origin = Origin("forum", uuid4(), START + timedelta(days=1), 4711)
    api.append("forum", rows(act(1, origin=origin), act(6, origin=origin._replace(act_id=uuid4()))))
    stored = Act.objects.get(source_id="a1")
    assert (stored.id, stored.actor_id, stored.recorded) == (origin.act_id, 4711, origin.recorded)


def test_an_erased_account_of_an_export_comes_without_a_handle() -> None:
    origin = Origin("forum", uuid4(), START, 4711)
    told = api.append("forum", rows(act(1, actor=None, content=None, origin=origin)))
    assert told.new == 1
    assert Account.objects.get().handle is None


def test_keys_are_random_and_stay() -> None:
    api.append("forum", rows(*(act(n) for n in range(20))))
    keys = dict(Account.objects.values_list("handle", "key"))
    assert len(set(keys.values())) == 5
    assert all(0 < key < 2**63 for key in keys.values())
    api.append("forum", rows(act(99, actor="person-3")))
    assert Act.objects.get(source_id="a99").actor_id == keys["person-3"]


@pytest.mark.parametrize("name", ["", "two words", "é", "x" * 65, "../etc"])
def test_a_channel_name_must_fit_into_a_url(name: str) -> None:
    with pytest.raises(BadChannelName):
        api.append(name, rows(act(1)))


def test_totals_are_kept_once_and_a_contradiction_is_told() -> None:
    likes = ObservationDraft("post", "likes", 10.0, START, START, "Note")
    shares = ObservationDraft("post", "shares", 2.0, START)
    assert api.observe("page", rows(likes, shares, shares)) == (2, 1, 0, [])  # type: ignore[arg-type]
    told = api.observe(
        "page", rows(likes._replace(value=11.0), likes._replace(observed=START + timedelta(1)))
    )  # type: ignore[arg-type]
    assert (told.new, [r.code for r in told.rejects]) == (1, ["observation-differs"])
    assert (
        api.observe("page", rows(likes._replace(value=-1.0), likes._replace(metric="")))[3][0].code
        == "bad-number"
    )  # type: ignore[arg-type]
    assert Observation.objects.count() == 3


def test_nobody_is_invented_from_totals() -> None:
    api.observe("page", rows(ObservationDraft("", "followers", 1e6, START)))  # type: ignore[arg-type]
    assert not Account.objects.exists()
    assert not Act.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_rows(django_assert_max_num_queries: object) -> None:
    api.append("forum", rows(act(1)))
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        api.append("forum", rows(*(act(n) for n in range(2, 500))))
    assert connection.vendor in ("sqlite", "postgresql")


def test_several_drafts_of_one_line_stand_or_fall_by_themselves() -> None:
    api.append("forum", [(1, act(1)), (1, act(2)), (1, act(3))])
    told = api.append("forum", [(1, act(1)), (1, act(2, content="other")), (1, act(3))])
    assert (told.new, told.known, [r.code for r in told.rejects]) == (0, 2, ["act-differs"])


def test_an_export_whose_keys_mean_something_else_here_is_refused_whole() -> None:
    api.append("forum", rows(act(1)))
    key = Account.objects.get().key
    origin = Origin("forum", uuid4(), START, key)
    with pytest.raises(KeyTaken):
        api.append("forum", rows(act(2, actor="other", origin=origin), act(3, actor="third")))
    assert Act.objects.count() == 1
    assert (
        api.append("forum", rows(act(2, origin=origin._replace(account_key=0)))).rejects[0].code
        == "bad-origin"
    )
