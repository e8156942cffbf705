"""Values at given ranks, and how ranks move when weights do."""

import ibis

from estime.engagement.tables.prepare import Scope
from estime.engagement.tables.table import Table

_PRIME = 2_147_483_647


def ranked(values: Table, keys: tuple[str, ...]) -> Table:
    """`keys`, value, rank: each group's values in order, rank from 1."""
    order = ibis.window(group_by=keys, order_by="value")
    return values.select(*keys, "value", rank=(ibis.row_number().over(order) + 1).cast("int64"))


def group_sizes(values: Table, keys: tuple[str, ...]) -> Table:
    """`keys`, n."""
    return values.group_by(*keys).agg(n=values.count())


def hashed(person: ibis.expr.types.IntegerValue) -> ibis.expr.types.IntegerValue:
    """A spread of the keys that is the same on every engine (Park and Miller's generator, one step)."""
    folded = (person % _PRIME + _PRIME) % _PRIME
    return folded * 48_271 % _PRIME


def sampled(scores: Table, size: int) -> Table:
    """The members with b > 0, at most `size` per scope: those with the smallest hashed keys."""
    positive = scores.filter(scores.b > 0).mutate(hashed=hashed(scores.person))
    order = ibis.window(group_by="scope", order_by=("hashed", "person"))
    placed = positive.mutate(place=ibis.row_number().over(order))
    return placed.filter(placed.place < size).select("scope", "person", "b", "hashed")


def rank_stability(scores: Table, parts: Table, kinds: tuple[Scope, ...]) -> Table:
    """scope, kind, change, rho, flat, kept, top: ranks before and after one kind's weight changed.

    `scores` is `sampled`; `parts` the contributions. rho is Spearman's correlation (ties share their mean
    rank), `top` the size of the top tenth and `kept` how many of it stay in it (ties in order of hashed key).
    """
    variants = ibis.union(
        *(_variant(scores, parts, kind, change) for kind in kinds for change in (0.5, -0.5))
    )
    placed = variants.mutate(
        **{
            f"{name}_{which}": rank for which in ("b", "c") for name, rank in _places(variants, which).items()
        },
        top=((variants.count().over(ibis.window(group_by=("scope", "kind", "change"))) + 9) // 10),
    )
    kept = (placed.place_b < placed.top) & (placed.place_c < placed.top)
    return placed.group_by("scope", "kind", "change").agg(
        rho=placed.mean_b.corr(placed.mean_c, how="pop"),
        flat=(placed.mean_c.max() == placed.mean_c.min()) | (placed.mean_b.max() == placed.mean_b.min()),
        kept=kept.sum().cast("int64"),
        top=placed.top.max(),
    )


def _variant(scores: Table, parts: Table, kind: Scope, change: float) -> Table:
    of_kind = parts.filter(parts.kind == kind)
    present = of_kind.select("scope").distinct()
    joined = scores.semi_join(present, "scope").left_join(of_kind, ["scope", "person"])
    return joined.select(
        scope=scores.scope,
        person=scores.person,
        hashed=scores.hashed,
        kind=ibis.literal(kind, type=parts.kind.type()),
        change=ibis.literal(change),
        b=scores.b,
        c=(scores.b + change * of_kind.part.fill_null(0.0)).round(9),
    )


def _places(variants: Table, which: str) -> dict[str, ibis.Value]:
    keys = ("scope", "kind", "change")
    by_value = ibis.window(group_by=keys, order_by=which)
    ties = ibis.window(group_by=(*keys, which))
    strict = ibis.window(group_by=keys, order_by=(ibis.desc(which), "hashed", "person"))
    return {
        "mean": ibis.rank().over(by_value) + (variants.count().over(ties) + 1) / 2,
        "place": ibis.row_number().over(strict),
    }
