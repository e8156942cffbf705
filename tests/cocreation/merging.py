"""What tests of bringing together do over and over: propose, agree, look at everything that may not change."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from cocreation.places import Place
from cocreation.writing import given

from estime.cocreation import api
from estime.cocreation.actions.merges import WholeWords
from estime.cocreation.models import (
    Author,
    Comment,
    Consent,
    Contribution,
    Event,
    Member,
    Merge,
    Notice,
    Support,
    Version,
)
from estime.kernel import clock
from estime.ledger.models import Act


def whole_of(
    head: Contribution, *parts: Contribution, title: str = "", body: str | None = None
) -> WholeWords:
    """The words of a proposal: every side's, after each other, unless others are given."""
    sides = list(Contribution.objects.in_bulk([head.pk, *(part.pk for part in parts)]).values())
    sides.sort(key=lambda one: one.pk != head.pk)
    told = "\n\n".join(one.body for one in sides) if body is None else body
    return WholeWords(
        "They say the same.", title or sides[0].title, told, {one.pk: one.version for one in sides}, deal=1
    )


def proposed(place: Place, by: Member, head: Contribution, *parts: Contribution, **words: Any) -> Merge:
    return api.merge_propose(
        by, head.pk, [part.pk for part in parts], whole_of(head, *parts, **words), when=place.at
    )


def merged(place: Place, head: Contribution, *parts: Contribution, **words: Any) -> Merge:
    """Proposed by the head's author, agreed by all others of every side."""
    merge = proposed(place, head.author, head, *parts, **words)
    for side in api.merge_told(merge.pk, None, place.at).sides:
        for member in side.missing:
            merge = api.merge_agree(member, merge.pk, when=place.at)
    assert merge.state == "agreed"
    return merge


def everything() -> dict[str, Any]:
    """All that may not change by bringing together and undoing it."""
    fields = ("title", "body", "together_id", "supports", "comments", "decision", "withdrawn", "hidden")
    return {
        "contributions": {
            one.pk: tuple(getattr(one, f) for f in fields) for one in Contribution.objects.all()
        },
        "supports": set(Support.objects.values_list("pk", "contribution_id", "member_id")),
        "comments": set(Comment.objects.values_list("pk", "contribution_id", "body", "root_id")),
        "authors": set(Author.objects.values_list("contribution_id", "member_id", "number", "left")),
    }


def again(one: Contribution) -> Contribution:
    return Contribution.objects.get(pk=one.pk)


def long_ago(place: Callable[..., Place]) -> Place:
    """A challenge that is being built since some days."""
    return place("build", at=clock.now().replace(microsecond=0) - timedelta(days=40))


def three_given(here: Place) -> list[Contribution]:
    """One of Anna's, one of Ben's, one of Chloé's; given while members proposed."""
    past = Place(**{**vars(here), "at": here.challenge.phases.get(kind="propose").starts})
    return [
        given(past, by, f"Lid {number}", f"Words of {by.name}.")
        for number, by in enumerate((here.anna, here.ben, here.chloe))
    ]


def told(kind: str) -> set[str]:
    """Who was told of this."""
    return set(Notice.objects.filter(event__kind=kind).values_list("member__name", flat=True))


def traces() -> tuple[int, ...]:
    """How many rows there are of whatever a deed leaves behind."""
    return tuple(model.objects.count() for model in (Act, Event, Notice, Merge, Consent, Version))
