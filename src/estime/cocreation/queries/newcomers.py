"""First words that nobody answered yet, for members who want to say hello; and a first small thing to do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef

from estime.cocreation.models import Comment, Contribution, Member, Phase, Space
from estime.cocreation.newcomers import NEW_FOR
from estime.cocreation.prepared import Prepared
from estime.kernel import clock

SHOWN: Final = 10
_LOOKED_AT: Final = 40
_WORDS: Final = 200
_MOST: Final = 31
"""Newcomers on a page of their own, and whoever looks."""
_OPEN: Final = Prepared(
    lambda space, moment: Phase.objects.filter(
        kind__in=("propose", "build"), starts__lte=moment, ends__gt=moment,
        challenge__space=space, challenge__opened__lte=moment, challenge__cancelled=None,
    ).order_by("challenge").values_list("challenge")[:1]
)  # fmt: skip
_NEWEST: Final = Prepared(
    lambda challenge: (
        Contribution.objects.filter(challenge=challenge, together=None, hidden=False, withdrawn=None)
        .order_by("-pk")
        .values_list("pk", "author_id")[:_LOOKED_AT]
    )
)
_UNTRIED: Final = Prepared(
    lambda numbers: (
        Contribution.objects.filter(pk__in=numbers)
        .exclude(Exists(Comment.objects.filter(contribution=OuterRef("pk"), root=None, intent="tried")))
        .defer("body")
    )
)
_WAITING: Final = Prepared(
    lambda space, since: Member.objects.filter(
        spoke_in=space,
        welcomed=None,
        spoke__isnull=False,
        spoke__gte=since,
        erased=False,
        user__is_active=True,
    ).order_by("-spoke")[:_MOST]
)
_GIVEN: Final = Prepared(
    lambda numbers, space: Contribution.objects.filter(
        author__in=numbers, space=space, hidden=False, withdrawn=None
    ).order_by("pk")[:_WORDS]
)
_SAID: Final = Prepared(
    lambda numbers: Comment.objects.filter(by__in=numbers, hidden=False, withdrawn=None).order_by("pk")[
        :_WORDS
    ]
)


@dataclass(frozen=True, slots=True)
class FirstWords:
    """Somebody's first contribution or comment."""

    member: Member
    contribution: Contribution | None = None
    comment: Comment | None = None


@dataclass(frozen=True, slots=True)
class FirstThing:
    """Something small to begin with. `what`: `tried` (say whether you have tried it) or `question` (ask something)."""

    what: str
    contribution: Contribution


def is_regular(member: Member | None) -> bool:
    """Whether somebody can say hello: they were made welcome themselves, or are one of the brand's people."""
    return member is not None and (
        member.welcomed is not None or bool(member.user is not None and member.user.is_staff)
    )


def newcomers_waiting(
    space: Space, member: Member | None = None, *, at: datetime | None = None, limit: int = SHOWN
) -> list[FirstWords]:
    """Newcomers of the last month whose first words in this space nobody has answered, newest first: three queries."""
    since = (at or clock.now()) - NEW_FOR
    people = _WAITING.all(space.pk, since)
    found = [one for one in people if member is None or one.pk != member.pk][:limit]
    numbers = [one.pk for one in found]
    given: dict[int, Contribution] = {}
    for each in _GIVEN.all(numbers, space.pk) if numbers else ():
        given.setdefault(each.author_id, each)
    said: dict[int, Comment] = {}
    for word in _SAID.all(numbers) if numbers else ():
        said.setdefault(word.by_id, word)
    told = []
    for one in found:
        contribution, comment = given.get(one.pk), said.get(one.pk)
        if contribution is not None and (comment is None or contribution.at <= comment.at):
            told.append(FirstWords(one, contribution=contribution))
        elif comment is not None:
            told.append(FirstWords(one, comment=comment))
    return told


def first_thing(space: Space, member: Member | None, *, at: datetime | None = None) -> FirstThing | None:
    """One suggestion for somebody who has said nothing yet: an idea of an open challenge that nobody has tried.

    Another one each day and for each person; None for whoever has begun already, or where there is nothing.
    """
    moment = at or clock.now()
    if member is not None and member.spoke is not None:
        return None
    challenge = _OPEN.first(space.pk, moment)
    if challenge is None:
        return None
    mine = member.pk if member is not None else 0
    numbers = [pk for pk, author in _NEWEST.all(challenge[0]) if author != mine]
    open_ones = sorted(_UNTRIED.all(numbers), key=lambda one: -one.pk)
    if not open_ones:
        return None
    day = moment.toordinal() + (member.pk if member is not None else 0)
    chosen = open_ones[day % len(open_ones)]
    return FirstThing("tried" if chosen.kind in ("idea", "tip") else "question", chosen)
