"""What the steps of a computation share."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from estime.engagement.figures import Figure
from estime.engagement.measures.active_share import Audience
from estime.engagement.settings import Settings
from estime.engagement.tables.memory import Begun
from estime.engagement.tables.participation import lately
from estime.engagement.tables.prepare import DAY, Codes, Moments, by_scope, with_all
from estime.engagement.tables.shelf import Rows, Shelf
from estime.engagement.tables.table import Table
from estime.engagement.tables.weeks import beginnings

Weeks = Collection[int] | None
Later = Callable[[], list[Figure]]
"""Figures of which all is asked, for whoever waits for the answers: steps ask first, so that no engine need wait."""


def together(*parts: Later) -> Later:
    """The figures of all parts."""
    return lambda: [figure for part in parts for figure in part()]


@dataclass(frozen=True)
class Job:
    """One computation: the prepared acts by channel, and what limits it."""

    shelf: Shelf
    acts: Table
    settings: Settings
    moments: Moments
    """The as-of of each scope, by code."""
    codes: Codes
    audience: Mapping[str, Audience]
    several: bool
    """More than one channel: the scope `*` needs its own rows."""
    weeks: Weeks = None
    months: Collection[int] | None = None
    known_begun: Begun = field(default_factory=dict)
    """When scopes began, as far as an earlier computation knows: the acts here may be only the recent ones."""

    @cached_property
    def scoped(self) -> Table:
        """The acts of every scope, `*` included."""
        return self.everywhere(self.acts)

    @cached_property
    def each_lately(self) -> Table:
        """What each member did lately (participation.py), kept."""
        return self.shelf.keep(lately(self.scoped, self.moments, self.settings))

    def everywhere(self, table: Table) -> Table:
        """`table` with its rows under `*` too, unless one channel is all there is."""
        return with_all(table, self.several)

    def persons_everywhere(self, table: Table, merged: Callable[[Table], Table]) -> Table:
        """`table` (one row per scope, person, …), kept, with `*`; `merged` counts linked persons anew."""
        kept = self.shelf.keep(table)
        if self.several and self.settings.linked:
            return self.shelf.keep(merged(kept))
        return self.everywhere(kept)

    @cached_property
    def as_of(self) -> dict[str, datetime]:
        """The as-of of each scope by name."""
        return {self.codes.name("scope", code): moment for code, moment in self.moments.items()}

    def lately(self, table: Table, days: int) -> Table:
        """The rows of the last `days` days before each scope's as-of."""
        return table.filter(table["at"] > by_scope(table.scope, self.moments) - days * DAY)

    def since(self, days: int) -> int:
        """The earliest second of the last `days` days of any scope."""
        return min(int(moment.timestamp()) for moment in self.moments.values()) - days * DAY

    @cached_property
    def beginnings(self) -> Callable[[], Rows]:
        """When scopes began, by the acts here; asked when it is named first."""
        return self.ask(self.everywhere(beginnings(self.acts)))

    @cached_property
    def begun(self) -> dict[str, tuple[int, int | None]]:
        """Per scope: the week of its first act, and of its first membership or exposure."""
        found: dict[str, tuple[int, int | None]] = dict(self.known_begun)
        for row in self.beginnings():
            first, since = found.get(row["scope"], (row["first"], None))
            known = [week for week in (since, row["since"]) if week is not None]
            found[row["scope"]] = (min(first, row["first"]), min(known, default=None))
        return found

    def ask(self, table: Table) -> Callable[[], Rows]:
        """A small result in Python, with the names of scopes and kinds, for whoever calls what is returned."""
        asked = self.shelf.ask(table)
        return lambda: self._named(asked())

    def rows(self, table: Table) -> Rows:
        """The same at once."""
        return self.ask(table)()

    def _named(self, found: Rows) -> Rows:
        for row in found:
            for column in ("scope", "kind"):
                if column in row:
                    row[column] = self.codes.name(column, row[column])
        return found
