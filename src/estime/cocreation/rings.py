"""Accounts that support the same things at the same moments, far more often than chance would have it. Numbers only.

For two accounts, what is counted is how many things both supported within some minutes of each other. How many that
would be by chance is known exactly: if the moments at which a thing was supported were dealt out anew among those who
supported it, two of them would be that close with the share that close pairs have among all pairs of that thing. So a
thing that everybody supports in the same hour, because a mail went round, tells nothing; and who supports what is not
looked at, only when. The number by chance is a sum of such draws (a Poisson binomial).

A pair is told where it has at least `FEWEST` such things, and where chance alone would bring as many to any of all the
pairs that are compared with a probability of `LEVEL` at most (Bonferroni). Pairs that share an account are one group.

How often that tells groups where there are none is measured each time: the moments are dealt anew, `SHUFFLES` times,
and everything is done again. That share is published beside the hints.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

FEWEST: Final = 5
LEVEL: Final = 0.01
SHUFFLES: Final = 100
BUSIEST: Final = 400
"""Supports of one thing that are looked at: of busier ones, chance is too close to certainty to tell anything."""
PAIRS: Final = 500_000
"""Close pairs that are compared; of more, the things with the fewest supports come first."""

Numbers = NDArray[np.int64]


class Ring(NamedTuple):
    """A group. `together`: how many things each pair of it supported close together, at least; `expected`: the most
    that chance alone would bring a pair of it; `chance`: the largest probability of that among its pairs."""

    accounts: tuple[int, ...]
    things: tuple[int, ...]
    together: int
    expected: float
    chance: float


class Rings(NamedTuple):
    """What was found. `false`: of `shuffles` shuffles, how many told any group at all."""

    rings: tuple[Ring, ...]
    accounts: int
    things: int
    pairs: int
    false: int
    shuffles: int


class _Thing(NamedTuple):
    number: int
    accounts: Numbers
    seconds: Numbers
    close: float
    """Share of its pairs that are close."""


def rings_find(
    things: Sequence[int], accounts: Sequence[int], seconds: Sequence[float], minutes: float,
    *, shuffles: int = SHUFFLES, seed: int = 0,
) -> Rings:  # fmt: skip
    """Groups among supports, given as three columns: what, who, when (seconds since any moment).

    `minutes`: how close is close. One support per account and thing, as the database has it.
    """
    told = _things(things, accounts, seconds, minutes * 60)
    close, compared = _Close.of(told, minutes * 60), _compared(told)
    rings = _rings(told, _pairs(told, close, compared))
    rng = np.random.default_rng(seed)
    false = 0
    for _turn in range(shuffles):
        dealt = [one._replace(accounts=rng.permutation(one.accounts)) for one in told]
        false += bool(_pairs(dealt, close, compared))
    number = len({int(account) for one in told for account in one.accounts})
    return Rings(tuple(rings), number, len(told), compared, false, shuffles)


def _things(
    things: Sequence[int], accounts: Sequence[int], seconds: Sequence[float], close: float
) -> list[_Thing]:
    columns = np.asarray(things, np.int64), np.asarray(accounts, np.int64), np.asarray(seconds, np.int64)
    order = np.lexsort((columns[2], columns[0]))
    what, who, when = (column[order] for column in columns)
    ends = np.flatnonzero(np.diff(what)) + 1
    found: list[_Thing] = []
    budget = PAIRS
    for part in sorted(np.split(np.arange(len(what)), ends), key=len):
        if not 2 <= len(part) <= BUSIEST:
            continue
        pairs = _close_pairs(when[part], close)
        budget -= pairs
        if budget < 0:
            break
        share = pairs / (len(part) * (len(part) - 1) / 2)
        found.append(_Thing(int(what[part[0]]), who[part], when[part], share))
    return found


def _close_pairs(seconds: Numbers, close: float) -> int:
    """How many pairs of sorted moments are close."""
    return int((np.searchsorted(seconds, seconds + close, side="right") - np.arange(len(seconds)) - 1).sum())


def _compared(told: list[_Thing]) -> int:
    """Pairs of accounts that have enough in common to be told at all: what the level is shared among."""
    many = Counter(int(account) for one in told for account in one.accounts)
    able = sum(1 for number in many.values() if number >= FEWEST)
    return max(1, able * (able - 1) // 2)


class _Close(NamedTuple):
    """Where close supports stand in the column of all, in pairs, and of which thing each pair is. Who stands there is
    dealt out anew by a shuffle, the places are not."""

    first: Numbers
    second: Numbers
    thing: Numbers

    @classmethod
    def of(cls, told: list[_Thing], close: float) -> "_Close":
        first, second, thing, start = [], [], [], 0
        for place, one in enumerate(told):
            length = len(one.seconds)
            upto = np.searchsorted(one.seconds, one.seconds + close, side="right")
            after = upto - np.arange(length) - 1
            begin = np.repeat(np.arange(length), after)
            within = np.arange(int(after.sum())) - np.repeat(np.cumsum(after) - after, after)
            first.append(begin + start)
            second.append(begin + 1 + within + start)
            thing.append(np.full(len(begin), place))
            start += length
        if not told:
            return cls(*(np.zeros(0, np.int64) for _column in range(3)))
        return cls(np.concatenate(first), np.concatenate(second), np.concatenate(thing))


Found = dict[tuple[int, int], tuple[list[int], float, float]]
"""Pairs that are told: their things, how many of them chance would bring, and the probability of as many."""


def _pairs(told: list[_Thing], close: _Close, compared: int) -> Found:
    if not len(close.first):
        return {}
    people, column = np.unique(np.concatenate([one.accounts for one in told]), return_inverse=True)
    one, other = column[close.first], column[close.second]
    keys = np.minimum(one, other) * len(people) + np.maximum(one, other)
    order = np.argsort(keys, kind="stable")
    several, starts, counts = np.unique(keys[order], return_index=True, return_counts=True)
    many = counts >= FEWEST
    enough = several[many]
    if not len(enough):
        return {}
    mine = _places(told, people[np.unique(np.concatenate([enough // len(people), enough % len(people)]))])
    found: Found = {}
    for key, start, number in zip(enough, starts[many], counts[many], strict=True):
        pair = int(people[key // len(people)]), int(people[key % len(people)])
        chances = [told[place].close for place in mine[pair[0]] & mine[pair[1]]]
        if number <= sum(chances):  # no more than chance brings: nothing to compute
            continue
        places = sorted(int(place) for place in close.thing[order[start : start + number]])
        probability = at_least(len(places), chances)
        if probability * compared <= LEVEL:
            found[pair] = (places, sum(chances), probability)
    return found


def _places(told: list[_Thing], wanted: Numbers) -> dict[int, set[int]]:
    """What each of these accounts supported."""
    mine: dict[int, set[int]] = defaultdict(set)
    for place, one in enumerate(told):
        for account in one.accounts[np.isin(one.accounts, wanted)]:
            mine[int(account)].add(place)
    return mine


def at_least(number: int, chances: Sequence[float]) -> float:
    """The probability that at least so many of independent draws succeed.

    >>> round(at_least(2, [0.5, 0.5, 0.5]), 6)
    0.5
    >>> at_least(0, [])
    1.0
    """
    upto = np.zeros(number + 1)  # the last place: that many or more
    upto[0] = 1.0
    for chance in chances:
        moved = upto * chance
        upto[:-1] -= moved[:-1]
        upto[1:] += moved[:-1]
    return float(upto[number])


def _rings(told: list[_Thing], pairs: Found) -> list[Ring]:
    leads: dict[int, int] = {}

    def lead(account: int) -> int:
        while leads.setdefault(account, account) != account:
            account = leads[account]
        return account

    for one, other in pairs:
        leads[lead(other)] = lead(one)
    groups: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for pair in pairs:
        groups[lead(pair[0])].append(pair)
    rings = []
    for members in groups.values():
        figures = [pairs[pair] for pair in members]
        places = sorted({place for things, _expected, _chance in figures for place in things})
        rings.append(
            Ring(
                tuple(sorted({account for pair in members for account in pair})),
                tuple(told[place].number for place in places),
                min(len(things) for things, _expected, _chance in figures),
                max(expected for _things, expected, _chance in figures),
                max(chance for _things, _expected, chance in figures),
            )
        )
    return sorted(rings, key=lambda ring: (-len(ring.accounts), ring.accounts))
