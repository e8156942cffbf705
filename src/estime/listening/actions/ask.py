"""Ask people how they are treated: after a decision or an answer, and 30 days after an outcome of what they gave.

Occasions are read from the ledger by position: one step makes the askings of some acts and moves the position, in one
transaction that begins by holding it. Killed anywhere nothing is lost, and nobody is asked twice of one act; of an
account that is erased meanwhile nothing is made. Who is concerned by an act is asked through a port (ports.py).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.module_loading import import_string

from estime.kernel import clock
from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.listening.actions.survey_forget import erased_since, surveys_forget_erased, to_ask_held
from estime.listening.actions.survey_tell import quarters_tell, quarters_to_tell
from estime.listening.models import BEGINNING
from estime.listening.ports import Concerned, Delivery, Invitation, Person
from estime.listening.queries.surveys import OPEN
from estime.listening.survey_guards import APART_DAYS
from estime.listening.survey_models import Asked, AskNever, FollowedToAsk

OWN_CHANNEL: Final = "estime"
"""Our own site, as the ledger calls it: people of other channels cannot be asked here."""
AFTER: Final = {
    "decision": timedelta(days=1),  # time to read it
    "answer": timedelta(days=1),
    "outcome": timedelta(days=30),
}
OPEN_FOR: Final = timedelta(days=30)
"""So long questions wait for somebody; later on they would hardly know what they are asked about."""
APART: Final = timedelta(days=APART_DAYS)
STEP: Final = 200  # acts
AT_ONCE: Final = 400

Progress = Callable[[int, int], None]
_WANTED: Final = ledger.Passing(channel=OWN_CHANNEL, types=("Create",), for_brand=True)


class Asking(NamedTuple):
    """What a run did: how many people are newly to be asked, and how many quarters are told."""

    asked: int
    quarters: int


class _Occasion(NamedTuple):
    kind: str
    act: int
    object: str
    due: datetime


def ask(*, when: datetime | None = None, progress: Progress | None = None) -> Asking:
    """Bring askings up to date with the ledger, end those that are over, and tell quarters that are over.

    Any number may run at once; doing it twice changes nothing.
    """
    at, asked = when or clock.now(), 0
    surveys_forget_erased()
    lapse(at)
    while (made := _step(at)) is not None:
        asked += made
        if progress is not None:
            progress(asked, asked)
    deliver(at)
    return Asking(asked, quarters_tell(at))


def ask_due() -> bool:
    """Whether a run would find something. Asked every minute."""
    at = clock.now()
    return (
        _occasions_wait()
        or erased_since()
        or Asked.objects.filter(OPEN, due__lt=at - OPEN_FOR).exists()
        or bool(quarters_to_tell(at))
        or bool(
            settings.ESTIME_ASKING_DELIVERY and configuration().listening.ask and _undelivered(at).exists()
        )
    )


def _occasions_wait() -> bool:
    """Whether an act of the brand lies ahead of the position, or more than one window does."""
    known = FollowedToAsk.objects.first()
    at = known.position if known is not None else BEGINNING
    if at[0] > ledger.reading_horizon():
        return True
    found = ledger.acts_following(_WANTED, 1, at)
    return bool(found.acts) or (found.next != at and ledger.texts_end(found.next) != found.next)


@transaction.atomic
def _step(at: datetime) -> int | None:
    """The askings of some acts; None when there are no more acts."""
    held = to_ask_held()
    if held.xid > ledger.reading_horizon():  # the ledger came from another server
        held.xid, held.seq = BEGINNING
    found = ledger.acts_following(_WANTED, STEP, held.position)
    if not found.acts and found.next == held.position:
        return None
    occasions = [one for one in map(_occasion, found.acts) if one is not None and one.due + OPEN_FOR > at]
    made = _make(occasions) if occasions and configuration().listening.ask else 0
    held.xid, held.seq = found.next
    held.save(update_fields=["xid", "seq"])
    return made


def _occasion(act: ledger.ActRow) -> _Occasion | None:
    kind, slash, _rest = (act.object_id or "").partition("/")
    if not slash or kind not in AFTER:
        return None
    return _Occasion(kind, act.seq, act.object_id or "", act.published + AFTER[kind])


def _make(occasions: Sequence[_Occasion]) -> int:
    """One asking per person at most: the first occasion that finds them free."""
    concerned: Concerned = import_string(settings.ESTIME_ASKING_CONCERNED)
    concerns = concerned([one.object for one in occasions])
    asked = 0
    for one in occasions:
        about = concerns.get(one.object)
        if about is None:
            continue
        for start in range(0, len(about.people), AT_ONCE):
            free = _free(about.people[start : start + AT_ONCE], one)
            rows = [
                Asked(account=who.account, occasion=one.kind, act=one.act, space=about.space, due=one.due)
                for who in free
            ]
            Asked.objects.bulk_create(rows, ignore_conflicts=True)
            asked += len(rows)
    return asked


def _free(people: Sequence[Person], occasion: _Occasion) -> list[Person]:
    """Those who may be asked: not for ever, not now, not so soon again, not twice of the same act."""
    keys = [who.account for who in people]
    never = set(AskNever.objects.filter(user__in=[who.user for who in people]).values_list("user", flat=True))
    of_these = Asked.objects.filter(account__in=keys)
    busy = set(of_these.filter(OPEN).values_list("account", flat=True))
    busy.update(of_these.filter(act=occasion.act).values_list("account", flat=True))
    last: Mapping[int, datetime] = dict(
        of_these.filter(shown__isnull=False).values_list("account").annotate(last=Max("shown")).order_by()
    )
    return [
        who
        for who in people
        if who.user not in never
        and who.account not in busy
        and (who.account not in last or last[who.account] + APART <= occasion.due)
    ]


def lapse(at: datetime) -> int:
    """End askings that waited long enough; returns how many."""
    return Asked.objects.filter(OPEN, due__lt=at - OPEN_FOR).update(lapsed=at)


def deliver(at: datetime) -> int:
    """Hand invitations to whoever delivers, where somebody is bound; returns how many were taken."""
    if not (settings.ESTIME_ASKING_DELIVERY and configuration().listening.ask):
        return 0
    delivery: Delivery = import_string(settings.ESTIME_ASKING_DELIVERY)
    waiting = list(_undelivered(at).order_by("due", "pk").values_list("pk", "account")[:AT_ONCE])
    taken = delivery([Invitation(*row) for row in waiting]) if waiting else set()
    known = taken & {pk for pk, _account in waiting}
    return Asked.objects.filter(OPEN, pk__in=known, shown=None).update(sent=at, shown=at)


def _undelivered(at: datetime) -> QuerySet[Asked]:
    return Asked.objects.filter(OPEN, due__lte=at, sent=None, shown=None)
