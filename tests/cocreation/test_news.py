"""One event per deed, one notice per person it concerns, never for whoever did it; the ledger holds the act too."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from estime.cocreation.acts import LedgerRefused, act_write, source_new
from estime.cocreation.models import Author, Comment, Contribution, Event, Follow, Member, Notice, Support
from estime.cocreation.news import CONCERNS, event_tell
from estime.ledger import api as ledger

Place = Any
Made = Callable[..., Place]


def idea(place: Place, author: Member, title: str = "A lid of cork") -> Contribution:
    made = Contribution.objects.create(
        space=place.space,
        challenge=place.challenge,
        kind="idea",
        title=title,
        author=author,
        at=place.at,
        changed=place.at,
        source=source_new("idea"),
    )
    Author.objects.create(contribution=made, member=author, number=1, accepted=place.at)
    return made


def told(event: Event) -> set[str]:
    return {str(notice.member.name).split()[0] for notice in Notice.objects.filter(event=event)}


def test_everybody_concerned_is_told_once_and_not_whoever_did_it(db: None, place: Made) -> None:
    here = place()
    made = idea(here, here.anna)
    for member in (here.ben, here.chloe):
        Support.objects.create(contribution=made, member=member, at=here.at)
    Follow.objects.create(contribution=made, member=here.ben, at=here.at)
    Comment.objects.create(
        contribution=made, by=here.dani, body="Nice", at=here.at, source=source_new("note")
    )
    event = event_tell("decided", here.lea, here.at, made, also=[here.anna, here.lea])
    assert told(event) == {"Anna", "Ben", "Chloé", "Dani"}
    assert event.challenge_id == here.challenge.pk


def test_a_decision_on_a_head_reaches_the_people_of_its_parts(db: None, place: Made) -> None:
    here = place()
    head, part = idea(here, here.anna), idea(here, here.ben, "A lid of wood")
    Contribution.objects.filter(pk=part.pk).update(together=head)
    Support.objects.create(contribution=part, member=here.chloe, at=here.at)
    assert told(event_tell("decided", here.lea, here.at, head)) == {"Anna", "Ben", "Chloé"}


def test_who_has_no_login_here_is_told_nothing(db: None, place: Made) -> None:
    here = place()
    elsewhere = Member.objects.create(channel="polis", handle="c/7", joined=here.at)
    assert told(event_tell("decided", here.lea, here.at, idea(here, elsewhere))) == set()


def test_a_kind_nobody_knows_is_a_mistake(db: None, place: Made) -> None:
    here = place()
    with pytest.raises(KeyError):
        event_tell("exploded", here.lea, here.at, here.challenge)


@pytest.mark.parametrize("kind", sorted(CONCERNS))
def test_every_kind_can_be_told_of_every_place(db: None, place: Made, kind: str) -> None:
    here = place()
    for where in (here.challenge, idea(here, here.anna)):
        assert event_tell(kind, here.lea, here.at, where).pk


def test_an_act_stands_in_the_ledger_with_its_people_and_goes_with_its_deed(db: None, place: Made) -> None:
    here = place()
    made = idea(here, here.anna)
    before = ledger.count()
    act_write(
        here.anna, "Create", made, here.at, object_type="Idea", context=f"challenge/{here.challenge.pk}"
    )
    assert ledger.count() == before + 1
    assert here.anna.account == ledger.account_key("estime", here.anna.handle)
    with pytest.raises(LedgerRefused), transaction.atomic():
        act_write(here.anna, "Explode", made, here.at)
    assert ledger.count() == before + 1


def test_an_act_told_twice_under_one_id_is_one_act(db: None, place: Made) -> None:
    here = place()
    before = ledger.count()
    for _time in range(2):
        act_write(here.anna, "Create", "poll/1", here.at, object_type="Vote", source_id="poll/1/x")
    assert ledger.count() == before + 1
