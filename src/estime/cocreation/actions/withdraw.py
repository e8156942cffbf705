"""Taking a contribution back: its words are shown no more, what others said and gave below it stays to be read."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from estime.cocreation.actions.publish import context_of
from estime.cocreation.acts import KIND_TYPES, act_write
from estime.cocreation.checks import check_may
from estime.cocreation.errors import NotNow
from estime.cocreation.models import Challenge, Contribution, Member
from estime.cocreation.news import event_tell
from estime.cocreation.similar.index import title_remove
from estime.cocreation.standing import check_author, contribution_held
from estime.kernel import clock


def contribution_withdraw(by: Member, number: int, *, when: datetime | None = None) -> Contribution:
    """Withdraw a contribution, as its only author left. Doing it again changes nothing.

    Raises `NotAllowed` (not an author), `NotNow`: others write it too, others were brought together into it, or it was
    decided about (the deal says what holds then).
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    with transaction.atomic():
        contribution = contribution_held(number)
        check_author(contribution, by)
        if contribution.withdrawn is not None:
            return contribution
        _check_alone(contribution, by)
        contribution.withdrawn = at
        contribution.save(update_fields=["withdrawn"])
        title_remove(contribution.pk)
        act_write(
            by, "Delete", contribution, at, object_type=KIND_TYPES[contribution.kind], context=context_of(contribution)
        )  # fmt: skip
        event_tell("withdrawn", by, at, contribution)
        if contribution.challenge_id is not None and not contribution.hidden:
            Challenge.objects.filter(pk=contribution.challenge_id).update(
                contributions_count=F("contributions_count") - 1
            )
    return contribution


def _check_alone(contribution: Contribution, by: Member) -> None:
    others = contribution.authors.filter(accepted__isnull=False, left=None).exclude(member=by)
    if others.exists():
        raise NotNow(
            _("Others write this with you."),
            todo=_("You can stop being one of its authors; the last of you can withdraw it."),
        )
    if contribution.together_id is not None or contribution.parts.exists():
        raise NotNow(
            _("This was brought together with others."),
            todo=_("Ask for that to be undone first, on its page."),
        )
    if contribution.decision == "taken":
        raise NotNow(
            _("This was taken up already."),
            todo=_("The deal says what happens now; a comment says what you think."),
        )
