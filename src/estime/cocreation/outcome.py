"""What a vote gave, as it is kept and shown: the method's result, the rule for ties, what may be told of it.

1. Of a secret vote with fewer than three voters nothing is told, with fewer than five only who won: figures would say
   how people voted. What is not told is not stored either.
2. Nothing here names a voter, and nothing is kept by voter: opinion groups leave as counts, and as points on a grid.
3. The same ballots, rules and seed give the same result.
"""

from collections import defaultdict
from typing import Any, Final

import numpy as np

from estime.cocreation.cast import CastBallots, as_ballots, as_duels, as_opinions, money_of
from estime.cocreation.lots import drawn
from estime.cocreation.models import Poll
from estime.cocreation.parameters import GAINING, LEAST_COUNTED, LEAST_GROUP, LEAST_TOLD, rules_read
from estime.cocreation.tally.duels import pairwise, pairwise_counting
from estime.cocreation.tally.fragility import Asked, fragility
from estime.cocreation.tally.methods import opinion_groups, tally
from estime.cocreation.tally.result import Groups, Method, Tally

GRID: Final = 24
"""Cells on each side of the picture of opinion groups: nobody's place is told more exactly."""
LEAST_CELL: Final = 3
"""Fewer people in a cell are drawn in the nearest one of their group that has as many."""


def outcome_of(poll: Poll, cast: CastBallots) -> dict[str, Any]:
    """The body of a `Result`."""
    body: dict[str, Any] = {
        "rules": _rules(poll),
        "voters": cast.voters,
        "told": _told(poll, cast.voters),
        "decided": False,
        "winners": [],
    }
    if body["told"] == "nothing":
        return body
    if poll.method == "groups":
        return body | ({"groups": _groups(cast)} if body["told"] == "all" else {})
    told = _counted(poll, cast)
    winners, by_rule = after_ties(poll, told)
    body |= {
        "winners": winners,
        "by_tie_rule": by_rule,
        "decided": bool(winners) and cast.voters >= poll.threshold,
    }
    return body | (_figures(poll, told, cast) if body["told"] == "all" else {})


def _told(poll: Poll, voters: int) -> str:
    if not poll.secret:
        return "all" if voters else "nothing"
    if voters < LEAST_TOLD:
        return "nothing"
    return "winners" if voters < LEAST_COUNTED else "all"


def _rules(poll: Poll) -> dict[str, Any]:
    """Everything that somebody needs to count again what is published."""
    return {
        "method": poll.method,
        "parameters": poll.parameters,
        "ties": poll.ties,
        "threshold": poll.threshold,
        "who": poll.who,
        "binding": poll.binding,
        "secret": poll.secret,
        "seed": poll.seed,
        "opens": poll.opens.isoformat(),
        "closes": poll.closes.isoformat(),
        "digest": poll.digest,
    }


def _counted(poll: Poll, cast: CastBallots) -> Tally:
    """With fragility where figures are told."""
    rules = rules_read(poll)
    asked = Asked(days=rules.young_days, minutes=rules.alike_minutes, seed=poll.seed)
    if poll.method == "pairwise":
        duels, ages = as_duels(cast)
        counting, held = pairwise_counting(duels)
        ones = np.ones(len(held.which), dtype=np.int64)
        times = held.times if cast.known else None
        return pairwise(duels).with_fragility(fragility(counting, ones, times, ages, asked))
    order = columns(poll, [option.number for option in cast.options])
    money = money_of(poll, cast, order) if poll.method == "budget" else None
    seats = getattr(rules, "seats", 1)
    return tally(Method(poll.method), as_ballots(poll, cast, order), seats=seats, money=money, asked=asked)


def columns(poll: Poll, numbers: list[int]) -> dict[int, int]:
    """In which order options are counted. It matters for equal ones of a budget only, where the first comes first."""
    if poll.method == "budget" and poll.ties == "drawn":
        return {number: place for place, number in enumerate(drawn(poll.seed, numbers))}
    return {number: place for place, number in enumerate(sorted(numbers))}


def after_ties(poll: Poll, told: Tally) -> tuple[list[int], list[int]]:
    """The winners after the rule for ties, and those of them that it took."""
    won = [int(name) for name in told.winners]
    seats = getattr(rules_read(poll), "seats", 1)
    if poll.method == "budget" or poll.ties == "shared" or len(won) <= seats:
        return won, []
    tied = sorted({int(name) for group in told.ties for name in group} & set(won)) or sorted(won)
    sure = [number for number in won if number not in tied]
    chosen = (drawn(poll.seed, tied) if poll.ties == "drawn" else tied)[: max(seats - len(sure), 0)]
    return [*sure, *chosen], chosen


def _figures(poll: Poll, told: Tally, cast: CastBallots) -> dict[str, Any]:
    whole = told.as_json()
    frail = whole["fragility"]
    for name in ("without_new_accounts", "without_look_alikes"):
        frail[name] = discreet(frail[name]) if poll.secret else frail[name]
    return {
        "scores": whole["scores"],
        "interval": whole["interval"],
        "ties": whole["ties"],
        "detail": whole["detail"],
        "fragility": frail,
        "together": _together(poll, cast),
    }


def discreet(without: dict[str, Any]) -> dict[str, Any]:
    """A recount without one to four accounts would tell how those voted: then only that there are so few is told."""
    if without["computed"] and 0 < without["left_out"] < LEAST_COUNTED:
        told = {"computed": False, "changes": None, "why": "few", "fewer_than": LEAST_COUNTED}
        return told | {name: without[name] for name in ("days", "minutes", "definition") if name in without}
    return without


def _together(poll: Poll, cast: CastBallots) -> list[dict[str, Any]]:
    """Options whose contributions were brought together since: how many people chose any of them, each once."""
    if poll.method in GAINING:
        return []
    heads: dict[int, list[int]] = defaultdict(list)
    for option in cast.options:
        if option.contribution is not None:
            heads[option.contribution.together_id or option.contribution.pk].append(option.number)
    return [
        {
            "options": numbers,
            "people": sum(bool(_chosen(poll.method, content) & {*numbers}) for content in cast.contents),
        }
        for numbers in heads.values()
        if len(numbers) > 1
    ]


def _chosen(method: str, content: Any) -> set[int]:
    if method == "score":
        return {int(number) for number, points in content.items() if points > 0}
    if method == "ranked":
        return {number for place in content for number in place}
    return set(content)


def _groups(cast: CastBallots) -> dict[str, Any]:
    """Opinion groups as counts. Where they are not stable, what everybody thinks of each statement, and why."""
    found = opinion_groups(as_opinions(cast))
    sizes = np.bincount(list(found.groups.values())) if found.groups else np.zeros(0, dtype=np.int64)
    shown = {group for group, size in enumerate(sizes.tolist()) if found.stable and size >= LEAST_GROUP}
    statements = []
    for statement in found.statements:
        told = statement.as_json()
        told["groups"] = {group: votes for group, votes in told["groups"].items() if int(group) in shown}
        if not found.stable:
            told |= {"unites": None, "divides": None, "kind": None}
        statements.append(told)
    return {
        "stable": found.stable,
        "reason": found.reason,
        "participants": found.participants,
        "sizes": {str(group): int(sizes[group]) for group in sorted(shown)},
        "small": int(sum(size < LEAST_GROUP for size in sizes.tolist())) if found.stable else 0,
        "statements": statements,
        "picture": _picture(found, shown),
    }


def _picture(found: Groups, shown: set[int]) -> list[list[int]]:
    """[group, column, row, people] of each cell of a grid in which somebody stands; groups of ten people or more."""
    people = [
        (found.groups[who], *at) for who, at in found.positions.items() if found.groups.get(who) in shown
    ]
    if not people:
        return []
    at = np.array([each[1:] for each in people])
    middle = (at.min(axis=0) + at.max(axis=0)) / 2
    span = max(float(np.ptp(at, axis=0).max()), 1e-9)  # the same on both axes: distances stay what they are
    cells = np.clip((((at - middle) / span + 0.5) * GRID).astype(int), 0, GRID - 1)
    counted: dict[tuple[int, int, int], int] = defaultdict(int)
    for (group, *_place), (column, row) in zip(people, cells.tolist(), strict=True):
        counted[(group, column, row)] += 1
    return [[*cell, many] for cell, many in sorted(_without_small(counted).items())]


def _without_small(counted: dict[tuple[int, int, int], int]) -> dict[tuple[int, int, int], int]:
    large = {cell: many for cell, many in counted.items() if many >= LEAST_CELL}
    for cell, many in sorted(counted.items()):
        if many >= LEAST_CELL:
            continue
        own = [other for other in large if other[0] == cell[0]]
        home = min(own, key=lambda other: (_far(cell, other), other), default=None)
        if home is not None:  # else the whole group is spread too thinly to be drawn
            large[home] += many
    return large


def _far(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    return (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2
