"""Who answers whom.

A text is a Create of anything but a Vote. An opening is a text that answers nothing; a reply names its
parent. A reply to one's own text answers nobody and is left out. Were an object created twice (a broken
source), its earliest time, its lowest person key, and "brand" if one of them was the brand, hold.
"""

from collections.abc import Collection

import ibis

from estime.engagement.tables.prepare import DAY, Moments, by_scope
from estime.engagement.tables.table import Table


def texts(acts: Table) -> Table:
    """The acts that made a text."""
    return acts.filter(acts.text)


def replies(acts: Table, since: int | None = None, weeks: Collection[int] | None = None) -> Table:
    """scope, person, brand, week, at, parent, parent_person, parent_brand, parent_at: replies to others.

    The parent's columns are null when the parent is not in the ledger. `weeks` limits the result to replies
    made in them or after `since` (seconds).
    """
    made = texts(acts)
    answers = made.filter(made.reply_key.notnull())
    if weeks is not None and since is not None:
        answers = answers.filter(answers.week.isin(sorted(weeks)) | (answers.at > since))
    return _with_parents(answers, made)


def answers_to(acts: Table, openings: Table) -> Table:
    """The replies that others gave to `openings`, whenever they came; columns as in `replies`."""
    made = texts(acts)
    answers = made.filter(made.reply_key.notnull())
    answers = answers.semi_join(openings, [("scope", "scope"), ("reply_key", "object_key")])
    return _with_parents(answers, made)


def _with_parents(answers: Table, made: Table) -> Table:
    asked = answers.select("scope", object_key=answers.reply_key).distinct()
    parents = made.semi_join(asked, ["scope", "object_key"])
    parents = parents.group_by("scope", "object_key").agg(
        parent_person=parents.person.min(), parent_brand=parents.brand.any(), parent_at=parents.at.min()
    )
    joined = answers.left_join(parents, [("scope", "scope"), ("reply_key", "object_key")])
    joined = joined.select(
        scope=answers.scope,
        person=answers.person,
        brand=answers.brand,
        week=answers.week,
        at=answers.at,
        parent=answers.reply_key,
        parent_person=parents.parent_person,
        parent_brand=parents.parent_brand,
        parent_at=parents.parent_at,
    )
    return joined.filter(joined.parent_person.isnull() | (joined.person != joined.parent_person))


def openings(acts: Table, since: int | None = None, weeks: Collection[int] | None = None) -> Table:
    """scope, person, brand, week, at, object_key: texts that answer nothing, limited as in `replies`."""
    made = texts(acts)
    opened = made.filter(made.reply_key.isnull() & made.object_key.notnull())
    if weeks is not None and since is not None:
        opened = opened.filter(opened.week.isin(sorted(weeks)) | (opened.at > since))
    return opened.select("scope", "person", "brand", "week", "at", "object_key")


def answered(opened: Table, answers: Table) -> Table:
    """`opened` with `wait`: seconds until the first reply by somebody else, null without one."""
    timely = answers.filter(answers.parent_at.notnull() & (answers.at >= answers.parent_at))
    firsts = timely.group_by("scope", "parent").agg(answer=timely.at.min())
    joined = opened.left_join(firsts, [("scope", "scope"), ("object_key", "parent")])
    return joined.select(**{name: opened[name] for name in opened.columns}, wait=joined.answer - opened.at)


def reply_counts(answers: Table, by_week: bool) -> Table:
    """scope, (week,) label, n: replies by who answered whom."""
    label = ibis.cases(
        (answers.parent_brand.isnull(), "unknown"),
        (~answers.brand & ~answers.parent_brand, "member_member"),
        (~answers.brand, "member_brand"),
        (~answers.parent_brand, "brand_member"),
        else_="brand_brand",
    )
    keys = ("scope", "week", "label") if by_week else ("scope", "label")
    return answers.mutate(label=label).group_by(*keys).agg(n=lambda t: t.count())


def deed_counts(opened: Table, answers: Table, by_week: bool) -> Table:
    """scope, (week,) broadcasts, answers of the brand: its openings, and its replies to anyone but itself."""
    keys = ("scope", "week") if by_week else ("scope",)
    said = opened.filter(opened.brand).select(*keys, broadcast=ibis.literal(1, type="int64"))
    done = answers.filter(answers.brand & ~answers.parent_brand.fill_null(False))
    both = said.union(done.select(*keys, broadcast=ibis.literal(0, type="int64")))
    return both.group_by(*keys).agg(broadcasts=both.broadcast.sum(), answers=(1 - both.broadcast).sum())


def pair_counts(answers: Table) -> Table:
    """scope, n, d: pairs of members of whom each answered the other, and pairs with any answer."""
    between = answers.filter(~answers.brand & ~answers.parent_brand)
    pairs = between.group_by(
        "scope",
        one=ibis.least(between.person, between.parent_person),
        other=ibis.greatest(between.person, between.parent_person),
    ).agg(
        there=(between.person < between.parent_person).any(),
        back=(between.person > between.parent_person).any(),
    )
    return pairs.group_by("scope").agg(n=(pairs.there & pairs.back).sum().cast("int64"), d=pairs.count())


def waiting_counts(opened: Table, moments: Moments, days: tuple[int, int], by_week: bool) -> Table:
    """scope, (week,) n, d: members' openings old enough to judge, and those without a reply in time.

    `opened` is the result of `answered`; `days` is (patience, span); not by week, the last `span` count.
    """
    patience, span = days[0] * DAY, days[1] * DAY
    now = by_scope(opened.scope, moments)
    judged = opened.filter(~opened.brand & (opened.at <= now - patience))
    if not by_week:
        judged = judged.filter(judged.at > by_scope(judged.scope, moments) - span)
    late = judged.wait.isnull() | (judged.wait > patience)
    keys = ("scope", "week") if by_week else ("scope",)
    return (
        judged.mutate(late=late)
        .group_by(*keys)
        .agg(n=lambda t: t.late.sum().cast("int64"), d=lambda t: t.count())
    )


def owed_counts(opened: Table, moments: Moments, days: tuple[int, int]) -> Table:
    """scope, open, late, d: members' openings of the window without any reply; late, older than the patience.

    `days` is (patience, window).
    """
    now = by_scope(opened.scope, moments)
    asked = opened.filter(~opened.brand & (opened.at > now - days[1] * DAY))
    waits = asked.wait.isnull()
    late = waits & (asked.at <= by_scope(asked.scope, moments) - days[0] * DAY)
    return (
        asked.mutate(waits=waits, late=late)
        .group_by("scope")
        .agg(
            open=lambda t: t.waits.sum().cast("int64"),
            late=lambda t: t.late.sum().cast("int64"),
            d=lambda t: t.count(),
        )
    )


def lost_waiting(members: Table, opened: Table, moments: Moments, days: tuple[int, int]) -> Table:
    """scope, n, d: members who became gone within the window, and those who were waiting for an answer.

    `days` is (window, silence): last active act in (T − silence − window, T − silence]. Of several acts at
    the same last second, one such opening is enough.
    """
    now = by_scope(members.scope, moments)
    window, silence = days[0] * DAY, days[1] * DAY
    lost = members.filter(
        (members["last"] <= now - silence) & (members["last"] > now - silence - window)
    ).select("scope", "person", at=members["last"])
    unanswered = (
        opened.filter(opened.wait.isnull() & ~opened.brand).select("scope", "person", "at").distinct()
    )
    asked = unanswered.mutate(asked=ibis.literal(1, type="int64"))
    joined = lost.left_join(asked, ["scope", "person", "at"])
    return joined.group_by(lost.scope.name("scope")).agg(n=joined.asked.fill_null(0).sum(), d=joined.count())
