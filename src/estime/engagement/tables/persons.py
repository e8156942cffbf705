"""What is known of each member from all of their acts: how much of each kind, fading, and from when to when.

These tables can be kept and limited to touched persons: a person's rows depend on that person's acts only.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import ibis

from estime.engagement.families import ALL
from estime.engagement.settings import Settings
from estime.engagement.tables.prepare import DAY, Moments, Scope, by_scope
from estime.engagement.tables.table import Table


def person_kinds(acts: Table, moments: Moments, half_life: float) -> Table:
    """scope, person, kind, decayed, first, last of every member's active acts.

    `decayed` = Σ 2^(−age / half_life), ages in days before the scope's as-of (no act of it is later): by no other
    moment, since what fades over a thousand half-lives is no number any more. `first` and `last` are seconds since
    1970.
    """
    done = acts.filter(acts.active & ~acts.brand)
    age = (by_scope(done.scope, moments) - done.at).cast("float64") / (DAY * half_life)
    return done.group_by("scope", "person", "kind").agg(
        decayed=half_to(age).sum(), first=done.at.min(), last=done.at.max()
    )


def kinds_together(facts: Table, moments: Moments, together: Scope, half_life: float) -> Table:
    """`facts` of the channels as of the as-of of all `together`, which is not before that of any of them."""
    after = by_scope(facts.scope, {together: moments[together]}) - by_scope(facts.scope, moments)
    return facts.mutate(decayed=facts.decayed * half_to(after.cast("float64") / (DAY * half_life)))


def kinds_merged(facts: Table) -> Table:
    """One row for each person and kind, whatever the channel."""
    return facts.group_by("person", "kind").agg(
        decayed=facts.decayed.sum(), first=facts["first"].min(), last=facts["last"].max()
    )


def persons(facts: Table) -> Table:
    """scope, person, first, last of every member who was ever active (`facts`: person_kinds)."""
    return facts.group_by("scope", "person").agg(first=facts["first"].min(), last=facts["last"].max())


def contributions(facts: Table, weights: Mapping[Scope, float]) -> Table:
    """scope, person, kind, part: w·log1p(decayed count at the scope's as-of).

    `weights` has a weight for every kind of `facts`, as `facts` writes kinds.
    """
    weight = ibis.cases(*((facts.kind == kind, float(weights[kind])) for kind in weights), else_=None)
    return facts.select("scope", "person", "kind", part=weight * (facts.decayed + 1.0).ln())


def behaviour(acts: Table, weights: Mapping[Scope, float], as_of: datetime, half_life_days: float) -> Table:
    """scope, person, b: how much each member does lately, B = Σ_kind w·log1p(decayed count).

    Range [0, ∞) for weights ≥ 0; higher is more. Not for deciding anything about a person. Kinds without
    a weight make b null.
    """
    return summed(contributions(person_kinds(acts, {ALL: as_of}, half_life_days), weights))


def summed(parts: Table) -> Table:
    """scope, person, b from contributions, b rounded to 1e-9 so that equal persons tie on every engine."""
    return parts.group_by("scope", "person").agg(b=parts.part.sum().round(9))


def presence(members: Table, each: Table, moments: Moments, settings: Settings) -> Table:
    """scope, label, n: members by how recently they were active.

    With T the as-of and lengths of `settings`: newcomer, first act in (T − window, T]; returning, active
    there and before, but not in the `silence` days before it; continuing, active there otherwise; lapsing,
    last act before the window and less than `silence` days ago; gone, longer ago. `each` tells what members did
    lately (participation.py), by the same settings.
    """
    window, silence = (settings.window * DAY, settings.silence * DAY)
    before = each.filter(each.before).select("scope", "person", was=each.before)
    joined = members.left_join(before, ["scope", "person"])
    seen = joined.select(
        scope=members.scope, first=members["first"], last=members["last"], was=joined.was.fill_null(False)
    )
    ends = by_scope(seen.scope, moments)
    label = ibis.cases(
        (seen["first"] > ends - window, "newcomer"),
        ((seen["last"] > ends - window) & seen.was, "continuing"),
        (seen["last"] > ends - window, "returning"),
        (seen["last"] > ends - silence, "lapsing"),
        else_="gone",
    )
    return seen.mutate(label=label).group_by("scope", "label").agg(n=lambda t: t.count())


def half_to(exponent: Any) -> Any:
    """½ to a power: what is left after so many half-lives."""
    return (exponent * -0.6931471805599453).exp()
