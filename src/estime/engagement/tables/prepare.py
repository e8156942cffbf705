"""From the lake's acts to the table that every measure reads.

Invariants of the prepared table: an act that its own author undid is absent, and so is the Undo; `at`
(whole seconds since 1970 UTC) never exceeds the scope's as-of; each act is at most one of active, exposing
and joining or leaving. The undoing of a Follow or Join is kept as a Leave at that time, since the person
was a member until then. An Undo of an Undo is not followed: who changes their mind acts anew.

Names of scopes and kinds are strings, or small integers (`Codes`), on which engines count twice as fast.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import ibis

from estime.engagement.families import ALL, EXPOSURE, JOINING, LEAVING, LIKES, PASSIVE, VOTE
from estime.engagement.tables.table import Table

BrandAccounts = Table | Sequence[tuple[str, int]]
Scope = str | int
Moments = Mapping[Scope, datetime]

DAY = 86_400
ALL_CODE = -1
COLUMNS = [
    "seq",
    "scope",
    "person",
    "brand",
    "type",
    "kind",
    "active",
    "liking",
    "exposing",
    "joining",
    "leaving",
    "text",
    "object_key",
    "reply_key",
    "thread_key",
    "published",
    "at",
    "day",
    "week",
    "month",
    "value",
    "spontaneous",
]


@dataclass(frozen=True)
class Codes:
    """Small integers for the names of channels and of types (and Vote)."""

    channels: Mapping[str, int]
    types: Mapping[str, int]

    def name(self, column: str, value: Any) -> Any:
        """The name behind a code in the column `scope` or `kind`."""
        if column == "scope":
            return ALL if value == ALL_CODE else self._channels[value]
        return self._types[value]

    def __post_init__(self) -> None:
        object.__setattr__(self, "_channels", {code: name for name, code in self.channels.items()})
        object.__setattr__(self, "_types", {code: name for name, code in self.types.items()})

    _channels: Mapping[int, str] = None  # type: ignore[assignment]  # set above
    _types: Mapping[int, str] = None  # type: ignore[assignment]  # set above


def prepare(
    acts: Table,
    brand_accounts: BrandAccounts,
    *,
    as_of: Mapping[str, datetime] | None = None,
    codes: Codes | None = None,
    undos: bool = True,
) -> Table:
    """The acts of each channel as one scope, ready to be measured; see `with_all` for the scope `*`.

    `acts` is the lake table, or what was read of it; `brand_accounts` the brand's own (channel, account) pairs as a
    list or as a table with these columns. With `as_of` (one entry per channel) later acts are left out. With `codes`,
    `scope` and `kind` are codes; its types must cover all types of `acts`. `undos` is False where none of
    them is taken back by another one.
    """
    kept = acts
    if undos and (codes is None or "Undo" in codes.types):
        kept = _without_undone(acts)
    prepared = _described(_with_brand(kept, brand_accounts), codes, acts.get_backend().name)
    if as_of is None:
        return prepared
    known: Moments = {
        codes.channels[name] if codes else name: moment for name, moment in as_of.items() if name != ALL
    }
    return prepared.filter(prepared.at <= by_scope(prepared.scope, known))


def _described(kept: Table, codes: Codes | None, engine: str) -> Table:
    """The columns that measures read: whose act it is, what it counts as, when it happened."""
    kept = kept.mutate(scope=kept.channel, what=kept.type, vote=(kept.object_type == VOTE).fill_null(False))
    vote: Any = VOTE
    if codes is not None:
        kept = kept.mutate(scope=coded(kept.channel, codes.channels), what=coded(kept.type, codes.types))
        vote = ibis.literal(codes.types[VOTE], type="int8")

    def among(names: Sequence[str]) -> Any:
        return kept.what.isin(names if codes is None else [codes.types[n] for n in names if n in codes.types])

    described = kept.mutate(
        # One account is one person for now. Linking will map several account keys onto the oldest of them,
        # so that a person's id survives being linked.
        person=kept.account,
        kind=ibis.ifelse(kept.vote, vote, kept.what),
        active=~among(PASSIVE),
        liking=among(LIKES),
        exposing=among(EXPOSURE),
        joining=among(JOINING),
        leaving=among(LEAVING),
        text=among(["Create"]) & ~kept.vote,
        at=seconds(kept.published, engine),
        week=week_of(kept.day),
        month=month_of(kept.day),
    )
    return described.select(*(name for name in COLUMNS if name in described.columns))


def coded(column: Any, codes: Mapping[str, int]) -> Any:
    """A column of names as small integers."""
    return ibis.cases(*((column == name, ibis.literal(code, type="int8")) for name, code in codes.items()))


def with_all(table: Table, wanted: bool = True) -> Table:
    """`table` and once more its rows under the scope `*` (keys of objects never collide between channels)."""
    if not wanted:
        return table
    return table.union(relabelled(table, table))


def relabelled(rows: Table, like: Table) -> Table:
    """`rows` under the scope `*`, written as `like` writes scopes; columns in the order of `like`."""
    scope = like.scope.type()
    everything: Any = ibis.literal(ALL if scope.is_string() else ALL_CODE, type=scope)
    return rows.mutate(scope=everything).select(*like.columns)


def by_scope(scope: Any, as_of: Moments) -> Any:
    """The as-of of each row's scope in whole seconds."""
    moments = {name: int(moment.astimezone(UTC).timestamp()) for name, moment in as_of.items()}
    if len(set(moments.values())) == 1:
        return ibis.literal(next(iter(moments.values())), type="int64")
    return ibis.cases(*((scope == name, ibis.literal(at, type="int64")) for name, at in moments.items()))


@ibis.udf.scalar.builtin(signature=(("timestamp('UTC')",), "int64"))  # type: ignore[untyped-decorator]  # Ibis has no types for it
def epoch_us(moment: Any) -> Any:
    """Microseconds since 1970 on DuckDB; `epoch_seconds` goes by local time, at eight times the cost."""


@ibis.udf.scalar.builtin(signature=(("timestamp('UTC')",), "int64"))  # type: ignore[untyped-decorator]  # Ibis has no types for it
def unix_micros(moment: Any) -> Any:
    """The same on Spark."""


def seconds(published: Any, engine: str) -> Any:
    """Whole seconds since 1970-01-01 UTC, the same on every engine."""
    micros = unix_micros if engine == "pyspark" else epoch_us
    return micros(published) // 1_000_000


def week_of(day: Any) -> Any:
    """The Monday of a day's week, both in days since 1970-01-01 (a Thursday)."""
    weeks = (
        1_000_000  # what is left of a negative number is negative on most engines: so count from further back
    )
    return (day - (day + 3 + 7 * weeks) % 7).cast("int32")


@ibis.udf.scalar.builtin(signature=(("int32",), "date"))  # type: ignore[untyped-decorator]  # Ibis has no types for it
def make_date(day: Any) -> Any:
    """The date of a day since 1970-01-01 on DuckDB; adding an interval to a date costs six times as much."""


@ibis.udf.scalar.builtin(signature=(("int32",), "date"))  # type: ignore[untyped-decorator]  # Ibis has no types for it
def date_from_unix_date(day: Any) -> Any:
    """The same on Spark."""


def month_of(day: Any) -> Any:
    """year * 12 + month - 1 of a day since 1970-01-01."""
    dated = date_from_unix_date if day.get_backend().name == "pyspark" else make_date
    date = dated(day.cast("int32"))
    return (date.year() * 12 + date.month() - 1).cast("int32")


def _without_undone(acts: Table) -> Table:
    # Keys are hashes of channel and id: the channel need not be compared.
    keys = ("account", "source_key")
    undos = (
        acts.filter((acts.type == "Undo") & acts.object_key.notnull())
        .group_by("account", "object_key")
        .agg(undone=lambda t: t.published.min(), undone_day=lambda t: t.day.min())
        .rename(source_key="object_key")
    )
    joins = acts.filter(acts.type.isin(JOINING))
    leaves = joins.inner_join(undos, keys).mutate(
        type=ibis.literal("Leave"), published=lambda t: t.undone, day=lambda t: t.undone_day
    )
    others = acts.filter(acts.type.notin((*JOINING, "Undo"))).anti_join(undos, keys)
    columns = acts.columns
    return others.select(*columns).union(joins).union(leaves.select(*columns))


def _with_brand(acts: Table, brand_accounts: BrandAccounts) -> Table:
    if isinstance(brand_accounts, ibis.Table):
        ours = brand_accounts.select("channel", "account").distinct().mutate(ours=ibis.literal(True))
        joined = acts.left_join(ours, ["channel", "account"])
        return joined.select(*acts.columns, brand=joined.ours.fill_null(False) | acts.spoken_for)
    brand = acts.spoken_for
    by_channel: dict[str, list[int]] = {}
    for channel, account in brand_accounts:
        by_channel.setdefault(channel, []).append(account)
    for channel, accounts in by_channel.items():
        brand = brand | ((acts.channel == channel) & acts.account.isin(accounts))
    return acts.mutate(brand=brand)
