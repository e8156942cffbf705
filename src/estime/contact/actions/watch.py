"""Read the acts that came in since the last look, and tell the questions in them: killed at any point, nothing is lost.

Each step reads some acts and moves the channels' position in one transaction. A channel whose accounts of the brand,
or whose erased people, are others than before is read again from its beginning, and so is one that was read further
than the ledger goes (it came here from another server); what people did stays.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import F

from estime.contact.actions.collect import collect
from estime.contact.actions.settle import bring_back, claimed, settle, watched_held
from estime.contact.models import Question, Spoken, Thread, Voice, Watched, Withdrawal
from estime.contact.notes import POINTLESS, Place, place_of, take_notes
from estime.kernel.collection import collection_paused
from estime.kernel.configuration import configuration
from estime.ledger import api as ledger

STEP = 20_000  # acts
RULES = 1  # raise it when the rules change: every channel is read again

Progress = Callable[[int, int], None]


class Looked(NamedTuple):
    """What a look did: how many texts it read, and how many questions it settled."""

    read: int
    settled: int


class Ours(NamedTuple):
    """One channel on which the brand has accounts: their handles, and the keys of those that have acted."""

    channel: int
    name: str
    format: str
    handles: tuple[str, ...]
    keys: tuple[int, ...]

    @property
    def digest(self) -> str:
        """Another one, and the channel is read again."""
        told = repr((RULES, self.format, self.handles, self.keys))
        return hashlib.sha256(told.encode()).hexdigest()


def watch(*, whole: bool = False, progress: Progress | None = None, step: int = STEP) -> Looked:
    """Bring the questions up to date with the ledger. `whole` reads every channel again, to the same result.

    Any number may run at once: a step that another one has taken is not taken twice.
    """
    tell = progress or (lambda done, total: None)
    ours = _ours()
    upto = ledger.reading_horizon()
    _prepare(ours, upto, whole)
    read = 0
    while (at := _position(upto, ours)) is not None:
        before, channels, ahead = at
        after = ledger.reading_step(before, ahead, step)
        with collection_paused():
            read += _step(before, after, channels, ours)
        tell(after, upto)
    _finish_making(upto)
    pointless = [place.channel for place in ours.values() if place.format in POINTLESS]
    return Looked(read, settle(pointless) + bring_back())


def _ours() -> dict[int, Ours]:
    """The channels on which the brand says it has accounts, by id."""
    named: dict[str, set[str]] = {}
    for account in configuration().brand.accounts:
        named.setdefault(account.channel, set()).add(account.handle)
    known = ledger.channel_formats()
    found = {}
    for name in named.keys() & known.keys():
        pk, kind = known[name]
        handles = sorted(named[name])
        keys = (key for _, key in ledger.account_keys([(name, handle) for handle in handles]))
        found[pk] = Ours(pk, name, kind, tuple(handles), tuple(sorted(keys)))
    return found


def _prepare(ours: Mapping[int, Ours], upto: int, whole: bool) -> None:
    """Begin with channels that are new, and again with those that are no longer what they were."""
    erased = ledger.erased_counts(list(ours))
    for place in ours.values():
        known = Watched.objects.filter(channel=place.channel).first()
        if whole or known is None or not _same(known, place, erased[place.channel], upto):
            _begin(place.channel, place.name, place.digest, erased[place.channel])
    for channel in Watched.objects.exclude(channel__in=list(ours)).values_list("channel", flat=True):
        _give_up(channel)


def _same(known: Watched, place: Ours, erased: int, upto: int) -> bool:
    """Whether a channel is what it was when it was read."""
    return (known.accounts, known.erased) == (place.digest, erased) and known.position <= upto


@transaction.atomic
def _begin(channel: int, name: str, digest: str, erased: int) -> None:
    watched_held(Watched.objects.filter(channel=channel))
    _forget(channel)
    fresh = {
        "name": name,
        "accounts": digest,
        "erased": erased,
        "position": 0,
        "making": True,
        "last_act": None,
    }
    if not Watched.objects.filter(channel=channel).update(**fresh, generation=F("generation") + 1):
        Watched.objects.create(channel=channel, **fresh)


def _forget(channel: int) -> None:
    for table in (Voice, Spoken, Thread, Withdrawal):
        table.objects.filter(channel=channel).delete()


@transaction.atomic
def _give_up(channel: int) -> None:
    """The brand has no account there any more, so nobody is asked: what people did stays to be read."""
    watched_held(Watched.objects.filter(channel=channel))
    _forget(channel)
    _drop_questions(channel, None)
    Watched.objects.filter(channel=channel).delete()


def _drop_questions(channel: int, generation: int | None) -> None:
    """Questions that are none any more go; those that somebody dealt with stay, and are owed no longer."""
    left = Question.objects.filter(channel=channel)
    if generation is not None:
        left = left.filter(generation__lt=generation)
    left.filter(version=0).delete()
    left.update(why="", owed=False, stale=False, withdrawn=False, answer=None, answered=None)


def _position(upto: int, ours: Mapping[int, Ours]) -> tuple[int, list[int], int] | None:
    """The position that lies furthest back, the channels that stand there, and the next one ahead of them."""
    known = Watched.objects.filter(
        channel__in=list(ours), accounts__in=[place.digest for place in ours.values()]
    )
    rows = list(known.filter(position__lt=upto).order_by("position").values_list("position", "channel"))
    if not rows:
        return None
    before = rows[0][0]
    ahead = min([upto, *(position for position, _ in rows if position > before)])
    return before, [channel for position, channel in rows if position == before], ahead


@transaction.atomic
def _step(before: int, after: int, channels: list[int], ours: Mapping[int, Ours]) -> int:
    """Read from one position to another; returns how many texts. A channel that moved on meanwhile is left alone."""
    rows = {
        watched.channel: watched
        for watched in watched_held(Watched.objects.filter(channel__in=channels, position=before))
    }
    places = {channel: _place(ours[channel], watched) for channel, watched in rows.items()}
    read = 0
    for making in (True, False):
        group = [channel for channel, watched in rows.items() if watched.making is making]
        for acts in ledger.texts_between(before, after, group) if group else ():
            collect(take_notes(acts, places), settle_later=making)
            read += len(acts)
    latest = ledger.latest_between(before, after, list(places)) if places else {}
    for channel, watched in rows.items():
        moment = _later(watched.last_act, latest.get(channel))
        Watched.objects.filter(channel=channel).update(position=after, last_act=moment)
    return read


def _place(place: Ours, watched: Watched) -> Place:
    channel = (place.channel, place.name, place.format)
    return place_of(channel, place.keys, place.handles, watched.generation)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment is not None), default=None)


def _finish_making(upto: int) -> None:
    for channel in Watched.objects.filter(making=True, position__gte=upto).values_list("channel", flat=True):
        with transaction.atomic():
            watched = Watched.objects.select_for_update().get(channel=channel)
            if watched.making and watched.position >= upto:
                _drop_questions(channel, watched.generation)
                Watched.objects.filter(channel=channel).update(making=False)


def watch_due() -> bool:
    """Whether a look would find something: new acts, other accounts, an erasure, a claim that nothing bears out."""
    ours = _ours()
    known = {watched.channel: watched for watched in Watched.objects.all()}
    if set(known) != set(ours):
        return True
    erased, upto = ledger.erased_counts(list(ours)), ledger.reading_horizon()
    for channel, watched in known.items():
        if watched.making or not _same(watched, ours[channel], erased[channel], upto):
            return True
    if known and ledger.acts_since(min(watched.position for watched in known.values())):
        return True
    return Question.objects.filter(stale=True).exists() or claimed().exists()
