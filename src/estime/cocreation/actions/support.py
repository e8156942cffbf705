"""Support: a member stands behind a contribution, once, and can take it back.

1. One row of `Support` per person and contribution, held by a constraint; it stays where it was given.
2. `supports` of a contribution by itself, or of a part, counts its own rows; `supports` of a head counts the people who
   support any of its group, each once. Whatever changes rows or counts holds the head's row, so no two count at once.
3. What is shown as one is taken back as one: taking support back takes it from the whole group.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from estime.cocreation.acts import act_write, object_id
from estime.cocreation.checks import check_may
from estime.cocreation.limits import check_limits
from estime.cocreation.models import Challenge, Contribution, Member, Support
from estime.cocreation.news import event_tell
from estime.cocreation.queries.phases import check_phase
from estime.cocreation.standing import SUPPORT, check_stands, group_held, group_of, may_read, not_found
from estime.kernel import clock


def support(by: Member, number: int, *, when: datetime | None = None) -> bool:
    """Stand behind a contribution. Returns whether that is new; again is harmless.

    Raises `NotFound`, `NotNow` (withdrawn, hidden, decided already or called off), `NotAllowed`.
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    with transaction.atomic():
        check_limits(by, "supports", at)
        contribution, head = group_held(number)
        if not may_read(contribution.space, by):
            raise not_found()
        mine = _of_group(by, head)
        known = set(mine.values_list("contribution_id", flat=True))
        if number in known:
            return False
        check_stands(contribution)
        challenge = _challenge(contribution, at)
        row = Support(contribution=contribution, member=by, at=at)
        row.save(force_insert=True)
        more = [each.pk for each in (contribution, head) if each is not head or not known]
        Contribution.objects.filter(pk__in=more).update(supports=F("supports") + 1)
        act_write(
            by,
            "Create",
            contribution,
            at,
            object_type="Vote",
            context=challenge,
            source_id=f"support/{row.pk}",
        )
        event_tell("supported", by, at, contribution)
    return True


def unsupport(by: Member, number: int, *, when: datetime | None = None) -> bool:
    """Take support back, from everything it was brought together with. Returns whether there was any.

    Raises `NotFound`, `NotNow` (decided already), `NotAllowed`. What was withdrawn or hidden can be left, too.
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    with transaction.atomic():
        check_limits(by, "supports", at)
        contribution, head = group_held(number, whole=True)
        rows = list(_of_group(by, head).order_by("contribution_id"))
        if not rows:
            return False
        challenge = _challenge(contribution, at)
        parts = [row.contribution_id for row in rows if row.contribution_id != head.pk]
        Support.objects.filter(pk__in=[row.pk for row in rows]).delete()
        Contribution.objects.filter(pk__in=[head.pk, *parts]).update(supports=F("supports") - 1)
        for row in rows:
            act_write(by, "Undo", f"support/{row.pk}", at, object_type="Vote", context=challenge)
    return True


def _of_group(by: Member, head: Contribution) -> QuerySet[Support]:
    """What somebody supports of a group; the head's row is held, so nothing joins the group meanwhile."""
    return Support.objects.filter(member=by, contribution_id__in=group_of(head.pk))


def _challenge(contribution: Contribution, at: datetime) -> str | None:
    """What the ledger calls its challenge. Raises `NotNow` outside of the phases in which support counts."""
    if contribution.challenge_id is None:
        return None
    challenge = Challenge.objects.get(pk=contribution.challenge_id)
    check_phase(challenge, *SUPPORT, at=at)
    return object_id(challenge)
