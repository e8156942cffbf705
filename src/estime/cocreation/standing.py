"""What stands before a deed on a contribution: that it is there, that it still stands, that this is the time for it.

The phases in which things are possible: new contributions while members propose; what builds on another also while
they build; words change (versions, improvements adopted, authors) in both; support until it is decided; talk always.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from estime.cocreation.errors import NotAllowed, NotFound, NotNow
from estime.cocreation.models import Author, Challenge, Contribution, Member, Space
from estime.cocreation.queries.phases import check_phase

PUBLISH: Final = ("propose",)
BUILD_ON: Final = ("propose", "build")
WRITE: Final = ("propose", "build")
SUPPORT: Final = ("propose", "build", "vote", "decide")


def may_read(space: Space, member: Member | None) -> bool:
    """Whether somebody may look into a space: everybody into a public one, else whoever takes part."""
    return space.public or (member is not None and member.may("space.take_part"))


def contribution_held(number: int) -> Contribution:
    """A contribution, its row held until the transaction ends. Raises `NotFound`."""
    found = Contribution.objects.select_for_update(no_key=True).filter(pk=number).first()
    if found is None:
        raise not_found()
    return found


def group_held(number: int, *, whole: bool = False) -> tuple[Contribution, Contribution]:
    """A contribution and its head (itself where it stands alone), their rows held, lower numbers first.

    `whole`: every other part of the head, too. While a head is held nothing joins or leaves its group.
    """
    for _try in range(9):
        try:
            with transaction.atomic():  # the wrong rows are let go before others are held
                return _group_held(number, whole)
        except _Moved:
            continue
    raise NotNow(_("This is being brought together with others just now."), todo=_("Try again."))


class _Moved(Exception):
    """It joined or left a group between reading and holding it."""


def _group_held(number: int, whole: bool) -> tuple[Contribution, Contribution]:
    head = Contribution.objects.filter(pk=number).values_list("together_id", flat=True).first() or number
    wanted = {number, *(group_of(head) if whole else (head,))}
    held = {
        each.pk: each
        for each in Contribution.objects.select_for_update(no_key=True, of=("self",))
        .select_related("space")
        .filter(pk__in=wanted)
        .order_by("pk")
    }
    if number not in held:
        raise not_found()
    if (held[number].together_id or number) != head or (whole and wanted != set(group_of(head))):
        raise _Moved
    return held[number], held[head]


def group_of(head: int) -> list[int]:
    """The numbers of a head and of everything that was brought together into it."""
    return [head, *Contribution.objects.filter(together=head).order_by("pk").values_list("pk", flat=True)]


def check_stands(contribution: Contribution) -> None:
    """Raises `NotNow` where a contribution was withdrawn or is hidden."""
    if contribution.withdrawn is not None:
        raise NotNow(_("Its authors have withdrawn this."), todo=_("Look for another one that you like."))
    if contribution.hidden or contribution.erased:
        raise NotNow(_("This is hidden at the moment."), todo=_("Come back later."))


def check_whole(contribution: Contribution) -> None:
    """Raises `NotNow` for a part of something: its words rest as they went in, so that they can come out again."""
    if contribution.together_id is not None:
        raise NotNow(
            _("This was brought together with others; its own words rest."),
            todo=_("Write on the whole that it is a part of."),
            contribution=contribution.together_id,
        )


def check_time(contribution: Contribution, *phases: str, at: datetime) -> None:
    """Raises `NotNow` unless its challenge is in one of these phases; what stands in no challenge has no calendar."""
    if contribution.challenge_id is not None:
        check_phase(Challenge.objects.get(pk=contribution.challenge_id), *phases, at=at)


def author_of(contribution: Contribution, member: Member | None) -> Author | None:
    """The standing author that somebody is of it, or of something that was brought together into it."""
    if member is None:
        return None
    return Author.objects.filter(
        Q(contribution=contribution) | Q(contribution__together=contribution),
        member=member,
        accepted__isnull=False,
        left=None,
    ).first()


def check_author(contribution: Contribution, by: Member) -> Author:
    """Raises `NotAllowed` unless this person is one of its authors."""
    author = author_of(contribution, by)
    if author is None:
        raise NotAllowed(
            _("This belongs to its authors."),
            todo=_("Offer them an improvement: they can adopt it in one click."),
        )
    return author


def not_found() -> NotFound:
    """There is no such contribution, or not for whoever asks: the two are told alike."""
    return NotFound(_("There is nothing here."), todo=_("Go back to the list."))
