"""The engagement map in plain Python, act by act and person by person: what the tables are checked against."""

import math
import statistics
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

DAY = 86_400
WEIGHTS = {"Create": 4.0, "Vote": 1.0, "Announce": 2.0, "Like": 0.0}
CELLS = "attached_active attached_quiet offer detached critic detached_against unknown_active unknown_quiet".split()


class Did(NamedTuple):
    """`toward`: thousandths, None where no text or not directed at the brand. `answers`: the seq of the parent."""

    seq: int
    who: int
    at: int
    kind: str
    toward: int | None = None
    unclear: bool = False
    prompted: bool = False
    answers: int | None = None


class Stood(NamedTuple):
    """One person at one cut."""

    recent: bool
    b: float
    pieces: int
    weight: float
    value: float
    square: float
    spread: float
    asked: int
    late: int


def quarter(at: int) -> int:
    moment = datetime.fromtimestamp(at, UTC)
    return moment.year * 4 + (moment.month - 1) // 3


def begins(number: int) -> int:
    return int(datetime(number // 4, number % 4 * 3 + 1, 1, tzinfo=UTC).timestamp())


def stood(acts: Sequence[Did], who: int, cut: int | None, now: int) -> Stood | None:
    """How somebody stood at the end of the quarter `cut`, or now (None); None where they are not on the map."""
    end = now if cut is None else begins(cut + 1)
    until = now + 1 if cut is None else end  # the last moment itself counts only now
    start = now - 90 * DAY + 1 if cut is None else begins(cut)
    own = [act for act in acts if act.who == who and act.at < until and act.at <= now]
    lively = [act.at for act in own if act.kind != "Like" and act.at >= start]
    if not lively:
        return None
    recent = max(lively) >= end - 28 * DAY + (1 if cut is None else 0)
    last = quarter(now) if cut is None else cut
    decayed: dict[str, float] = defaultdict(float)
    for act in own:
        if quarter(act.at) > last - 8:
            decayed[act.kind] += 2 ** (-(end - act.at) / DAY / 28)
    b = sum(WEIGHTS[kind] * math.log1p(count) for kind, count in decayed.items())
    weights = _weights(own, end)
    sums = [sum(w * v**power for w, v in weights) for power in (0, 1, 2)]
    asked = late = 0
    if cut is not None:
        for act in own:
            if act.kind == "Create" and act.answers is None and quarter(act.at) == cut:
                asked += 1
                waits = [
                    o.at - act.at
                    for o in acts
                    if o.answers == act.seq and o.who != who and act.at <= o.at <= now
                ]
                late += not waits or min(waits) > 7 * DAY
    return Stood(recent, b, len(weights), *sums, sum(w * w for w, _ in weights), asked, late)


def _weights(own: Sequence[Did], end: int) -> list[tuple[float, float]]:
    """(weight, value) of each piece."""
    told = [act for act in own if act.toward is not None and not act.unclear]
    full: dict[tuple[int, int], float] = defaultdict(float)
    for act in told:
        full[(act.at // DAY + 3) // 7, quarter(act.at)] += 0.5 if act.prompted else 1.0
    found = []
    for act in told:
        base = 0.5 if act.prompted else 1.0
        part = min(1.0, 3.0 / full[(act.at // DAY + 3) // 7, quarter(act.at)])
        found.append((base * part * 2 ** (-(end - act.at) / DAY / 180), (act.toward or 0) / 1000))
    return found


def placed(people: dict[int, Stood]) -> dict[int, tuple[float | None, str]]:
    """(A, cell) of everybody at one cut, the normal-normal model by the book."""
    has = {who: told for who, told in people.items() if told.weight > 0}
    mean = within = between = None
    if len(has) >= 10:
        freedom = sum(t.weight - t.spread / t.weight for t in has.values())
        if freedom > 1e-9:
            left = sum(t.square - t.value**2 / t.weight for t in has.values())
            within = max(0.0, left) / freedom
            total = sum(t.weight for t in has.values())
            overall = sum(t.value for t in has.values()) / total
            apart = sum(t.weight * (t.value / t.weight - overall) ** 2 for t in has.values())
            chance = within * sum(t.spread * (1 / t.weight - 1 / total) for t in has.values())
            between = max(0.0, (apart - chance) / (total - sum(t.weight**2 for t in has.values()) / total))
            say = {who: 1 / max(between + within * t.spread / t.weight**2, 1e-12) for who, t in has.items()}
            mean = sum(say[who] * t.value / t.weight for who, t in has.items()) / sum(say.values())
    lately = [told.b for told in people.values() if told.recent]
    least = statistics.median(lately) if lately else math.inf
    found: dict[int, tuple[float | None, str]] = {}
    for who, told in people.items():
        active = told.recent and told.b >= least
        if mean is None or within is None or not between or told.pieces < 3:
            found[who] = (None, CELLS[6 if active else 7])
            continue
        precision = told.weight / within + 1 / between
        middle = (told.value / within + mean / between) / precision
        sd = precision**-0.5
        if sd > 0.8 * between**0.5:
            found[who] = (None, CELLS[6 if active else 7])
            continue
        half = 1.6448536269514722 * sd
        if middle - half > 0.1:
            cell = 0 if active else 1
        elif middle + half < -0.1:
            cell = 4 if active else 5
        else:
            cell = 2 if active else 3
        found[who] = (middle, CELLS[cell])
    return found
