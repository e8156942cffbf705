"""People at moments of the past, as arrays: what was known of each, and when each came again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from estime.engagement.measures.scoring import Flags, Numbers, Whole

KEYS: Final = ("person", "cut", "wait")

ROLE: Final = frozenset("starts answers starts90 answers90 threads others_threads last_own".split())
REPLIES: Final = ("received", "unanswered", "response", "turn", "waiting")
PARTNERS: Final = frozenset("partners mutual partners90 staying staying_days staying_share".split())
CONVERSATIONS: Final = frozenset(
    "alive said30 after deepest depth last_said last_after last_quiet last_times".split()
)


def family_of(column: str) -> str:
    """To which family of evidence a column belongs.

    rhythm (one's own days), role (asking or answering), replies (received, how soon, whose turn it is), partners,
    conversations (how alive one's threads are), likes, words, affect, dealt (affect of other texts, drawn at random).

    Example
    -------
    >>> [family_of(name) for name in ("weeks", "answers", "turn14", "mutual", "alive", "likes30", "words_thanks_last")]
    ['rhythm', 'role', 'replies', 'partners', 'conversations', 'likes', 'words']
    """
    for prefix in ("likes", "words", "affect", "dealt"):
        if column.startswith(prefix):
            return prefix
    if column in ROLE:
        return "role"
    if column.startswith(REPLIES):
        return "replies"
    if column in PARTNERS:
        return "partners"
    return "conversations" if column in CONVERSATIONS else "rhythm"


@dataclass(frozen=True)
class Panel:
    """Rows of `tables.durability_rows`: one for each person asked about at each cut (n,)."""

    person: Whole
    cut: Whole
    """Days since 1970: only what came before is in the columns."""
    wait: Numbers
    """Days from the cut to the next act other than a like; nan where none is known."""
    columns: Mapping[str, Numbers]
    """Features; nan where there is nothing to count from."""
    ends: int
    """The first day of which not everything is known yet."""

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.generic]], ends: int) -> "Panel":
        """From a table's columns. Raises ValueError where a key is missing or a person stands twice at one cut."""
        if missing := set(KEYS) - set(arrays):
            raise ValueError(f"a panel needs the columns {', '.join(sorted(missing))}")
        person, cut = (arrays[name].astype(np.int64) for name in ("person", "cut"))
        order = np.lexsort((person, cut))
        person, cut = person[order], cut[order]
        if len(person) and ((person[1:] == person[:-1]) & (cut[1:] == cut[:-1])).any():
            raise ValueError("a person stands at most once at each cut")
        columns = {
            name: values[order].astype(np.float64) for name, values in arrays.items() if name not in KEYS
        }
        return cls(person, cut, arrays["wait"][order].astype(np.float64), columns, ends)

    def __len__(self) -> int:
        return len(self.person)

    def rows(self, chosen: Flags | Whole) -> "Panel":
        """Some of the rows."""
        columns = {name: values[chosen] for name, values in self.columns.items()}
        return Panel(self.person[chosen], self.cut[chosen], self.wait[chosen], columns, self.ends)

    def at(self, cut: int) -> "Panel":
        """Everybody at one cut."""
        return self.rows(self.cut == cut)

    def closed(self, before: int, days: int) -> "Panel":
        """The rows of which `before` the cut of that day was known whether the person came within `days`."""
        return self.rows(self.cut + days <= min(before, self.ends))

    def without(self, families: Collection[str]) -> "Panel":
        """The same people, knowing less of each."""
        columns = {name: values for name, values in self.columns.items() if family_of(name) not in families}
        return Panel(self.person, self.cut, self.wait, columns, self.ends)

    def only(self, names: Collection[str]) -> "Panel":
        """The same people, knowing these columns alone."""
        columns = {name: self.columns[name] for name in names}
        return Panel(self.person, self.cut, self.wait, columns, self.ends)

    def came(self, days: int) -> Flags:
        """Whether each came within so many days."""
        return np.nan_to_num(self.wait, nan=np.inf) < days

    def matrix(self) -> Numbers:
        """(n, columns): each number on a logarithmic scale, sign kept; nan stays nan."""
        if not self.columns:
            return np.empty((len(self), 0))
        stacked = np.column_stack(list(self.columns.values()))
        told: Numbers = np.sign(stacked) * np.log1p(np.abs(stacked))
        return told
