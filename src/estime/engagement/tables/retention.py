"""Cohorts: who began in the same month, and how many of them came back in each later month."""

from collections.abc import Collection

from estime.engagement.tables.prepare import DAY, month_of, relabelled
from estime.engagement.tables.table import Table


def cohorts(members: Table) -> Table:
    """scope, person, cohort: the month of each member's first active act (`members`: persons)."""
    return members.select("scope", "person", cohort=month_of(members["first"] // DAY))


def cohort_sizes(firsts: Table) -> Table:
    """scope, cohort, d."""
    return firsts.group_by("scope", "cohort").agg(d=firsts.count())


def person_months(acts: Table, firsts: Table, months: Collection[int] | None = None) -> Table:
    """scope, person, month: the months in which members were active.

    With `months`, only these months, and every month of the persons whose cohort is one of them.
    """
    done = acts.filter(acts.active & ~acts.brand)
    if months is None:
        return done.select("scope", "person", "month").distinct()
    wanted = sorted(months)
    begun = firsts.filter(firsts.cohort.isin(wanted))
    theirs = done.filter(done.month >= min(wanted, default=0)).semi_join(begun, ["scope", "person"])
    chosen = done.filter(done.month.isin(wanted)).select("scope", "person", "month")
    return chosen.union(theirs.select("scope", "person", "month"), distinct=True)


def months_everywhere(facts: Table) -> Table:
    """`facts` with the scope `*` beside the channels."""
    return facts.union(relabelled(facts.select("person", "month").distinct(), facts))


def returns(facts: Table, firsts: Table) -> Table:
    """scope, cohort, month, n: how many of a cohort were active in a month."""
    joined = facts.inner_join(firsts, ["scope", "person"])
    return joined.group_by("scope", "cohort", "month").agg(n=joined.count())
