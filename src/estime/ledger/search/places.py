"""Where acts stand in the index."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

from estime.ledger.search import rows
from estime.ledger.search.rows import Block, at_sql, select_in


class Act(NamedTuple):
    """An act and its time (microseconds since 1970)."""

    seq: int
    at: int
    actor: int


def acts_at(seqs: Iterable[int]) -> list[Act]:
    """Acts by their position in the ledger."""
    at = at_sql("published").replace("%", "%%")
    query = f"SELECT seq, {at}, actor_id FROM ledger_act WHERE seq IN {{marks}}"
    return [Act(*row) for row in select_in(query, sorted(set(seqs)))]


def by_block(blocks: list[Block], acts: Iterable[Act]) -> list[tuple[Block, list[Act]]]:
    """Acts by the block whose stretch of time they lie in; those in none are left out."""
    ends = [block.last for block in blocks]
    found: dict[int, list[Act]] = {}
    for act in acts:
        at = bisect_left(ends, (act.at, act.seq))
        if at < len(blocks) and blocks[at].first <= (act.at, act.seq):
            found.setdefault(at, []).append(act)
    return [(blocks[at], theirs) for at, theirs in found.items()]


def slots_in(block: Block, acts: Iterable[Act]) -> list[int]:
    """The slots of those acts that the block really holds."""
    _ats, seqs = rows.acts_of(block)
    places = {seq: slot for slot, seq in enumerate(seqs.tolist())}
    return [places[act.seq] for act in acts if act.seq in places]
