"""Improvements with a concrete change: adopted in one click by an author, or declined. Nothing of either side is lost.

Adopted on the version it was made from, it is the next version. On a newer one both changes are brought together; where
they stand in each other's way nothing is adopted, and an author is shown all wordings and decides (`settled`).
"""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from estime.cocreation.actions.deals import deal_agreed
from estime.cocreation.actions.publish import content_of, context_of
from estime.cocreation.actions.versions import From, NewWords, version_add, words_checked
from estime.cocreation.acts import KIND_TYPES, act_write, object_id
from estime.cocreation.checks import check_may, check_words
from estime.cocreation.errors import ChangedMeanwhile, NotNow
from estime.cocreation.models import Contribution, Edit, Member, Version
from estime.cocreation.news import event_tell
from estime.cocreation.queries.versions import words_merged
from estime.cocreation.standing import (
    WRITE,
    check_author,
    check_stands,
    check_time,
    check_whole,
    contribution_held,
    not_found,
)
from estime.kernel import clock

LONGEST_REASON = 2_000


class Settled(NamedTuple):
    """The words that somebody decided on where changes met, made while version `base` stood. `deal`: as in `Offer`."""

    title: str
    body: str
    base: int
    deal: int = 0


def edit_adopt(
    by: Member, number: int, *, settled: Settled | None = None, when: datetime | None = None
) -> Version:
    """Adopt an improvement: a new version, whose contributor is whoever offered it. Again gives the same version.

    Raises `ChangedMeanwhile` where it does not go together with what was written since (`data["conflicts"]`: how many
    places), `NotAllowed` (not an author), `NotNow` (declined, taken back, not the time), `NotFound`,
    `DealNotAccepted` (with `settled`: words of their own).
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    with transaction.atomic():
        contribution, edit = _held(by, number, at)
        if edit.state == "adopted":
            return Version.objects.get(contribution=contribution, number=edit.version or 0)
        _check_offered(edit)
        if settled is not None and contribution.challenge is not None:
            deal_agreed(by, contribution.challenge, settled.deal, when=at)
        words = _words(contribution, edit, settled)
        came = From(contributor=edit.comment.by, edit=edit)
        version = version_add(contribution, by, words, at, came)
        edit.state, edit.settled, edit.settled_by, edit.version = "adopted", at, by, version.number
        edit.save(update_fields=["state", "settled", "settled_by", "version"])
        act_write(
            by, "Update", contribution, at, object_type=KIND_TYPES[contribution.kind],
            in_reply_to=object_id(edit.comment), context=context_of(contribution), content=content_of(contribution),
            extra={"adopted": object_id(edit.comment), "contributor": f"member/{edit.comment.by_id}"},
        )  # fmt: skip
        event_tell(
            "edit_adopted",
            by,
            at,
            contribution,
            comment=edit.comment,
            also=[edit.comment.by],
            version=version.number,
        )
    return version


def _words(contribution: Contribution, edit: Edit, settled: Settled | None) -> NewWords:
    if settled is not None:
        if settled.base != contribution.version:
            raise ChangedMeanwhile(
                _("There is a newer version of this since you began to decide."),
                todo=_("Look at how both go together now."),
                version=contribution.version,
            )
        return words_checked(NewWords(settled.title, settled.body))
    title, body = words_merged(contribution, edit.base, edit.title, edit.body)
    conflicts = len(title.conflicts) + len(body.conflicts)
    if conflicts:
        raise ChangedMeanwhile(
            _("This was changed in the same place since the improvement was offered."),
            todo=_("Look at both, and decide on the words."),
            conflicts=conflicts,
        )
    return words_checked(NewWords(title.text, body.text))


def edit_decline(by: Member, number: int, reason: str = "", *, when: datetime | None = None) -> Edit:
    """Decline an improvement, with a reason if one is given; again is harmless.

    Raises `NotAllowed`, `NotNow` (adopted already, taken back), `NotFound`, `WordsTooMany`.
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    why = check_words(reason, "reason", LONGEST_REASON, needed=False)
    with transaction.atomic():
        contribution, edit = _held(by, number, at)
        if edit.state == "declined":
            return edit
        _check_offered(edit)
        edit.state, edit.settled, edit.settled_by, edit.reason = "declined", at, by, why
        edit.save(update_fields=["state", "settled", "settled_by", "reason"])
        act_write(
            by,
            "Reject",
            edit.comment,
            at,
            object_type="Note",
            context=context_of(contribution),
            content=why or None,
        )
        event_tell("edit_declined", by, at, contribution, comment=edit.comment, also=[edit.comment.by])
    return edit


def _held(by: Member, number: int, at: datetime) -> tuple[Contribution, Edit]:
    """An improvement and what it was offered to, both held. Raises where this person cannot settle it now."""
    known = Edit.objects.filter(pk=number).values_list("comment__contribution_id", flat=True).first()
    if known is None:
        raise not_found()
    contribution = contribution_held(known)
    check_author(contribution, by)
    edit = Edit.objects.select_for_update(of=("self",)).select_related("comment__by").get(pk=number)
    if edit.state == "offered":
        check_stands(contribution)
        check_whole(contribution)
        check_time(contribution, *WRITE, at=at)
    return contribution, edit


def _check_offered(edit: Edit) -> None:
    if edit.state != "offered":
        raise NotNow(_("This improvement was settled already."), todo=_("Look at the discussion."))
    if edit.comment.withdrawn is not None or edit.comment.hidden:
        raise NotNow(_("Whoever offered this took it back."), todo=_("You can write a version of your own."))
