"""Step of durability: conversations, replies received, people one talks with, what the texts say."""

from collections.abc import Sequence
from typing import Any, Final

import ibis

from estime.engagement.tables import replies
from estime.engagement.tables.prepare import DAY
from estime.engagement.tables.shelf import Shelf
from estime.engagement.tables.table import Table

FAR: Final = 365
"""Threads in which one said nothing for a year count no more."""
FADING: Final = -0.6931471805599453 / 30
"""Threads that are quiet are half as alive after 30 days."""


def parts(shelf: Shelf, acts: Table, told: Table, part: int) -> Sequence[Table]:
    """Tables of person, cut and columns, for the rows of `told` about which there is anything to say."""
    made = shelf.keep(replies.replies(acts))
    answers = made.mutate(day=(made["at"] // DAY).cast("int32"))
    opened = replies.answered(replies.openings(acts), made)
    return [
        _received(answers, told),
        _how_soon(opened.filter(~opened.brand & (opened.person % part == 0)), told),
        _partners(shelf, acts, answers, told, part),
        *_threads(shelf, acts, told, part),
    ]


def _received(answers: Table, told: Table) -> Table:
    """Replies by others: how many, how fresh, and whether the last one waits for an answer."""
    theirs = answers.filter(answers.parent_person.notnull()).select(
        "day", "brand", person=answers.parent_person
    )
    seen = told.select("person", "cut", "last").join(theirs, "person")
    seen = seen.filter(seen.day < seen.cut)
    age = seen.cut - seen.day
    return seen.group_by("person", "cut").agg(
        received=seen.count(),
        received14=_count(age <= 14),
        received45=_count(age <= 45),
        received120=_count(age <= 120),
        received_brand=_count(seen.brand & (age <= 120)),
        received_last=age.min(),
        received_since=_count(age < seen["last"]),
    )


def _how_soon(opened: Table, told: Table) -> Table:
    """How many of the person's openings were answered before the cut, and how soon."""
    asked = opened.select(
        "person", day=(opened["at"] // DAY).cast("int32"), at=opened["at"], wait=opened.wait
    )
    seen = told.select("person", "cut").join(asked, "person")
    seen = seen.filter(seen.day < seen.cut)
    answered = (seen.wait.notnull() & (seen["at"] + seen.wait < seen.cut.cast("int64") * DAY)).fill_null(
        False
    )
    hours = ibis.ifelse(answered, (seen.wait.cast("float64") / 3_600 + 1).ln(), 0.0)
    found = seen.group_by("person", "cut").agg(
        openings=seen.count(), answered=_count(answered), hours=hours.sum()
    )
    return found.select(
        "person",
        "cut",
        unanswered=found.openings - found.answered,
        response=ibis.ifelse(found.answered > 0, (found.hours / found.answered).exp(), None),
    )


def _partners(shelf: Shelf, acts: Table, answers: Table, told: Table, part: int) -> Table:
    """With how many one talks, how many talk back, and how many of them are still there."""
    known = answers.filter(answers.parent_person.notnull())
    there = known.select("day", person=known.person, other=known.parent_person, mine=ibis.literal(1))
    back = known.select("day", person=known.parent_person, other=known.person, mine=ibis.literal(0))
    edges = there.union(back)
    edges = shelf.keep(
        edges.filter(edges.person % part == 0)
        .group_by("person", "other", "day")
        .agg(mine=lambda t: t.mine.max(), theirs=lambda t: t.mine.min())
    )
    seen = told.select("person", "cut").join(edges, "person")
    seen = seen.filter(seen.day < seen.cut)
    age = seen.cut - seen.day
    pairs = seen.group_by("person", "cut", "other").agg(
        mine=seen.mine.max(), theirs=seen.theirs.min(), fresh=age.min()
    )
    others = edges.select(person=edges.other).distinct()
    lately = shelf.keep(_lately(acts.semi_join(others, "person"), told))
    joined = pairs.left_join(lately, [pairs.cut == lately.cut, pairs.other == lately.person])
    met = joined.select(
        person=pairs.person,
        cut=pairs.cut,
        mutual=ibis.ifelse((pairs.mine == 1) & (pairs.theirs == 0), 1, 0),
        fresh=pairs.fresh,
        days=lately.days.fill_null(0),
    )
    found = met.group_by("person", "cut").agg(
        partners=met.count(),
        mutual=met.mutual.sum(),
        partners90=_count(met.fresh <= 90),
        staying=_count(met.days > 0),
        staying_days=(met.days + 1.0).ln().mean(),
    )
    return found.mutate(staying_share=found.staying / found.partners)


def _lately(acts: Table, told: Table) -> Table:
    """cut, person, days: on how many of the last 30 days before each cut anybody did something."""
    done = acts.filter(acts.active & ~acts.liking).select("person", "day").distinct()
    moments = told.select("cut").distinct()
    seen = done.join(moments, (done.day < moments.cut) & (done.day >= moments.cut - 30))
    return seen.group_by("cut", "person").agg(days=seen.count())


def _threads(shelf: Shelf, acts: Table, told: Table, part: int) -> Sequence[Table]:
    """What becomes of the threads one takes part in: whose turn it is, and how alive they are."""
    order = ibis.window(group_by="thread_key", order_by=["at", "seq"])
    spoken = acts.filter(acts.text & acts.thread_key.notnull())
    mine = spoken.filter(spoken.person % part == 0).semi_join(told, "person")
    spoken = spoken.semi_join(mine.select("thread_key").distinct(), "thread_key")
    spoken = spoken.mutate(place=ibis.row_number().over(order) + 1)
    spoken = shelf.keep(spoken.select("person", "thread_key", "day", "place"))
    starters = spoken.filter(spoken.place == 1).select("thread_key", starter=spoken.person)
    mine = spoken.filter(spoken.person % part == 0).semi_join(told, "person")
    asked = told.select("person", "cut", "last")
    seen = asked.join(mine, "person")
    seen = seen.filter((seen.day < seen.cut) & (seen.day >= seen.cut - FAR))
    own = shelf.keep(
        seen.group_by("person", "cut", "thread_key", "last").agg(
            times=seen.count(), place=seen.place.max(), fresh=(seen.cut - seen.day).min()
        )
    )
    ends = shelf.keep(_ends(spoken, own))
    joined = own.join(ends, ["cut", "thread_key"]).left_join(starters, "thread_key")
    pairs = joined.select(
        "person",
        "cut",
        "times",
        "fresh",
        "last",
        "quiet",
        "said",
        "said30",
        after=joined.said - joined.place,
        own=(joined.starter == joined.person),
    )
    pairs = shelf.keep(pairs)
    return [_open(pairs), _present_thread(pairs)]


def _ends(spoken: Table, own: Table) -> Table:
    """cut, thread_key, how much was said in it before the cut, and for how long it was quiet."""
    wanted = own.select("cut", "thread_key").distinct()
    seen = wanted.join(spoken.select("thread_key", "day", "place"), "thread_key")
    seen = seen.filter(seen.day < seen.cut)
    age = seen.cut - seen.day
    return seen.group_by("cut", "thread_key").agg(
        said=seen.place.max(), said30=_count(age <= 30), quiet=age.min()
    )


def _open(pairs: Table) -> Table:
    """Over all threads of the year."""
    turn = pairs.after > 0
    alive = (pairs.quiet.cast("float64") * FADING).exp()
    return pairs.group_by("person", "cut").agg(
        threads=pairs.count(),
        others_threads=_count(~pairs.own),
        turn14=_count(turn & (pairs.quiet <= 14)),
        turn45=_count(turn & (pairs.quiet <= 45)),
        turn120=_count(turn & (pairs.quiet <= 120)),
        waiting45=_count(~turn & pairs.own & (pairs.fresh <= 45)),
        waiting120=_count(~turn & pairs.own & (pairs.fresh <= 120)),
        alive=alive.sum(),
        said30=(pairs.said30 + 1.0).ln().sum(),
        after=(alive * pairs.after).sum(),
        deepest=pairs.times.max(),
        depth=pairs.times.mean(),
    )


def _present_thread(pairs: Table) -> Table:
    """Of the thread in which one did something last (of several on that day: all of them)."""
    newest = pairs.filter(pairs.fresh == pairs["last"])
    return newest.group_by("person", "cut").agg(
        last_own=_count(newest.own),
        last_said=newest.said.max(),
        last_after=newest.after.max(),
        last_quiet=newest.quiet.min(),
        last_times=newest.times.max(),
    )


def wording(acts: Table, scores: Table, told: Table) -> Table:
    """The mean of each score over the person's texts, halved every 90 days, and that of the last day."""
    names = [name for name in scores.columns if name != "seq"]
    spoken = acts.filter(acts.text & ~acts.brand).select("person", "day", "seq")
    said = spoken.join(scores, "seq")
    seen = told.select("person", "cut", "last").join(said, "person")
    seen = seen.filter(seen.day < seen.cut)
    age = seen.cut - seen.day
    weight = (age.cast("float64") * (-0.6931471805599453 / 90)).exp()
    features: dict[str, Any] = {}
    for name in names:
        known = seen[name].notnull()
        features[f"{name}_mean"] = (weight * seen[name]).sum() / ibis.ifelse(known, weight, 0.0).sum().nullif(
            0.0
        )
        features[f"{name}_last"] = ibis.ifelse(age == seen["last"], seen[name], None).mean()
    return seen.group_by("person", "cut").agg(**features)


def _count(condition: Any) -> Any:
    return ibis.ifelse(condition, 1, 0).sum()
