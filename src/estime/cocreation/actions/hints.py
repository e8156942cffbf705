"""Hints for moderators: accounts that support the same things together, measured once a day; looked at by a human.

A hint holds numbers and ids. It changes nothing by itself: no visibility, no count, no vote, no right.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from estime.cocreation.checks import check_may, check_words
from estime.cocreation.errors import NotFound
from estime.cocreation.models import Hint, Joining, Member, Moderated, Space, Support
from estime.cocreation.rings import Ring, Rings, rings_find
from estime.kernel import clock
from estime.kernel.configuration import configuration

DAYS: Final = 60
"""How far back supports are looked at."""
MOST: Final = 1_000_000
LONGEST: Final = 1_000
_ASKED: Final = 1 << 62
"""Added to the number of a question, so that it is not taken for a contribution."""


def hints_look(space: Space, at: datetime | None = None) -> Rings | None:
    """Look for groups among the supports and joins of a space, and hint at those that are not hinted at yet.

    None where there is too little to look at. What is found is about what was done lately; doing it again tells nothing
    twice: a group of the same people is one hint, whose figures are the newest.
    """
    now = at or clock.now()
    rows = _rows(space, now)
    if not rows:
        return None
    things, accounts, moments = zip(*rows, strict=True)
    minutes = configuration().cocreation.look_alike_minutes
    found = rings_find(things, accounts, [moment.timestamp() for moment in moments], minutes, seed=space.pk)
    with transaction.atomic():
        for ring in found.rings:
            _hint(space, ring, found, minutes, now)
    return found


def _rows(space: Space, at: datetime) -> list[tuple[int, int, datetime]]:
    since = Q(at__gt=at - timedelta(days=DAYS), at__lte=at)
    supports = Support.objects.filter(since, contribution__space=space).order_by("-pk")
    joins = Joining.objects.filter(since, interpellation__space=space).order_by("-pk")
    told = list(supports.values_list("contribution", "member", "at")[:MOST])
    told += joins.annotate(thing=F("interpellation") + _ASKED).values_list("thing", "member", "at")[:MOST]
    return told


def _hint(space: Space, ring: Ring, found: Rings, minutes: int, at: datetime) -> None:
    sign = sha256(f"ring:{space.pk}:{','.join(map(str, ring.accounts))}".encode()).hexdigest()
    data: dict[str, Any] = {
        "members": list(ring.accounts),
        "things": [
            f"interpellation/{number - _ASKED}" if number >= _ASKED else f"contribution/{number}"
            for number in ring.things[:200]
        ],
        "number": len(ring.things),
        "together": ring.together,
        "expected": round(ring.expected, 3),
        "chance": ring.chance,
        "minutes": minutes,
        "false": found.false,
        "shuffles": found.shuffles,
        "days": DAYS,
    }
    hint, fresh = Hint.objects.get_or_create(
        sign=sign, defaults={"space": space, "kind": "ring", "at": at, "data": data}
    )
    if not fresh:
        hint.data = data
        hint.save(update_fields=["data"])


def hint_seen(by: Member, hint: Hint, note: str = "", *, when: datetime | None = None) -> Hint:
    """Say that a hint was looked at, with a note for the other moderators. Again is harmless. Nothing else happens.

    Raises `NotAllowed`, `NotFound`, `WordsTooMany`.
    """
    check_may(by, "moderation.act")
    words = check_words(note, "note", LONGEST, needed=False)
    at = when or clock.now()
    with transaction.atomic():
        held = Hint.objects.select_for_update().filter(pk=hint.pk).first()
        if held is None:
            raise NotFound(_("There is nothing here."), todo=_("Go back to the list."))
        if held.seen is None:
            held.seen, held.seen_by, held.note = at, by, words
            held.save(update_fields=["seen", "seen_by", "note"])
            Moderated.objects.create(space=held.space, kind="hint_seen", by=by, hint=held, at=at)
    return held
