"""Writing together: an author invites somebody, who accepts or declines; everybody can stop, but the last one."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from estime.cocreation.actions.deals import deal_agreed
from estime.cocreation.actions.merge_leaving import held_with_proposals, proposals_settle
from estime.cocreation.actions.publish import context_of, people_count
from estime.cocreation.acts import act_write
from estime.cocreation.checks import check_may
from estime.cocreation.errors import NotAllowed, NotFound, NotNow
from estime.cocreation.limits import check_limits
from estime.cocreation.models import Author, Contribution, Member
from estime.cocreation.news import event_tell
from estime.cocreation.standing import (
    WRITE,
    check_author,
    check_stands,
    check_time,
    contribution_held,
    may_read,
)
from estime.kernel import clock

MOST = 20
"""Authors of one contribution, with those who are invited."""


def coauthor_invite(by: Member, number: int, member: Member, *, when: datetime | None = None) -> Author:
    """Invite somebody to write a contribution too. Whoever is invited or an author already stays what they are.

    Raises `NotAllowed` (not an author, too many), `NotFound` (nobody who can sign in), `NotNow`.
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    with transaction.atomic():
        check_limits(by, "invitations", at)
        contribution = contribution_held(number)
        if check_author(contribution, by).contribution_id != number and not _own(by, number):
            raise NotAllowed(  # who writes it once it is taken apart again is its own authors' affair
                _("You write this through what was brought together into it."),
                todo=_("Ask them to write your own one: they then write the whole, too."),
            )
        check_stands(contribution)
        check_time(contribution, *WRITE, at=at)
        if member.user_id is None or not may_read(contribution.space, member):
            raise NotFound(
                _("Nobody of this name can be invited."),
                todo=_("Choose somebody who takes part in this space."),
            )
        return _invited(by, contribution, member, at)


def _own(by: Member, number: int) -> bool:
    return Author.objects.filter(contribution=number, member=by, accepted__isnull=False, left=None).exists()


def _invited(by: Member, contribution: Contribution, member: Member, at: datetime) -> Author:
    known = Author.objects.filter(contribution=contribution, member=member).first()
    if known is not None and known.left is None and known.declined is None:
        return known
    if known is None:
        if contribution.authors.count() >= MOST:
            raise NotAllowed(
                _("This has %(number)s authors already.") % {"number": MOST},
                todo=_("Others can offer improvements."),
            )
        last = contribution.authors.aggregate(last=Max("number"))["last"] or 0
        known = Author(contribution=contribution, member=member, number=last + 1)
    known.invited_by, known.invited = by, at
    known.accepted = known.declined = known.left = None
    known.save()
    act_write(
        by, "Invite", contribution, at, object_type="Person", context=context_of(contribution),
        extra={"member": f"member/{member.pk}"},
    )  # fmt: skip
    event_tell("author_invited", by, at, contribution, also=[member], member=member.pk)
    return known


def coauthor_accept(by: Member, number: int, *, deal: int = 0, when: datetime | None = None) -> Author:
    """Accept an invitation; again is harmless. `deal` as in `contribution_publish`: authors agree to it, too.

    Raises `NotFound` (no invitation), `DealNotAccepted`, `NotNow`.
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    with transaction.atomic():
        contribution = contribution_held(number)
        author = _invitation(by, contribution)
        if author.accepted is not None:
            return author
        check_stands(contribution)
        check_time(contribution, *WRITE, at=at)
        if contribution.challenge is not None:
            deal_agreed(by, contribution.challenge, deal, when=at)
        author.accepted, author.declined = at, None
        author.save(update_fields=["accepted", "declined"])
        act_write(by, "Accept", contribution, at, object_type="Person", context=context_of(contribution))
        event_tell("author_joined", by, at, contribution, member=by.pk)
        people_count(by, contribution.challenge_id, contribution.pk)
    return author


def coauthor_decline(by: Member, number: int, *, when: datetime | None = None) -> Author:
    """Decline an invitation; nobody is told but by its absence. Raises `NotFound`, `NotNow` (accepted already)."""
    check_may(by, "space.take_part")
    at = when or clock.now()
    with transaction.atomic():
        contribution = contribution_held(number)
        author = _invitation(by, contribution)
        if author.accepted is not None:
            raise NotNow(_("You are one of its authors already."), todo=_("You can stop being one."))
        if author.declined is None:
            author.declined = at
            author.save(update_fields=["declined"])
            act_write(by, "Reject", contribution, at, object_type="Person", context=context_of(contribution))
    return author


def coauthor_leave(by: Member, number: int, *, when: datetime | None = None) -> Author:
    """Stop being an author: their name stays with what they wrote. Raises `NotFound`, `NotNow` (the last author)."""
    check_may(by, "space.take_part")
    at = when or clock.now()
    with transaction.atomic():
        held = held_with_proposals([number])
        contribution = held[number]
        author = Author.objects.filter(contribution=contribution, member=by, accepted__isnull=False).first()
        if author is None:
            raise NotFound(_("You are not one of its authors."), todo=_("Go back to the contribution."))
        if author.left is not None:
            return author
        others = contribution.authors.filter(accepted__isnull=False, left=None, member__erased=False)
        if not others.exclude(member=by).exists():
            raise NotNow(
                _("You are its only author."), todo=_("You can withdraw it, or invite somebody first.")
            )
        author.left = at
        author.save(update_fields=["left"])
        act_write(by, "Remove", contribution, at, object_type="Person", context=context_of(contribution))
        proposals_settle(held, at)
    return author


def _invitation(by: Member, contribution: Contribution) -> Author:
    author = Author.objects.filter(
        contribution=contribution, member=by, invited__isnull=False, left=None
    ).first()
    if author is None:
        raise NotFound(_("There is no invitation for you here."), todo=_("Go back to the contribution."))
    return author
