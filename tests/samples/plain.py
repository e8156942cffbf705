"""The measures in plain Python over acts of one channel, written from docs/measures and sharing no code with Estime.

Each function adds to `found`: {(measure, period, label): (value, low, high, n, d)}. "~" is not compared.
"""

import math
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from raw import Act, Post

Found = dict[tuple[str, date | None, str], tuple[Any, ...]]
DAY = timedelta(days=1)
Z = 1.959963984540054
PASSIVE = {"View", "Read", "Listen", "Follow", "Join", "Leave", "Undo", "Delete", "Remove"}
WEIGHT = {"Create": 4.0, "Offer": 4.0, "Announce": 2.0, "Like": 0.0}


def wilson(n: float, d: float) -> tuple[float, float]:
    p = n / d
    middle, half = p + Z * Z / (2 * d), Z * math.sqrt(p * (1 - p) / d + Z * Z / (4 * d * d))
    return (
        0.0 if n == 0 else (middle - half) / (1 + Z * Z / d),
        1.0 if n == d else (middle + half) / (1 + Z * Z / d),
    )


def share(n: float, d: float) -> tuple[Any, ...]:
    return (n / d, *wilson(n, d), n, d) if d else (None, None, None, n, None)


def counted(n: float) -> tuple[Any, ...]:
    return (n, None, None, n, None)


def quantile(values: list[float], q: float, d: int) -> tuple[Any, ...]:
    """The ⌈qn⌉-th smallest, between order statistics of the binomial distribution.

    Above 1000 values Estime may be up to two ranks too wide: then a bound is the values it may have.
    """
    n, ordered = len(values), sorted(values)
    below, low, high = 0.0, 0, n + 1
    for k in range(n + 1):
        if below <= 0.025:
            low = k
        if 1 - below <= 0.025:
            high = k
            break
        ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        below += math.exp(ways + k * math.log(q) + (n - k) * math.log1p(-q))
    bounds: list[Any] = [ordered[low - 1] if low >= 1 else None, ordered[high - 1] if high <= n else None]
    if n > 1000:
        bounds = [(ordered[low - 3], ordered[low - 1]), (ordered[high - 1], ordered[high + 1])]
    return (ordered[math.ceil(n * q - 1e-9) - 1], *bounds, n, d)


def monday(moment: datetime) -> date:
    return moment.date() - timedelta(days=moment.weekday())


def figures(acts: list[Act], as_of: datetime) -> Found:
    """Moments are taken to the second (docs/measures/README.md)."""
    found: Found = {}
    as_of = as_of.replace(microsecond=0)
    acts = sorted(
        (act._replace(when=act.when.replace(microsecond=0)) for act in acts), key=lambda act: act.when
    )
    members = [act for act in acts if not act.brand]
    active = [act for act in members if act.kind not in PASSIVE]
    weekly_acts(found, acts)
    active_share(found, members, active, monday(acts[0].when), as_of)
    if active:
        presence(found, active, as_of)
        retention(found, active, as_of)
        participation(found, [act for act in active if act.when > as_of - 90 * DAY])
        behaviour(found, active, as_of)
    talk(found, acts, as_of)
    return found


def weekly_acts(found: Found, acts: list[Act]) -> None:
    kinds = Counter(
        (monday(act.when), "brand" if act.brand else act.kind) for act in acts if act.kind not in PASSIVE
    )
    for (week, label), n in kinds.items():
        found["acts", week, label] = counted(n)


def active_share(found: Found, members: list[Act], active: list[Act], week: date, as_of: datetime) -> None:
    """Reach is members by Join or Leave and whoever was active; without any Join it is not known."""
    stays = memberships(members)
    first = min((monday(act.when) for act in members if act.kind in ("Join", "Leave")), default=None)
    spans: list[tuple[str, date | None, datetime, datetime]] = []
    while week <= monday(as_of):
        start = datetime.combine(week, datetime.min.time(), UTC)
        spans.append(("active_share", week, start, start + 7 * DAY))
        week += 7 * DAY
    second = timedelta(seconds=1)
    times = [act.when for act in active]
    spans.append(("active_share_7d", None, as_of - 7 * DAY + second, as_of + second))
    for measure, period, start, end in spans:
        during = active[bisect_left(times, start) : bisect_left(times, end)]
        did = {act.who for act in during}
        deeds = {act.who for act in during if act.kind != "Like"}
        known = first is not None and (period is None or first <= period)
        there = {who for who, since, until in stays if since < end and (until is None or until >= start)}
        reached = len(did | there) if known else 0
        if measure == "active_share":
            label, people = ("known", reached) if known else ("unknown", None)
            found["reach", period, label] = (people, None, None, None, None)
        found[measure, period, "all"] = share(len(did), reached)
        found[measure, period, "without_likes"] = share(len(deeds), reached)


def memberships(members: list[Act]) -> list[tuple[str, datetime, datetime | None]]:
    opened: dict[tuple[str, str], datetime] = {}
    closed: list[tuple[str, datetime, datetime | None]] = []
    for act in members:
        if act.kind == "Join":
            opened.setdefault((act.who, act.object), act.when)
        elif act.kind == "Leave" and (act.who, act.object) in opened:
            closed.append((act.who, opened.pop((act.who, act.object)), act.when))
    return closed + [(who, since, None) for (who, _), since in opened.items()]


def presence(found: Found, active: list[Act], as_of: datetime) -> None:
    times: dict[str, list[datetime]] = defaultdict(list)
    for act in active:
        times[act.who].append(act.when)
    window, before = as_of - 28 * DAY, as_of - 118 * DAY
    classes: Counter[str] = Counter()
    for moments in times.values():
        if moments[0] > window:
            classes["newcomer"] += 1
        elif moments[-1] > window:
            classes["continuing" if any(before < m <= window for m in moments) else "returning"] += 1
        else:
            classes["lapsing" if moments[-1] > as_of - 90 * DAY else "gone"] += 1
    for label in ("newcomer", "continuing", "returning", "lapsing", "gone"):
        found["presence", None, label] = share(classes[label], len(times))


def retention(found: Found, active: list[Act], as_of: datetime) -> None:
    months: dict[str, set[int]] = defaultdict(set)
    for act in active:
        months[act.who].add(act.when.year * 12 + act.when.month - 1)
    cohorts: dict[int, list[set[int]]] = defaultdict(list)
    for seen in months.values():
        cohorts[min(seen)].append(seen)
    for begun, persons in cohorts.items():
        for month in range(begun, as_of.year * 12 + as_of.month):
            n = sum(month in seen for seen in persons)
            found["retention", date(begun // 12, begun % 12 + 1, 1), str(month - begun)] = share(
                n, len(persons)
            )


def participation(found: Found, recent: list[Act]) -> None:
    sizes = sorted(Counter(act.who for act in recent).values(), reverse=True)
    for label, part in (("1%", 0.01), ("10%", 0.1)):
        n = sum(sizes[: math.ceil(len(sizes) * part)])
        if sizes:
            found["top_share", None, label] = (n / sum(sizes), "~", "~", n, sum(sizes))
    sizes = sorted(Counter(act.who for act in recent if act.kind != "Like").values(), reverse=True)
    for k in range(1, len(sizes) + 1):
        if 2 * sum(sizes[:k]) >= sum(sizes):
            found["absence_factor", None, ""] = (k, None, None, k, len(sizes))
            break


def behaviour(found: Found, active: list[Act], as_of: datetime) -> None:
    faded: dict[str, Counter[str]] = defaultdict(Counter)
    for act in active:
        faded[act.who][act.kind] += 0.5 ** ((as_of - act.when) / DAY / 28)  # type: ignore[assignment]

    parts = {
        who: {kind: WEIGHT.get(kind, 1.0) * math.log1p(x) for kind, x in kinds.items()}
        for who, kinds in faded.items()
    }
    scores = {who: round(sum(part.values()), 9) for who, part in parts.items()}
    for label, q in (("median", 0.5), ("p90", 0.9), ("p99", 0.99)):
        found["behaviour", None, label] = quantile(list(scores.values()), q, len(scores))
    positive = [who for who in scores if scores[who] > 0]
    found["behaviour", None, "positive"] = share(len(positive), len(scores))
    before, top = [scores[who] for who in positive], math.ceil(len(positive) / 10)
    for kind in {kind for who in positive for kind, part in parts[who].items() if part}:
        for label, change in (("+50%", 0.5), ("-50%", -0.5)):
            after = [round(scores[who] + change * parts[who].get(kind, 0.0), 9) for who in positive]
            # Who stays in the top tenth rests on hashed keys where B is equal.
            found["rank_stability", None, kind + label] = (spearman(before, after), None, None, "~", top)


def spearman(one: list[float], other: list[float]) -> float | None:
    """Pearson's correlation of the ranks, those of equal values being their mean; None where all are equal."""

    def ranks(values: list[float]) -> list[float]:
        ordered = sorted(values)
        return [(bisect_left(ordered, value) + bisect_right(ordered, value) + 1) / 2 for value in values]

    a, b = ranks(one), ranks(other)
    middle = (len(one) + 1) / 2
    spread = math.sqrt(sum((x - middle) ** 2 for x in a) * sum((y - middle) ** 2 for y in b))
    return sum((x - middle) * (y - middle) for x, y in zip(a, b, strict=True)) / spread if spread else None


def talk(found: Found, acts: list[Act], as_of: datetime) -> None:
    texts = [act for act in acts if act.kind == "Create"]
    made = {text.object: text for text in texts}
    openings = [text for text in texts if not text.answers]
    replies = [t for t in texts if t.answers and not (t.answers in made and made[t.answers].who == t.who)]
    by_parent: dict[str, list[Act]] = defaultdict(list)
    for reply in replies:
        by_parent[reply.answers].append(reply)

    def wait(opening: Act) -> float | None:
        waits = [(reply.when - opening.when) / timedelta(hours=1) for reply in by_parent[opening.object]]
        return min((wait for wait in waits if wait >= 0), default=None)

    waits = {opening.object: wait(opening) for opening in openings}
    openings_of, replies_of = by_week(openings), by_week(replies)
    for period in (None, *{monday(text.when) for text in texts}):
        said = openings_of[period] if period else last(openings, as_of, 90)
        answers = replies_of[period] if period else last(replies, as_of, 90)
        answered(found, period, answers if period else last(replies, as_of, 28), made)
        words_deeds(found, period, said, answers, made)
        responses(found, period, [text for text in said if not text.brand], waits, as_of)
    pairs(found, last(replies, as_of, 90), made)
    left_waiting(found, acts, waits, as_of)
    asked = [text for text in last(openings, as_of, 28) if not text.brand]
    waiting = [text for text in asked if waits[text.object] is None]
    late = sum(text.when <= as_of - 7 * DAY for text in waiting)
    if asked:
        found["owed", None, "open"] = (len(waiting), None, None, len(waiting), len(asked))
        found["owed", None, "late"] = (late, None, None, late, len(asked))


def left_waiting(found: Found, acts: list[Act], waits: dict[str, float | None], as_of: datetime) -> None:
    """Of those whose last act is 90 to 118 days old, who had last opened a thread that nobody answered."""
    ends: dict[str, datetime] = {}
    for act in acts:
        if not act.brand and act.kind not in PASSIVE:
            ends[act.who] = max(act.when, ends.get(act.who, act.when))
    lost = {who for who, when in ends.items() if as_of - 118 * DAY < when <= as_of - 90 * DAY}
    waiting = {
        act.who
        for act in acts
        if act.who in lost and act.when == ends[act.who] and act.object in waits and waits[act.object] is None
        if act.kind == "Create"
    }
    if lost:
        found["lost_waiting", None, ""] = share(len(waiting), len(lost))


def by_week(texts: Iterable[Act]) -> dict[date, list[Act]]:
    found: dict[date, list[Act]] = defaultdict(list)
    for text in texts:
        found[monday(text.when)].append(text)
    return found


def last(texts: Iterable[Act], as_of: datetime, days: int) -> list[Act]:
    return [text for text in texts if text.when > as_of - days * DAY]


def answered(found: Found, period: date | None, replies: list[Act], made: dict[str, Act]) -> None:
    if not replies:
        return
    side = {True: "brand", False: "member"}
    labels = Counter(
        f"{side[t.brand]}_{side[made[t.answers].brand]}" if t.answers in made else "unknown" for t in replies
    )
    for label in ("member_member", "member_brand", "brand_member", "brand_brand", "unknown"):
        found["replies", period, label] = counted(labels[label])
    found["horizontality", period, ""] = share(labels["member_member"], len(replies) - labels["unknown"])


def words_deeds(
    found: Found, period: date | None, said: list[Act], replies: list[Act], made: dict[str, Act]
) -> None:
    words = sum(text.brand for text in said)
    deeds = sum(t.brand and not (t.answers in made and made[t.answers].brand) for t in replies)
    if words + deeds:
        found["words_deeds", period, "broadcasts"] = counted(words)
        found["words_deeds", period, "answers"] = counted(deeds)
        found["words_deeds", period, "answer_share"] = share(deeds, words + deeds)


def responses(
    found: Found, period: date | None, asked: list[Act], waits: dict[str, float | None], as_of: datetime
) -> None:
    hours = [wait for text in asked if (wait := waits[text.object]) is not None]
    for label, q in (("median", 0.5), ("p90", 0.9)):
        if hours:
            found["first_response", period, label] = quantile(hours, q, len(asked))
    judged = [waits[text.object] for text in asked if text.when <= as_of - 7 * DAY]
    if judged:
        late = sum(wait is None or wait > 168 for wait in judged)
        found["unanswered", period, ""] = share(late, len(judged))


def pairs(found: Found, replies: list[Act], made: dict[str, Act]) -> None:
    links = {
        (reply.who, made[reply.answers].who)
        for reply in replies
        if reply.answers in made and not reply.brand and not made[reply.answers].brand
    }
    both = {frozenset(link) for link in links if link[::-1] in links}
    if links:
        found["reciprocity", None, ""] = share(len(both), len({frozenset(link) for link in links}))


def page_rates(posts: list[Post]) -> Found:
    found: Found = {}
    for deed in ("comments", "shares"):
        for post in posts:
            n, d = post.totals[deed], post.totals["likes"]
            key = (f"{deed}_per_1000_likes", post.when.date(), post.id)
            found[key] = (None, None, None, n, d)
            if d:
                low, high = wilson(n, n + d)
                found[key] = (1000 * n / d, 1000 * low / (1 - low), 1000 * high / (1 - high), n, d)
        n, d = (sum(post.totals[metric] for post in posts) for metric in (deed, "likes"))
        found[f"{deed}_per_1000_likes_page", None, ""] = (1000 * n / d, "~", "~", n, d)
    return found
