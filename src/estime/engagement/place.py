"""One person's place on the engagement map, for a page: where, how sure, and the texts that say most about it.

Kept only while `privacy.person_affect` is on. Nothing here is ever read to decide anything about anybody.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import Count

from estime.engagement.measures.evidence import weights_of
from estime.engagement.models import Contested, Objection, Place
from estime.kernel import clock
from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.listening import api as listening

LATEST: Final = 200
"""So many newest texts are looked at for those that say most."""
MEANT: Final = (-1, 0, 1)


class PersonPlace(NamedTuple):
    """Where somebody stands: A with its 90 % interval, from −1 to 1, on `pieces` pieces of evidence."""

    scope: str
    as_of: datetime
    value: float
    low: float
    high: float
    cell: str
    pieces: int


class Contest(NamedTuple):
    """What somebody said of a reading: as they `meant` it (None: leave it out), and why."""

    meant: int | None
    reason: str
    at: datetime


class Objected(NamedTuple):
    """What somebody said of their place as a whole. `out`: they are not to be placed."""

    out: bool
    reason: str
    at: datetime


class Weighing(NamedTuple):
    """A text that says something of what its author feels: read as `value`, from −1 to 1; `weight` at most 1."""

    seq: int
    act: str
    published: datetime
    text: str
    value: float
    weight: float
    contest: Contest | None


class Contests(NamedTuple):
    """How many readings are contested now, and how many people object to their place; None where few people do."""

    readings: int | None
    people: int | None


def places_on() -> bool:
    """Whether the place of single people may be told: the brand said what for, and on which legal basis."""
    return configuration().privacy.person_affect


def person_place(account: int) -> PersonPlace | None:
    """Somebody's place; None where it is not known, or not told of anybody."""
    if not places_on() or Objection.objects.filter(pk=account, out=True, withdrawn=None).exists():
        return None
    row = Place.objects.filter(pk=account).values_list(*PersonPlace._fields).first()
    return None if row is None else PersonPlace(*row)


def objection_of(account: int) -> Objected | None:
    """What somebody said of their place as a whole, unless they took it back."""
    row = Objection.objects.filter(pk=account, withdrawn=None).values_list("out", "reason", "at").first()
    return None if row is None else Objected(*row)


def contests_counted() -> Contests:
    """How much is contested now: of nobody, or of as many people as may be told."""
    fewest = configuration().privacy.smallest_group
    readings = Contested.objects.filter(withdrawn=None)
    authors, people = (
        rows.aggregate(people=Count("account", distinct=True))["people"]
        for rows in (readings, Objection.objects.filter(withdrawn=None))
    )
    return Contests(
        None if 0 < authors < fewest else readings.count(), None if 0 < people < fewest else people
    )


def person_texts(account: int, limit: int, before: int | None = None) -> list[Weighing]:
    """Somebody's texts that say what they feel toward the brand, newest first; those contested among them."""
    read = listening.readings_of(account, limit, before)
    return _weighed(account, read, clock.now())


def weightiest(account: int, limit: int, as_of: datetime) -> list[Weighing]:
    """The texts that say most at a moment: by weight times how far from nothing; what is left out says nothing.

    What somebody took back is not among them.
    """
    found = _weighed(account, listening.readings_of(account, LATEST), as_of)
    back = _taken_back([each.seq for each in found])
    saying = [each for each in found if each.published <= as_of and each.weight and each.seq not in back]
    return sorted(saying, key=lambda each: (-each.weight * abs(each.value), -each.seq))[:limit]


def _taken_back(seqs: Sequence[int]) -> set[int]:
    """Those of some texts that do not stand any more, as far as the ledger's index has come."""
    among = ledger.acts_among(ledger.ActFilter(standing=True), seqs)
    return {*seqs} - {seq for _, seq in among.found} - among.absent


def contest_of(account: int, seq: int) -> Weighing | None:
    """One text of somebody's, with its reading; None where it is not theirs, or says nothing."""
    read = listening.reading_find(account, seq)
    if read is None or read.toward is None:
        return None
    return next(iter(_weighed(account, [read], clock.now())), None)


def place_data(account: int | None) -> list[tuple[str, Iterator[dict[str, Any]]]]:
    """(what, its rows) of somebody's own data: their place, what they said against it, how their texts were read."""
    if account is None:
        return []
    place = person_place(account)
    said = ("out", "reason", "at", "withdrawn")
    contested = ("seq", "meant", "reason", "at", "withdrawn")
    return [
        ("place", iter([] if place is None else [place._asdict()])),
        ("place_objection", iter(Objection.objects.filter(pk=account).values(*said))),
        (
            "readings_contested",
            iter(Contested.objects.filter(account=account).order_by("seq").values(*contested)),
        ),
        ("readings", _readings_data(account)),
    ]


def _readings_data(account: int) -> Iterator[dict[str, Any]]:
    """The readings of their texts that say something, newest first, in constant memory; `seq` as above."""
    before = None
    while read := listening.readings_of(account, LATEST, before):
        for each in _weighed(account, read, clock.now()):
            told = each._asdict()
            yield {name: told[name] for name in ("seq", "act", "published", "text", "value")}
        before = read[-1].seq


def _weighed(account: int, read: Sequence[listening.OneReading], moment: datetime) -> list[Weighing]:
    acts = {act.seq: act for act in ledger.acts_whole([each.seq for each in read])}
    kept = [(each, act) for each in read if (act := acts.get(each.seq)) is not None and act.content]
    weights = weights_of(
        [(int(act.published.timestamp()), act.incentive is not None) for _each, act in kept],
        int(moment.timestamp()),
    )
    told = _contests(account, [each.seq for each, _act in kept])
    found = []
    for (each, act), weight in zip(kept, weights, strict=True):
        contest = told.get(each.seq)
        value = (each.toward or 0) / 1000
        if contest is not None:
            value, weight = (0.0, 0.0) if contest.meant is None else (float(contest.meant), weight)
        found.append(
            Weighing(each.seq, act.id, act.published, act.content or "", value, min(1.0, weight), contest)
        )
    return found


def _contests(account: int, seqs: Sequence[int]) -> dict[int, Contest]:
    rows = Contested.objects.filter(account=account, seq__in=list(seqs), withdrawn=None)
    told = rows.values_list("seq", "meant", "reason", "at")
    return {seq: Contest(meant, reason, at) for seq, meant, reason, at in told}
