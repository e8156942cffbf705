"""Lists of acts for people and programs: newest first, page by page, at a bounded cost whatever is asked (`search/`).

What is listed is what the index holds. It follows the ledger within a minute or so, and says how far it is.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from estime.ledger.models import Act
from estime.ledger.queries import acts_since
from estime.ledger.search import rows
from estime.ledger.search.find import Count, Cursor, Search, blocks, terms
from estime.ledger.search.models import CURRENT, GONE, SearchState
from estime.ledger.search.wanted import ActFilter
from estime.ledger.whole import ActRow, acts_whole

COUNTED = 10_000
"""Up to here acts are counted for a page; beyond it says "more than"."""
EXCERPT = 400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Whom(NamedTuple):
    """The text that an act answers: the act that made it, and who that was."""

    id: UUID
    account: int
    handle: str | None


class Listed(NamedTuple):
    """One act in a list. `text`: its first characters; `cut`: there are more. `erased`: its account was erased."""

    seq: int
    at: int
    id: UUID
    channel: int
    account: int
    handle: str | None
    type: str
    object_type: str | None
    object_id: str | None
    in_reply_to: str | None
    context: str | None
    published: datetime
    text: str | None
    cut: bool
    lang: str | None
    value: float | None
    unit: str | None
    prompted: bool
    on_behalf_of: str | None
    parent: Whom | None = None

    @property
    def erased(self) -> bool:
        return self.handle is None

    @property
    def vote(self) -> bool:
        return self.object_type == "Vote"


class ActPage(NamedTuple):
    """Acts, newest first. `older`, `newer`: where the pages beside it begin. `stopped`: texts were read back to
    then only; the next page goes on from there. `ignored`: what was typed and could not be looked for."""

    acts: list[Listed]
    older: Cursor | None
    newer: Cursor | None
    total: Count
    stopped: datetime | None
    ignored: tuple[str, ...]


class Standing(NamedTuple):
    """How far the index is. `acts`: in it; `newest`: when the last of them happened; `waiting`: there are acts that are
    not in it yet; `gone`: so many are being listed anew after an erasure."""

    acts: int
    newest: datetime | None
    waiting: bool
    gone: int
    indexed: datetime | None


def acts_page(
    told: ActFilter, *, before: Cursor | None = None, after: Cursor | None = None, limit: int = 50
) -> ActPage:
    """One page of a list: the newest, or those older than `before`, or those next newer than `after`."""
    search = Search(told)
    found = search.page(after or before, limit, newest_first=after is None)
    keys = found.acts if after is None else found.acts[::-1]
    stopped = None
    if after is None:
        older = (found.stopped or keys[-1]) if found.more else None
        newer = keys[0] if before is not None and keys else None
        stopped = None if found.stopped is None else moment_of(found.stopped[0])
    else:
        older, newer = (keys[-1] if keys else None), (found.stopped or keys[0]) if found.more else None
    alone = before is None and after is None and not found.more
    count = Count(len(keys)) if alone else _count(search, told)
    return ActPage(acts_listed(keys), older, newer, count, stopped, search.query.ignored)


_COUNTS: "OrderedDict[tuple[object, ...], Count]" = OrderedDict()
_COUNTS_KEPT = 512


def _count(search: Search, told: ActFilter) -> Count:
    """Counted once for each state of the index: later pages of a list do not count again."""
    key = (str(connection.settings_dict["NAME"]), search.version, told)
    known = _COUNTS.get(key)
    if known is None:
        known = _COUNTS[key] = search.count(COUNTED)
        while len(_COUNTS) > _COUNTS_KEPT:
            _COUNTS.popitem(last=False)
    return known


class WholePage(NamedTuple):
    """Whole acts, newest first. `older`: where the next page begins, also where texts were read back so far only."""

    acts: list[ActRow]
    older: Cursor | None
    ignored: tuple[str, ...]


def acts_newest(told: ActFilter, limit: int, before: Cursor | None = None) -> WholePage:
    """One page of the same list for a program: acts whole, and not counted."""
    search = Search(told)
    found = search.page(before, limit)
    older = (found.stopped or found.acts[-1]) if found.more else None
    return WholePage(acts_whole([seq for _, seq in found.acts]), older, search.query.ignored)


def acts_total(told: ActFilter) -> int:
    """How many acts there are, to the last one: a few milliseconds for each million acts in the index."""
    return Search(told).total()


def acts_each(told: ActFilter, most: int) -> Iterable[Listed]:
    """Acts newest first in constant memory, up to `most`: for exports. Texts whole."""
    before, left = None, most
    while left > 0:
        search = Search(told)
        found = search.page(before, min(500, left))
        yield from acts_listed(found.acts, whole=True)
        left -= len(found.acts)
        if not found.more:
            return
        before = found.stopped or found.acts[-1]


def standing() -> Standing:
    """How far the index is."""
    _version, known = blocks()
    state = SearchState.objects.filter(pk=1).first()
    newest = max((block.last for block in known), default=None)
    return Standing(
        acts=sum(block.acts for block in known),
        newest=None if newest is None else moment_of(newest[0]),
        waiting=acts_since(state.cursor if state else 0),
        gone=sum(block.acts for block in known if block.due == GONE),
        indexed=state.indexed if state else None,
    )


def index_version() -> tuple[str, int]:
    """A name for the state of the index, and of the database: another state has another."""
    return str(connection.settings_dict["NAME"]), blocks()[0]


def index_behind() -> bool:
    """Whether there are acts that are not in the index yet."""
    cursor = SearchState.objects.filter(pk=1).values_list("cursor", flat=True).first()
    return acts_since(cursor or 0)


def index_due() -> bool:
    """Whether the index has something to catch up with."""
    state = SearchState.objects.filter(pk=1).first()
    return acts_since(state.cursor if state else 0) or any(block.due != CURRENT for block in rows.blocks())


def moment_of(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def act_listed(act_id: UUID) -> Listed | None:
    """One act as lists tell it, with its whole text."""
    told = Act.objects.filter(id=act_id).values_list("published", "seq").first()
    if told is None:
        return None
    return next(
        iter(acts_listed([((told[0] - _EPOCH) // timedelta(microseconds=1), told[1])], whole=True)), None
    )


def acts_listed(keys: Sequence[Cursor], *, whole: bool = False) -> list[Listed]:
    """The acts of a page, in its order, each with the text that it answers."""
    places = {seq: at for at, seq in keys}
    content = "t.content" if whole else f"substr(t.content, 1, {EXCERPT + 1})"
    query = (
        f"SELECT t.seq, t.id, t.channel_id, t.actor_id, a.handle, t.type, t.object_type, t.object_id, t.in_reply_to,"
        f" t.context, {content}, t.lang, t.value, t.unit, t.incentive IS NOT NULL, t.on_behalf_of"
        f' FROM ledger_act t JOIN ledger_account a ON a."key" = t.actor_id WHERE t.seq IN {{marks}}'
    )
    found = {row[0]: _listed(row, places[row[0]], whole) for row in rows.select_in(query, places)}
    answered = parents([act for act in found.values() if act.in_reply_to is not None])
    told = (found[seq] for _, seq in keys if seq in found)
    return [act._replace(parent=answered.get(act.seq)) for act in told]


def _listed(row: tuple[Any, ...], at: int, whole: bool) -> Listed:
    seq, name, *middle, text, lang, value, unit, prompted, behalf = row
    cut = not whole and text is not None and len(text) > EXCERPT
    name = name if isinstance(name, UUID) else UUID(hex=name)
    said = (text[:EXCERPT] if cut else text, cut, lang, value, unit, bool(prompted), behalf)
    return Listed(*(seq, at, name, *middle, moment_of(at), *said))


def parents(acts: Iterable[Listed]) -> dict[int, Whom]:
    """What acts answer, by the answer's seq; nothing where the parent is not in the ledger or not in the index."""
    numbers = terms()
    asked = {
        act.seq: numbers.place("o", act.channel, act.in_reply_to)
        for act in acts
        if act.in_reply_to is not None
    }
    query = (
        "SELECT m.key, t.id, t.actor_id, a.handle FROM ledger_search_made m JOIN ledger_act t ON t.seq = m.seq"
        ' JOIN ledger_account a ON a."key" = t.actor_id WHERE m.key IN {marks}'
    )
    found = {
        key: Whom(name if isinstance(name, UUID) else UUID(hex=name), account, handle)
        for key, name, account, handle in rows.select_in(query, set(asked.values()))
    }
    return {seq: found[key] for seq, key in asked.items() if key in found}
