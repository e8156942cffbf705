"""Following a challenge, a contribution or a question: being told what happens there.

In the ledger it is `Add` and `Remove`: the thing is put among those that somebody follows. (`Follow` there means the
brand's audience: who stops following an idea has not left.)
"""

from datetime import datetime

from django.db import transaction

from estime.cocreation.acts import act_write, object_id
from estime.cocreation.checks import check_may
from estime.cocreation.mentions import Spot
from estime.cocreation.models import Challenge, Contribution, Follow, Member
from estime.cocreation.standing import may_read, not_found
from estime.kernel import clock


def follow(by: Member, where: Spot, *, when: datetime | None = None) -> bool:
    """Follow something; returns whether that is new. Raises `NotFound`, `NotAllowed`."""
    check_may(by, "space.take_part")
    if not may_read(where.space, by) or (
        isinstance(where, Challenge) and (where.opened is None or where.hidden)
    ):
        raise not_found()
    at = when or clock.now()
    with transaction.atomic():
        _row, fresh = Follow.objects.get_or_create(member=by, **{_field(where): where}, defaults={"at": at})
        if fresh:
            _told(by, "Add", where, at)
    return fresh


def unfollow(by: Member, where: Spot, *, when: datetime | None = None) -> bool:
    """Stop following something; returns whether it was followed."""
    check_may(by, "space.take_part")
    at = when or clock.now()
    with transaction.atomic():
        gone, _rows = Follow.objects.filter(member=by, **{_field(where): where}).delete()
        if gone:
            _told(by, "Remove", where, at)
    return bool(gone)


def _told(by: Member, type: str, where: Spot, at: datetime) -> None:
    challenge = where if isinstance(where, Challenge) else where.challenge
    kind = "Collection" if not isinstance(where, Contribution) else where.kind.title()
    act_write(by, type, where, at, object_type=kind, context=object_id(challenge or where.space))


def _field(where: Spot) -> str:
    return type(where).__name__.lower()
