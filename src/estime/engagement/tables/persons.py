"""What is known of each member from all of their acts: how much of each kind, fading, and from when to when.

These tables can be kept and limited to touched persons: a person's rows depend on that person's acts only.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import ibis

from estime.engagement.families import ALL
from estime.engagement.tables.prepare import DAY, Moments, Scope, by_scope, relabelled
from estime.engagement.tables.table import Table


def person_kinds(acts: Table, reference: int, half_life: float) -> Table:
    """scope, person, kind, decayed, first, last of every member's active acts.

    `decayed` = Σ 2^(−age / half_life), ages in days before `reference` (seconds since 1970; no act is later).
    `first` and `last` are seconds since 1970.
    """
    done = acts.filter(acts.active & ~acts.brand)
    age = (ibis.literal(reference, type="int64") - done.at).cast("float64") / (DAY * half_life)
    return done.group_by("scope", "person", "kind").agg(
        decayed=_half_to(age).sum(), first=done.at.min(), last=done.at.max()
    )


def kinds_everywhere(facts: Table) -> Table:
    """`facts` with the scope `*` beside the channels."""
    everywhere = facts.group_by("person", "kind").agg(
        decayed=facts.decayed.sum(), first=facts["first"].min(), last=facts["last"].max()
    )
    return facts.union(relabelled(everywhere, facts))


def persons(facts: Table) -> Table:
    """scope, person, first, last of every member who was ever active (`facts`: person_kinds)."""
    return facts.group_by("scope", "person").agg(first=facts["first"].min(), last=facts["last"].max())


def contributions(
    facts: Table, weights: Mapping[Scope, float], moments: Moments, clock: tuple[int, float]
) -> Table:
    """scope, person, kind, part: w·log1p(decayed count at the scope's as-of).

    `weights` has a weight for every kind of `facts`, as `facts` writes kinds; `clock` is the (reference,
    half_life) that the person_kinds were made with.
    """
    reference, half_life = clock
    weight = ibis.cases(*((facts.kind == kind, float(weights[kind])) for kind in weights), else_=None)
    behind = (by_scope(facts.scope, moments) - reference).cast("float64") / (DAY * half_life)
    decayed = facts.decayed * _half_to(behind)
    return facts.select("scope", "person", "kind", part=weight * (decayed + 1.0).ln())


def behaviour(acts: Table, weights: Mapping[Scope, float], as_of: datetime, half_life_days: float) -> Table:
    """scope, person, b: how much each member does lately, B = Σ_kind w·log1p(decayed count).

    Range [0, ∞) for weights ≥ 0; higher is more. Not for deciding anything about a person. Kinds without
    a weight make b null.
    """
    clock = (int(as_of.timestamp()), half_life_days)
    return summed(contributions(person_kinds(acts, *clock), weights, {ALL: as_of}, clock))


def summed(parts: Table) -> Table:
    """scope, person, b from contributions, b rounded to 1e-9 so that equal persons tie on every engine."""
    return parts.group_by("scope", "person").agg(b=parts.part.sum().round(9))


def presence(members: Table, recent: Table, moments: Moments, days: tuple[int, int]) -> Table:
    """scope, label, n: members by how recently they were active.

    `days` is (window, silence). With T the as-of: newcomer, first act in (T − window, T]; returning, active
    there and before, but not in the `silence` days before it; continuing, active there otherwise; lapsing,
    last act before the window and less than `silence` days ago; gone, longer ago. `recent` holds the members'
    active acts since T − window − silence at least.
    """
    window, silence = (days[0] * DAY, days[1] * DAY)
    now = by_scope(recent.scope, moments)
    before = recent.filter((recent.at > now - window - silence) & (recent.at <= now - window))
    before = before.select("scope", "person").distinct().mutate(was=ibis.literal(True))
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


def _half_to(exponent: Any) -> Any:
    return (exponent * -0.6931471805599453).exp()
