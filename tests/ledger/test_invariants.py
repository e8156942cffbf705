"""Protects the ledger's invariants under any order, grouping and repetition of what channels tell."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger.acts import START

from estime.ledger import api
from estime.ledger.checks import all_in_order, check_draft
from estime.ledger.drafts import ActDraft
from estime.ledger.models import Account, Act
from estime.ledger.vocabulary import ACTIVITY_TYPES

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
drafts = st.builds(
    ActDraft,
    source_id=st.integers(0, 12).map(lambda n: f"s{n}"),
    actor=st.sampled_from(["ana", "Ana", "bö", "名前", "x" * 50]),
    type=st.sampled_from(sorted(ACTIVITY_TYPES)),
    published=st.integers(0, 10**9).map(lambda s: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(seconds=s)),
    object_id=st.none() | st.integers(0, 9).map(str),
    content=st.none() | texts,
    value=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    object_type=st.none(),
    in_reply_to=st.none(),
    context=st.none(),
    lang=st.none(),
    unit=st.none(),
    incentive=st.none(),
    on_behalf_of=st.none(),
    extra=st.none() | st.dictionaries(texts, texts, max_size=2),
    origin=st.none(),
)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("installed", ["sqlite"], indirect=True)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(drafts, max_size=8), max_size=4))
def test_the_first_telling_of_each_id_stands_and_nothing_is_lost(
    batches: list[list[ActDraft]],
) -> None:
    name = f"c{secrets.token_hex(8)}"  # a ledger is never emptied, so each example has a channel of its own
    first: dict[str, ActDraft] = {}
    for batch in batches:
        told = api.append(name, list(enumerate(batch)))
        fresh = 0
        for draft in batch:
            if draft.source_id not in first:
                first[draft.source_id] = draft
                fresh += 1
        assert told.new == fresh
        assert told.new + told.known + len(told.rejects) == len(batch)
        assert {r.code for r in told.rejects} <= {"act-differs"}
    stored = {act.source_id: act for act in Act.objects.filter(channel__name=name).select_related("actor")}
    assert stored.keys() == first.keys()
    for source_id, draft in first.items():
        act = stored[source_id]
        assert (act.actor.handle, act.type, act.published) == (draft.actor, draft.type, draft.published)
        assert (act.object_id, act.content, act.value) == (draft.object_id, draft.content, draft.value)
    accounts = Account.objects.filter(channel__name=name)
    assert set(accounts.values_list("handle", flat=True)) == {draft.actor for draft in first.values()} | {
        draft.actor for batch in batches for draft in batch
    }


odd = st.sampled_from(["", "a\0", "x" * 1025, "fine"])
anything = st.builds(
    ActDraft,
    source_id=odd,
    actor=odd | st.none(),
    type=st.sampled_from(["Create", "Shout", ""]),
    published=st.sampled_from(
        [
            START,
            datetime(2024, 1, 1),  # noqa: DTZ001
            datetime(2999, 1, 1, tzinfo=UTC),
            datetime(1950, 1, 1, tzinfo=UTC),
            "now",
        ]
    ),
    object_id=odd | st.none(),
    lang=odd | st.none(),
    content=odd | st.none(),
    value=st.none() | st.floats(),
)


@given(st.lists(anything, max_size=4))
def test_the_quick_check_and_the_closer_look_agree(rows: list[ActDraft]) -> None:
    latest = START + timedelta(days=1)
    closer = all(check_draft(draft, latest) is None for draft in rows)
    assert all_in_order(list(enumerate(rows)), latest) == closer
