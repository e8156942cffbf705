"""The measures once more, in plain Python over lists of acts, written from docs/measures and sharing no code.

Returns {(measure, scope, period, label): (value, n, d)} for one scope; intervals have their own tests.
"""

import math
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

PASSIVE = {"View", "Read", "Listen", "Follow", "Join", "Leave", "Undo", "Delete", "Remove"}
WEIGHTS = {"Create": 4.0, "Announce": 2.0, "Like": 0.0}
DAY = timedelta(days=1)
Key = tuple[str, date | None, str]
Act = dict[str, Any]


def oracle(rows: list[Act], as_of: datetime, known_parts: bool = True) -> dict[Key, tuple[Any, Any, Any]]:
    """`rows`: who, type, object, kind, answers, when (datetime), id, undoes, channel, brand (bool)."""
    acts = cleaned([row for row in rows if row["when"] <= as_of])
    member = [act for act in acts if not act["brand"]]
    active = [act for act in member if act["type"] not in PASSIVE]
    found: dict[Key, tuple[Any, Any, Any]] = {}
    weekly(found, acts, member, active, as_of, known_parts)
    history(found, active, as_of)
    behaviour(found, active, as_of)
    talk(found, acts, active, as_of)
    return found


def cleaned(rows: list[Act]) -> list[Act]:
    undone = {(row["who"], row["undoes"]): row["when"] for row in reversed(rows) if row["type"] == "Undo"}
    kept = []
    for row in rows:
        when = undone.get((row["who"], row["id"]))
        if row["type"] == "Undo":
            continue
        if when is not None and row["type"] in ("Join", "Follow"):
            kept += [row, {**row, "type": "Leave", "when": when}]
        elif when is None:
            kept.append(row)
    return sorted(kept, key=lambda act: act["when"])


def monday(moment: datetime) -> date:
    return moment.date() - timedelta(days=moment.weekday())


def ratio(n: float, d: float | None) -> tuple[Any, Any, Any]:
    return (None, n, None) if not d or n > d else (n / d, n, d)


def stays(member: list[Act]) -> list[tuple[str, datetime, datetime | None]]:
    opened: dict[tuple[Any, ...], datetime] = {}
    found: list[tuple[str, datetime, datetime | None]] = []
    moves = [act for act in member if act["type"] in ("Join", "Follow", "Leave")]
    for act in sorted(moves, key=lambda act: (act["when"], act["type"] != "Leave")):
        room = (act["who"], act["channel"], act["object"])
        if act["type"] == "Leave":
            if room in opened:
                found.append((act["who"], opened.pop(room), act["when"]))
        else:
            opened.setdefault(room, act["when"])
    return found + [(room[0], since, None) for room, since in opened.items()]


def weekly(found: Any, acts: Any, member: Any, active: Any, as_of: datetime, known_parts: bool) -> None:
    member_stays = stays(member)
    recorded = [a["when"] for a in member if a["type"] in PASSIVE - {"Undo", "Delete", "Remove"}]
    week = monday(min(a["when"] for a in acts))
    while week <= monday(as_of):
        start = datetime.combine(week, datetime.min.time(), UTC)
        end = start + 7 * DAY
        known = known_parts and recorded and monday(min(recorded)) <= week
        reached = shares(found, "active_share", week, (start, end), (member, active, member_stays), known)
        found["reach", week, "unknown" if reached is None else "known"] = (reached, None, None)
        week += 7 * DAY
    late = (as_of - 7 * DAY + timedelta(seconds=1), as_of + timedelta(seconds=1))
    shares(found, "active_share_7d", None, late, (member, active, member_stays), known_parts and recorded)
    for act in acts:
        if act["type"] not in PASSIVE:
            kind = "Vote" if act["kind"] == "Vote" else act["type"]
            key = ("acts", monday(act["when"]), "brand" if act["brand"] else kind)
            n = found.get(key, (0, 0, None))[1] + 1
            found[key] = (n, n, None)


def shares(found: Any, measure: str, period: Any, span: Any, sets: Any, known: Any) -> int | None:
    member, active, member_stays = sets
    start, end = span
    did = {a["who"] for a in active if start <= a["when"] < end}
    deeds = {a["who"] for a in active if start <= a["when"] < end and a["type"] != "Like"}
    seen = {a["who"] for a in member if start <= a["when"] < end and a["type"] in ("View", "Read", "Listen")}
    stayed = {who for who, since, until in member_stays if since < end and (until is None or until >= start)}
    reached = len(did | seen | stayed) if known else None
    found[measure, period, "all"] = ratio(len(did), reached)
    found[measure, period, "without_likes"] = ratio(len(deeds), reached)
    return reached


def history(found: Any, active: list[Act], as_of: datetime) -> None:
    times: dict[str, list[datetime]] = defaultdict(list)
    for act in active:
        times[act["who"]].append(act["when"])
    classes: Counter[str] = Counter()
    for moments in times.values():
        window = [m for m in moments if m > as_of - 28 * DAY]
        before = [m for m in moments if as_of - 118 * DAY < m <= as_of - 28 * DAY]
        if min(moments) > as_of - 28 * DAY:
            classes["newcomer"] += 1
        elif window:
            classes["continuing" if before else "returning"] += 1
        else:
            classes["lapsing" if max(moments) > as_of - 90 * DAY else "gone"] += 1
    if times:
        for label in ("newcomer", "continuing", "returning", "lapsing", "gone"):
            found["presence", None, label] = ratio(classes[label], len(times))
    retention(found, times, as_of)
    concentration(found, [act for act in active if act["when"] > as_of - 90 * DAY])


def retention(found: Any, times: dict[str, list[datetime]], as_of: datetime) -> None:
    cohorts: dict[int, list[set[int]]] = defaultdict(list)
    for moments in times.values():
        months = {m.year * 12 + m.month - 1 for m in moments}
        cohorts[min(months)].append(months)
    for cohort, persons in cohorts.items():
        for month in range(cohort, as_of.year * 12 + as_of.month):
            key = ("retention", date(cohort // 12, cohort % 12 + 1, 1), str(month - cohort))
            found[key] = ratio(sum(month in months for months in persons), len(persons))


def concentration(found: Any, recent: list[Act]) -> None:
    sizes = sorted(Counter(act["who"] for act in recent).values(), reverse=True)
    for label, part in (("1%", 0.01), ("10%", 0.1)):
        if sizes:
            found["top_share", None, label] = ratio(sum(sizes[: math.ceil(len(sizes) * part)]), sum(sizes))
    deeds = sorted(Counter(act["who"] for act in recent if act["type"] != "Like").values(), reverse=True)
    if deeds:
        k = next(k for k in range(1, len(deeds) + 1) if 2 * sum(deeds[:k]) >= sum(deeds))
        found["absence_factor", None, ""] = (k, k, len(deeds))


def behaviour(found: Any, active: list[Act], as_of: datetime) -> None:
    fading: dict[str, Counter[str]] = defaultdict(Counter)
    for act in active:
        kind = "Vote" if act["kind"] == "Vote" else act["type"]
        age = math.floor(as_of.timestamp()) - math.floor(act["when"].timestamp())
        fading[act["who"]][kind] += 0.5 ** (age / 86_400 / 28)  # type: ignore[assignment]
    if not fading:
        return

    def score(kinds: Any, changed: str = "", factor: float = 1.0) -> float:
        each = (
            WEIGHTS.get(kind, 1.0) * (factor if kind == changed else 1.0) * math.log1p(x)
            for kind, x in kinds.items()
        )
        return round(sum(each), 9)

    scores = {who: score(kinds) for who, kinds in fading.items()}
    ordered = sorted(scores.values())
    for label, q in (("median", 0.5), ("p90", 0.9), ("p99", 0.99)):
        found["behaviour", None, label] = (
            ordered[math.ceil(q * len(ordered) - 1e-9) - 1],
            len(ordered),
            len(ordered),
        )
    positive = [who for who in scores if scores[who] > 0]
    found["behaviour", None, "positive"] = ratio(len(positive), len(scores))
    for kind in {kind for who in positive for kind in fading[who]}:
        if WEIGHTS.get(kind, 1.0):
            for change in (0.5, -0.5):
                changed = [score(fading[who], kind, 1 + change) for who in positive]
                rho = spearman([scores[who] for who in positive], changed)
                found["rank_stability", None, f"{kind}{change:+.0%}"] = (
                    rho,
                    "~",
                    math.ceil(len(positive) / 10),
                )


def spearman(one: list[float], other: list[float]) -> float | None:
    def ranks(values: list[float]) -> list[float]:
        return [sum(v < x for v in values) + (sum(v == x for v in values) + 1) / 2 for x in values]

    a, b = ranks(one), ranks(other)
    mean = (len(a) + 1) / 2
    spread = math.sqrt(sum((x - mean) ** 2 for x in a) * sum((y - mean) ** 2 for y in b))
    return sum((x - mean) * (y - mean) for x, y in zip(a, b, strict=True)) / spread if spread else None


def talk(found: Any, acts: list[Act], active: list[Act], as_of: datetime) -> None:
    texts = [act for act in acts if act["type"] == "Create" and act["kind"] != "Vote"]
    made = {text["object"]: text for text in texts}
    openings = [text for text in texts if not text["answers"]]
    replies = [text for text in texts if text["answers"]]
    replies = [t for t in replies if t["answers"] not in made or made[t["answers"]]["who"] != t["who"]]
    periods = {monday(text["when"]) for text in texts}
    for period in (None, *periods):
        who_answers_whom(found, period, replies, made, as_of)
        span = [t for t in openings if inside(t, period, as_of, 90)]
        deeds(found, period, span, [t for t in replies if inside(t, period, as_of, 90)], made)
        responses(found, period, [t for t in span if not t["brand"]], replies, as_of)
    asked = [t for t in openings if not t["brand"] and t["when"] > as_of - 28 * DAY]
    open_ones = [t for t in asked if wait(t, replies) is None]
    if asked:
        found["owed", None, "open"] = (len(open_ones), len(open_ones), len(asked))
        late = sum(t["when"] <= as_of - 7 * DAY for t in open_ones)
        found["owed", None, "late"] = (late, late, len(asked))
    last: dict[str, datetime] = {}
    for act in active:
        last[act["who"]] = max(act["when"], last.get(act["who"], act["when"]))
    lost = {who for who, moment in last.items() if as_of - 118 * DAY < moment <= as_of - 90 * DAY}
    waiting = {
        t["who"]
        for t in openings
        if t["who"] in lost and t["when"] == last[t["who"]] and wait(t, replies) is None
    }
    if lost:
        found["lost_waiting", None, ""] = ratio(len(waiting), len(lost))


def inside(text: Act, period: date | None, as_of: datetime, days: int) -> bool:
    return text["when"] > as_of - days * DAY if period is None else monday(text["when"]) == period


def wait(opening: Act, replies: list[Act]) -> float | None:
    waits = [r["when"] - opening["when"] for r in replies if r["answers"] == opening["object"]]
    timely = [w.total_seconds() / 3600 for w in waits if w.total_seconds() >= 0]
    return min(timely, default=None)


def who_answers_whom(found: Any, period: Any, replies: Any, made: Any, as_of: datetime) -> None:
    here = [t for t in replies if inside(t, period, as_of, 28)]
    if here:
        side = {True: "brand", False: "member"}
        labels = Counter(
            f"{side[t['brand']]}_{side[made[t['answers']]['brand']]}" if t["answers"] in made else "unknown"
            for t in here
        )
        for label in ("member_member", "member_brand", "brand_member", "brand_brand", "unknown"):
            found["replies", period, label] = (labels[label], labels[label], None)
        found["horizontality", period, ""] = ratio(labels["member_member"], len(here) - labels["unknown"])
    if period is None:
        links = {
            (t["who"], made[t["answers"]]["who"])
            for t in replies
            if inside(t, None, as_of, 90)
            and t["answers"] in made
            and not t["brand"]
            and not made[t["answers"]]["brand"]
        }
        if links:
            pairs = {frozenset(link) for link in links}
            two_way = {frozenset(link) for link in links if link[::-1] in links}
            found["reciprocity", None, ""] = ratio(len(two_way), len(pairs))


def deeds(found: Any, period: Any, openings: Any, replies: Any, made: Any) -> None:
    said = sum(t["brand"] for t in openings)
    answered = sum(t["brand"] and not (t["answers"] in made and made[t["answers"]]["brand"]) for t in replies)
    if said + answered:
        found["words_deeds", period, "broadcasts"] = (said, said, None)
        found["words_deeds", period, "answers"] = (answered, answered, None)
        found["words_deeds", period, "answer_share"] = ratio(answered, said + answered)


def responses(found: Any, period: Any, asked: Any, replies: Any, as_of: datetime) -> None:
    waits = sorted(w for w in (wait(t, replies) for t in asked) if w is not None)
    if waits:
        for label, q in (("median", 0.5), ("p90", 0.9)):
            k = math.ceil(q * len(waits) - 1e-9)
            found["first_response", period, label] = (waits[k - 1], len(waits), len(asked))
    judged = [wait(t, replies) for t in asked if t["when"] <= as_of - 7 * DAY]
    if judged:
        late = sum(w is None or w > 7 * 24 for w in judged)
        found["unanswered", period, ""] = ratio(late, len(judged))
