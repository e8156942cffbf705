"""The columns of durability once more, in plain Python over one person's view of a list of acts."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

DAY = 86_400


class Act(NamedTuple):
    """A text: `place` is its position in its thread."""

    who: int
    at: int
    object: int
    answers: int | None
    thread: int | None

    @property
    def day(self) -> int:
        return self.at // DAY


def oracle(acts: Sequence[Act], who: int, cut: int) -> dict[str, Any] | None:
    """Some of the columns for one person at one cut; None for whoever is not asked about."""
    past = sorted((act for act in acts if act.day < cut), key=lambda act: (act.at, act.object, act.who))
    mine = [act for act in past if act.who == who]
    if not mine or cut - mine[-1].day > 180:
        return None
    days = sorted({act.day for act in mine})
    ages = [cut - act.day for act in mine]
    later = [act.day - cut for act in acts if act.who == who and act.day >= cut]
    found: dict[str, Any] = {
        "last": cut - days[-1],
        "first": cut - days[0],
        "n": len(mine),
        "n90": sum(age <= 90 for age in ages),
        "days": len(days),
        "weeks": len({(cut - 1 - day) // 7 for day in days}),
        "months180": len({(cut - 1 - day) // 30 for day in days if cut - day <= 180}),
        "sessions": 1 + sum(b - a > 3 for a, b in pairwise(days)),
        "comebacks45": sum(b - a > 45 for a, b in pairwise(days)),
        "longest": max((b - a for a, b in pairwise(days)), default=None),
        "fading21": sum(2 ** (-age / 21) for age in ages),
        "wait": min(later, default=None),
    }
    return found | _replies(past, mine, cut, days[-1]) | _threads(past, mine, who, cut)


def _replies(past: Sequence[Act], mine: Sequence[Act], cut: int, last: int) -> dict[str, Any]:
    author = {act.object: act for act in past}
    who = mine[0].who
    pairs = [(act, author[act.answers]) for act in past if act.answers in author]
    pairs = [(act, asked) for act, asked in pairs if act.who != asked.who]
    got = [cut - act.day for act, asked in pairs if asked.who == who]
    talked = {asked.who for act, asked in pairs if act.who == who}
    heard = {act.who for act, asked in pairs if asked.who == who}
    alive = {act.who for act in past if act.day >= cut - 30}
    waits = []
    openings = [act for act in mine if act.answers is None]
    for opening in openings:
        replies = [act.at - opening.at for act, asked in pairs if asked is opening and act.at >= opening.at]
        if replies:
            waits.append(math.log(min(replies) / 3_600 + 1))
    partners = talked | heard
    return {
        "received": len(got),
        "received45": sum(age <= 45 for age in got),
        "received_last": min(got, default=None),
        "received_since": sum(cut - age > last for age in got),
        "unanswered": len(openings) - len(waits),
        "response": math.exp(sum(waits) / len(waits)) if waits else None,
        "partners": len(partners),
        "mutual": len(talked & heard),
        "staying": len(partners & alive),
    }


def _threads(past: Sequence[Act], mine: Sequence[Act], who: int, cut: int) -> dict[str, Any]:
    open_ = {act.thread for act in mine if act.thread is not None and cut - act.day <= 365}
    threads = [[act for act in past if act.thread == thread] for thread in open_]
    turns = waiting = alive = others = deepest = 0.0
    for acts in threads:
        quiet = cut - acts[-1].day
        alive += 2 ** (-quiet / 30)
        others += acts[0].who != who
        turns += acts[-1].who != who and quiet <= 45
        own = [cut - act.day for act in acts if act.who == who]
        waiting += acts[-1].who == who and acts[0].who == who and min(own) <= 120
        deepest = max(deepest, sum(age <= 365 for age in own))
    return {
        "threads": len(threads),
        "others_threads": others,
        "turn45": turns,
        "waiting120": waiting,
        "alive": alive,
        "deepest": deepest,
    }
