"""What a computation may keep for the next one, so that an increment reads little of what is old.

Only two things cannot be had from a recent slice of the acts: what each member did in all of their past, by kind
(`person_kinds`, which fades by a known factor and changes only for persons who acted), and when each channel
began. Both are exact: a limited computation with a memory gives the figures that a whole one gives.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from estime.engagement.tables.table import Table

Begun = Mapping[str, tuple[int, int | None]]
"""Per scope: the week of its first act, and of the first membership or exposure."""


@dataclass(frozen=True)
class Known:
    """What an earlier computation kept: `kinds` (channel, account, kind, decayed, first, last, reference; decayed as of
    `reference`, the channel's as-of in seconds) as every member stood after `batch`, and the acts `since` then (columns
    READ of recent.py). `acts` are those that figures limited to the touched periods are made of, among them every Undo
    and all that those in `since` take back."""

    kinds: Table
    batch: int
    since: Table
    begun: Begun
    acts: Table


class Memory(Protocol):
    """Where a computation finds what an earlier one kept, and leaves what it knows."""

    @property
    def known(self) -> Known | None:
        """What was kept, if it still holds."""

    def keep(self, kinds: Table, begun: Begun) -> None:
        """Keep the kinds of every channel (columns as in `Known`) before the engine drops them."""
