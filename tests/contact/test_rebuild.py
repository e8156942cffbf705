"""Protects the promise that questions can be made again: whatever order acts come in, the tables end the same."""

from pathlib import Path
from typing import Any

import pytest
from contact.forum import BRAND, brand, came_in, said, took_back
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estime.contact import api as contact
from estime.contact.actions.collect import collect
from estime.contact.actions.settle import settle
from estime.contact.actions.watch import watch
from estime.contact.models import Question
from estime.contact.notes import Place, place_of, take_notes
from estime.ledger.api import Told
from estime.ledger.drafts import ActDraft
from estime.ledger.models import Act

PEOPLE = [BRAND, BRAND, "anna", "bob"]
TEXTS = ["Is it blue?", "Is it blue?", "@team is it blue?", "@anna is it?", "Does anyone know?", "Nice."]
SEED = said("seed", BRAND, "Hello.", -900)  # the brand's account is known from the beginning


@st.composite
def conversations(draw: st.DrawFn) -> list[ActDraft]:
    acts = []
    count = draw(st.integers(3, 8))
    for number in range(count):
        name, who = f"a{number}", draw(st.sampled_from(PEOPLE))
        hours = draw(st.sampled_from([0, 0.5, 1, 30]))
        if number and draw(st.integers(0, 5)) == 0:
            what = f"a{draw(st.integers(0, number - 1))}"
            acts.append(took_back(name, who, what, draw(st.sampled_from(["Undo", "Delete"])), hours))
            continue
        parent = draw(st.none() | st.integers(0, count - 1))
        made = draw(st.sampled_from([name, name, f"o{number}"]))
        acts.append(
            said(
                name,
                who,
                draw(st.sampled_from(TEXTS)),
                hours,
                object_id=made,
                in_reply_to=None if parent is None else f"a{parent}",
                context=draw(st.sampled_from([None, "t1", "t1"])),
            )
        )
    return acts


@st.composite
def batches(draw: st.DrawFn, acts: list[ActDraft]) -> list[list[ActDraft]]:
    """The same acts, mixed and cut."""
    left, found = list(draw(st.permutations(acts))), []
    while left:
        size = draw(st.integers(1, len(left)))
        found.append(left[:size])
        left = left[size:]
    return found


def told(names: dict[int, str] | None = None) -> dict[str, tuple[Any, ...]]:
    """What is known of each question, named by what its acts are called."""
    names = dict(Act.objects.values_list("pk", "source_id")) if names is None else names
    rows = Question.objects.values_list(
        "act", "asks", "why", "withdrawn", "owed", "answered", "answer", "stale"
    )
    return {names[row[0]]: (*row[1:6], names.get(row[6]), row[7]) for row in rows}


@pytest.fixture
def home(db: None, _home: Path) -> Path:
    return _home


_SETTINGS = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


@settings(max_examples=10, **_SETTINGS)  # type: ignore[arg-type]
@given(acts=conversations(), kind=st.sampled_from(["csv", "discourse", "slack"]), data=st.data())
def test_the_same_acts_in_any_order_and_steps(
    home: Path, acts: list[ActDraft], kind: str, data: st.DataObject
) -> None:
    brand(home, "forum")
    with transaction.atomic():
        came_in(SEED, *acts, kind=kind)
        ordered = told()
        transaction.set_rollback(True)
    with transaction.atomic():
        came_in(SEED, kind=kind)
        for batch in data.draw(batches(acts)):
            came_in(*batch, kind=kind, look=False)
            watch(step=data.draw(st.integers(1, 5)))
        incremental = told()
        contact.watch(whole=True)
        again = told()
        transaction.set_rollback(True)
    assert not any(row[-1] for row in incremental.values()), "nothing is left stale"
    assert ordered == incremental == again


@settings(max_examples=150, **_SETTINGS)  # type: ignore[arg-type]
@given(acts=conversations(), kind=st.sampled_from(["csv", "csv", "discourse", "slack"]), data=st.data())
def test_notes_add_up_whatever_their_order(
    home: Path, acts: list[ActDraft], kind: str, data: st.DataObject
) -> None:
    """The same at the step where acts become rows: no ledger, so many more conversations."""
    brand(home, "forum")
    place = place_of((1, "forum", kind), [1], [BRAND], 1)
    whole = noted(place, [acts])
    assert noted(place, data.draw(batches(acts))) == whole


def noted(place: Place, parts: list[list[ActDraft]]) -> dict[str, tuple[Any, ...]]:
    """What is known of each question after these parts came in one after the other."""
    names: dict[int, str] = {}
    with transaction.atomic():
        for part in parts:
            rows = [as_read(len(names) + at, act) for at, act in enumerate(part, 1)]
            names |= {row.seq: row.source_id for row in rows}
            collect(take_notes(rows, {1: place}), settle_later=False)
            settle([1] if place.format == "discourse" else [])
        found = told(names)
        transaction.set_rollback(True)
    return found


def as_read(seq: int, act: ActDraft) -> Told:
    account = {BRAND: 1, "anna": 2, "bob": 3}[act.actor or ""]
    when = str(act.published)[:-6]
    return Told(
        seq, 1, account, act.type, act.object_type, act.source_id, act.object_id, act.in_reply_to, act.context,
        when, act.content, None, None,
    )  # fmt: skip
