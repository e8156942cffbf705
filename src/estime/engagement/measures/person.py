"""The measures of members, for one person: the same formulas as `tables/persons.py`, over that person's acts alone."""

from collections.abc import Iterable, Mapping, Sequence
from math import exp, log, log1p
from typing import NamedTuple

from estime.engagement.families import PASSIVE, VOTE

DAY = 86_400


class Part(NamedTuple):
    """What one kind of act adds to B: `part` = `weight` · ln(1 + `decayed`), from `acts` of them."""

    kind: str
    acts: int
    decayed: float
    weight: float
    part: float


class Told(NamedTuple):
    """One person's active acts in short: per kind (how many, decayed count), first and last (seconds since 1970), and
    whether any lies in the silence before the window."""

    kinds: Mapping[str, tuple[int, float]]
    first: int
    last: int
    before: bool


def told_of(
    acts: Iterable[tuple[int, str, str | None]], as_of: int, *, half_life: float, window: int, silence: int
) -> Told | None:
    """A person's active acts in short, as of a moment; None when there are none.

    Parameters
    ----------
    acts : (seconds since 1970, AS2 type, object type), without what was taken back; later ones than `as_of` and
        passive ones are left out
    as_of : seconds since 1970
    half_life, window, silence : days

    Examples
    --------
    >>> day = 86_400
    >>> told_of([(0, "Create", "Note"), (28 * day, "Create", "Note")], 28 * day, half_life=28, window=28, silence=90)
    Told(kinds={'Create': (2, 1.5)}, first=0, last=2419200, before=True)
    """
    kinds: dict[str, tuple[int, float]] = {}
    first = last = None
    before, fading = False, log(2) / (DAY * half_life)
    for at, type_, what in acts:
        if at > as_of or type_ in PASSIVE:
            continue
        kind = VOTE if what == VOTE else type_
        count, decayed = kinds.get(kind, (0, 0.0))
        kinds[kind] = (count + 1, decayed + exp((at - as_of) * fading))
        first = at if first is None else min(first, at)
        last = at if last is None else max(last, at)
        before = before or as_of - (window + silence) * DAY < at <= as_of - window * DAY
    return None if first is None or last is None else Told(dict(sorted(kinds.items())), first, last, before)


def behaviour_parts(
    kinds: Mapping[str, tuple[int, float]], weights: Mapping[str, float], other_weight: float
) -> Sequence[Part]:
    """What each kind of act adds to B, most first. Not for deciding anything about a person.

    Examples
    --------
    >>> parts = behaviour_parts({"Create": (2, 1.5), "Like": (9, 9.0)}, {"Create": 4.0, "Like": 0.0}, 1.0)
    >>> [(part.kind, round(part.part, 4)) for part in parts]
    [('Create', 3.6652), ('Like', 0.0)]
    """
    parts = [
        Part(
            kind,
            acts,
            decayed,
            weights.get(kind, other_weight),
            weights.get(kind, other_weight) * log1p(decayed),
        )
        for kind, (acts, decayed) in kinds.items()
    ]
    return sorted(parts, key=lambda part: (-part.part, part.kind))


def behaviour_of(parts: Iterable[Part]) -> float:
    """B, to nine decimals as everywhere."""
    return round(sum(part.part for part in parts), 9)


def presence_of(told: Told, as_of: int, *, window: int, silence: int) -> str:
    """newcomer, continuing, returning, lapsing or gone (docs/measures/presence.md).

    Examples
    --------
    >>> day = 86_400
    >>> presence_of(Told({}, 0, 28 * day, True), 28 * day, window=28, silence=90)
    'continuing'
    """
    if told.first > as_of - window * DAY:
        return "newcomer"
    if told.last > as_of - window * DAY:
        return "continuing" if told.before else "returning"
    return "lapsing" if told.last > as_of - silence * DAY else "gone"
