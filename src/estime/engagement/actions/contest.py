"""Members contest how they are read: a text, or their place as a whole. Doing it twice changes nothing.

What is contested counts otherwise from the next map on; until then the place is not told.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from estime.engagement.errors import ContestRefused, ReadingNotFound
from estime.engagement.models import Contested, Objection, Place
from estime.engagement.place import MEANT
from estime.kernel import clock
from estime.listening import api as listening

LONGEST = 2_000


def check_reason(reason: str) -> str:
    """The reason, cleaned. Raises `ContestRefused` where it is too long."""
    told = reason.strip().replace("\r\n", "\n").replace("\x00", "")
    if len(told) > LONGEST:
        raise ContestRefused(
            _("A reason has at most {n} characters.").format(n=LONGEST),
            todo=_("Say it shorter; nothing was kept."),
        )
    return told


def check_reading(account: int, seq: int) -> None:
    """Raises `ReadingNotFound` unless the text is theirs and was read."""
    if listening.reading_find(account, seq) is None:
        raise ReadingNotFound(
            _("There is no text of yours here that was read."),
            todo=_("Open “How your place is seen” again."),
        )


@transaction.atomic
def reading_contest(account: int, seq: int, meant: int | None, reason: str) -> None:
    """“This is not what I meant”: have it count as it was meant (-1, 0, 1), or not at all (None)."""
    if meant is not None and meant not in MEANT:
        raise ContestRefused(
            _("A text is meant for the brand, against it or neither."), todo=_("Choose one of the list.")
        )
    told = check_reason(reason)
    check_reading(account, seq)
    values = {"account": account, "meant": meant, "reason": told, "at": clock.now(), "withdrawn": None}
    Contested.objects.update_or_create(pk=seq, defaults=values)
    Place.objects.filter(pk=account).delete()


@transaction.atomic
def reading_contest_withdraw(account: int, seq: int) -> None:
    """“Read it as before”: the contest is kept, and counts no more."""
    changed = Contested.objects.filter(pk=seq, account=account, withdrawn=None).update(withdrawn=clock.now())
    if changed:
        Place.objects.filter(pk=account).delete()


@transaction.atomic
def place_contest(account: int, reason: str, *, out: bool) -> None:
    """“My place is wrong”; with `out`, “do not place me”: what they wrote counts for nobody's place any more."""
    told = check_reason(reason)
    values = {"out": out, "reason": told, "at": clock.now(), "withdrawn": None}
    Objection.objects.update_or_create(pk=account, defaults=values)
    if out:
        Place.objects.filter(pk=account).delete()


def place_contest_withdraw(account: int) -> None:
    """The objection is taken back: kept, and counts no more."""
    Objection.objects.filter(pk=account, withdrawn=None).update(withdrawn=clock.now())
