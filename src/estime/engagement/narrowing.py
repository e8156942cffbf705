"""A validity report as it may be told: of few people nothing exact, and nothing that taking away would tell. Light.

A report is of everybody in a scope, and told to whoever sees figures; what it counts within is of groups. How many of a
group came, or did not, is told where either are `fewest` people (or predictions, in reports made before people were
counted); and what all groups that are not told have in common must be as many, since they all add up to what is known.

Scores with their intervals (AUC, Brier, slope) stay, of everybody: nobody's coming follows from them.

Doing it twice is doing it once, and a larger number leaves out more: reports are kept, and settings change meanwhile.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from estime.engagement.measures.intervals import wilson

Told = Mapping[str, Any]
Counts = tuple[int, ...]
HEAD: Final = tuple("scope as_of made_at within_days active_within_days people known_until".split())
SCORED: Final = ("auc", "brier", "rfm_auc", "rfm_brier")
CROWD: Final = ("people_came", "people_away")
TONELESS: Final = "without_tone"
TOO_FEW: Final = "too_few_people"


def narrowed(told: Told, fewest: int) -> dict[str, Any]:
    """The report of one scope with what may be told of it."""
    found = {**told, "expected": _expected(told["expected"], fewest)}
    if told["outcome"] != "measured":
        return found | _short(told, fewest)
    if told["persons"] < fewest:
        head = {name: told[name] for name in HEAD if name in told}
        short = {"outcome": "too_short", "reason": TOO_FEW, "closed_cuts": len(told["cuts"])}
        return {**head, **short, "n": None, "came": None, "expected": found["expected"]}
    whole = _whole(told, fewest)
    bins = _bins(told["calibration"]["bins"], fewest) if whole else []
    if whole is None:
        found |= dict.fromkeys(("prevalence", *CROWD))
    found["calibration"] = {**told["calibration"], "bins": bins}
    found["cuts"] = _cuts(told, fewest, whole)
    found["affect"] = _thirds(told["affect"], fewest, whole)
    return found | _toward(told, fewest)


def enough(
    parts: Mapping[Any, Counts], whole: Counts, fewest: int, least: Mapping[Any, int] | None = None
) -> set[Any]:
    """Which parts may be told beside their whole: none is small, and neither is what is left of the whole.

    `least`: for each part its smallest number of people, the smallest of its counts when left out. A part may be
    missing: it counts as hidden.

    >>> sorted(enough({"a": (40,), "b": (12,), "c": (3,)}, (55,), 10))
    ['a']
    """
    sizes = least or {name: min(counts) for name, counts in parts.items()}
    told = {name for name in parts if sizes[name] >= fewest}
    for name in sorted(told, key=lambda name: (sizes[name], str(name))):
        left = [total - sum(parts[one][at] for one in told) for at, total in enumerate(whole)]
        if not any(left) or min(left) >= fewest:
            break
        told.discard(name)
    return told


def _short(told: Told, fewest: int) -> dict[str, Any]:
    """A past that is too short: so few predictions, or so few that came true or did not, are not counted out."""
    n, came = told.get("n"), told.get("came")
    if n == 0:
        return {}
    if told["reason"] == TOO_FEW or n is None or n < fewest:
        return {"n": None, "came": None}
    return {} if came is not None and min(came, n - came) >= fewest else {"came": None}


def _whole(told: Told, fewest: int) -> Counts | None:
    """How many predictions of all came true, and how many did not; None where that may not be told."""
    if told["prevalence"] is None:
        return None
    row = {**told, "came": round(told["n"] * told["prevalence"])}
    return _split(row) if _least(row) >= fewest else None


def _split(row: Told) -> Counts:
    return (row["came"], row["n"] - row["came"])


def _least(row: Told) -> int:
    """The fewest people who came, or did not."""
    counted = [row[name] for name in CROWD if row.get(name) is not None]
    return int(min([*_split(row), *counted]))


def _bins(bins: Iterable[Told], fewest: int) -> list[dict[str, Any]]:
    """Neighbours are one bin until enough came and enough did not."""
    found: list[dict[str, Any]] = []
    waiting: dict[str, Any] | None = None
    for each in bins:
        waiting = dict(each) if waiting is None else _together(waiting, each)
        if _least({**waiting, "came": round(waiting["n"] * waiting["came"])}) >= fewest:
            found, waiting = [*found, waiting], None
    if waiting is not None and found:
        found[-1] = _together(found[-1], waiting)
    return found


def _together(one: Told, other: Told) -> dict[str, Any]:
    """Two bins as one. Of the people in both it is known that they are as many as in the larger one."""
    n = one["n"] + other["n"]
    came = sum(round(each["n"] * each["came"]) for each in (one, other))
    low, high = wilson(came, n)
    said = sum(each["n"] * each["said"] for each in (one, other)) / n
    crowd = {name: max(one[name], other[name]) for name in CROWD if name in one and name in other}
    return {"n": n, "said": said, "came": came / n, "low": low, "high": high, **crowd}


def _cuts(told: Told, fewest: int, whole: Counts | None) -> list[dict[str, Any]]:
    """Of each moment how many were asked about, and how many of them came; at one moment predictions are people."""
    cuts = dict(enumerate(told["cuts"]))
    asked = {at: (cut["n"],) for at, cut in cuts.items() if cut["n"] is not None}
    sized = enough(asked, (told["n"],), fewest)
    judged = set[int]()
    if whole:
        split = {at: _split(cuts[at]) for at in sized if cuts[at]["came"] is not None}
        judged = enough(split, whole, fewest)
    return [_cut(cut, at in sized, at in judged) for at, cut in cuts.items()]


def _cut(cut: Told, sized: bool, judged: bool) -> dict[str, Any]:
    gone = () if judged else ("came", *SCORED)
    return {**cut, **dict.fromkeys(gone), **({} if sized else dict.fromkeys(("n", "said", "chance")))}


def _thirds(parts: Sequence[Told], fewest: int, whole: Counts | None) -> list[dict[str, Any]]:
    """What affect adds overall, and in each third of which it is told how many came."""
    overall = parts[:1]
    if whole is None:
        return [{**each, **dict.fromkeys(("came", *CROWD))} for each in overall]
    thirds = {each["name"]: each for each in parts[1:]}
    split = {name: _split(each) for name, each in thirds.items()}
    least = {name: _least(each) for name, each in thirds.items()}
    shown = enough(split, whole, fewest, least)
    return [dict(each) for each in (*overall, *(third for name, third in thirds.items() if name in shown))]


def _toward(told: Told, fewest: int) -> dict[str, Any]:
    """Nothing of what few people wrote about the brand."""
    heard = told.get("heard")
    if not heard or heard["people_toward"] is None or not 0 < heard["people_toward"] < fewest:
        return {}
    ablations = {name: scores for name, scores in told["ablations"].items() if name != TONELESS}
    return {
        "heard": {**heard, "toward": None, "people_toward": None}, "toward": None, "ablations": ablations,
    }  # fmt: skip


def _expected(found: Told, fewest: int) -> dict[str, Any]:
    """How many are expected again: of everybody, of channels, of cells of the map, where they are enough."""
    if found["outcome"] != "told":
        return dict(found)
    if found["people"] < fewest:
        return {"outcome": TOO_FEW, "fewest": fewest}
    groups = {name: _groups(found[name], found["people"], fewest) for name in ("by_channel", "by_cell")}
    return {**found, **groups, "fewest": max(found["fewest"], fewest)}


def _groups(groups: Sequence[Told], people: int, fewest: int) -> list[dict[str, Any]]:
    told = enough({each["name"]: (each["people"],) for each in groups}, (people,), fewest)
    return [dict(each) for each in groups if each["name"] in told]
