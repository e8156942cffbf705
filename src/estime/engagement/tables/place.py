"""The map of a lake, from its tables to figures and to the place of each person: tables and measures put together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isnan
from typing import Any, Final, NamedTuple

import ibis
import numpy as np

from estime.engagement.families import ALL, VOTE
from estime.engagement.figures import Figure
from estime.engagement.measures.affect import Evidence
from estime.engagement.measures.map import CELLS
from estime.engagement.measures.map_figures import Placed, Scoped, Standing, map_figures, placed
from estime.engagement.settings import Settings
from estime.engagement.tables.affect import Answer, Correction, pieces
from estime.engagement.tables.map import EVIDENCE, EXPOSED, NOW, Places, quarter_number, standings
from estime.engagement.tables.prepare import ALL_CODE, Codes, Scope, prepare
from estime.engagement.tables.shelf import Shelf
from estime.engagement.tables.table import Table

NEEDED: Final = tuple(
    "seq scope person brand kind active liking text object_key reply_key thread_key at week spontaneous".split()
)
"""What is read of the prepared acts."""


class Refusal(NamedTuple):
    """A refusal that somebody got; `bare`: without a reason that is one. `at` in seconds since 1970."""

    person: int
    channel: str
    at: int
    bare: bool


@dataclass(frozen=True)
class Said:
    """What is known beside acts and readings. `apart`: people who are not to be placed."""

    corrections: Sequence[Correction] = ()
    answers: Sequence[Answer] = ()
    refusals: Sequence[Refusal] = ()
    apart: Sequence[int] = ()


class Place(NamedTuple):
    """One person on the map of one channel."""

    account: int
    scope: str
    value: float | None
    low: float | None
    high: float | None
    cell: str
    pieces: int
    weight: float


def map_of(
    backend: Any,
    acts: Table,
    readings: Table,
    said: Said,
    *,
    as_of: Mapping[str, datetime],
    settings: Settings,
) -> list[Scoped]:
    """The map of every scope: `*` where there are several channels, and each of them.

    `acts` and `readings` are the lake tables, `as_of` the moment of each channel and of `*`.
    """
    channels = {name: moment for name, moment in as_of.items() if name != ALL}
    kinds = {row["type"] for row in acts.select("type").distinct().to_pyarrow().to_pylist()} | {VOTE}
    codes = Codes(_numbered(channels), _numbered(kinds))
    with Shelf(backend) as shelf:
        prepared = prepare(acts, settings.brand_accounts, as_of=channels, codes=codes)
        base = shelf.keep(prepared.filter(prepared.active).select(*NEEDED))
        if not int(base.count().to_pyarrow().as_py()):  # all undone, or nobody did more than join and look
            return []
        moments: dict[Scope, datetime] = {code: channels[name] for name, code in codes.channels.items()}
        several = len(channels) > 1
        if several:
            moments[ALL_CODE] = as_of[ALL]
        places = Places(
            acts=base,
            texts=_texts(shelf, base, readings, said),
            moments=moments,
            everything=ALL_CODE,
            weights=_weights(settings, codes),
            answers=_kept(shelf, _answers(said, channels, codes)),
            refusals=_kept(shelf, _refusals(said, channels, codes)),
            half_life=settings.half_life,
            window=settings.window,
            span=settings.span,
            patience=settings.patience,
            several=several,
        )
        told = standings(shelf, places).to_pyarrow()
    found = _scoped(told, as_of, codes)
    return found if several else found + [scoped._replace(scope=ALL) for scoped in found]


def _texts(shelf: Shelf, base: Table, readings: Table, said: Said) -> Table:
    """What counts for affect, without those who are not to be estimated."""
    texts = pieces(shelf, base, readings, said.corrections)
    if said.apart:
        texts = texts.filter(texts.person.notin(list(said.apart)))
    return shelf.keep(texts)


def _weights(settings: Settings, codes: Codes) -> dict[Scope, float]:
    """What each kind of act counts, by its code."""
    return {code: settings.weights.get(kind, settings.other_weight) for kind, code in codes.types.items()}


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: code for code, name in enumerate(sorted(names))}


def figures_of(maps: Sequence[Scoped], fewest: int) -> list[Figure]:
    """What may be told of groups. All channels together are told where no few people would be left of them."""
    apart = [scoped for scoped in maps if scoped.scope != ALL]
    told = [_enough_apart(scoped, apart, fewest) if scoped.scope == ALL else scoped for scoped in maps]
    return [figure for scoped in told for figure in map_figures(scoped, fewest)]


def _enough_apart(together: Scoped, apart: Sequence[Scoped], fewest: int) -> Scoped:
    """Without the moments at which channels of too few people hold, together, too few.

    What is told of the other channels, subtracted from what is told of all, would tell of those.
    """
    kept = {}
    for cut, standing in together.standings.items():
        sizes = [len(each.standings[cut].person) for each in apart if cut in each.standings]
        if not 0 < sum(size for size in sizes if size < fewest) < fewest:
            kept[cut] = standing
    return together._replace(standings=kept)


def people_of(maps: Sequence[Scoped]) -> list[Place]:
    """Where each person stands now, on their own channel."""
    found = []
    for scoped in maps:
        if scoped.scope == ALL or NOW not in scoped.placed:
            continue
        found += _people(scoped.scope, scoped.standings[NOW], scoped.placed[NOW])
    return found


def _people(scope: str, standing: Standing, told: Placed) -> list[Place]:
    affect, evidence = told.affect, standing.evidence
    columns = (affect.value, affect.low, affect.high, told.cells, evidence.pieces, evidence.weight)
    rows = zip(standing.person.tolist(), *(column.tolist() for column in columns), strict=True)
    return [
        Place(person, scope, _or_none(value), _or_none(low), _or_none(high), CELLS[cell], int(pieces), weight)
        for person, value, low, high, cell, pieces, weight in rows
    ]


def _or_none(value: float) -> float | None:
    """Unknown is None, never 0. The last digits move with the order in which an engine adds up."""
    return None if isnan(value) else round(value, 9)


def _scoped(told: Any, as_of: Mapping[str, datetime], codes: Codes) -> list[Scoped]:
    scope, cut, person = (_column(told, name).astype(np.int64) for name in ("scope", "cut", "person"))
    if not len(person):
        return []
    order = np.lexsort((person, cut, scope))
    scope, cut, person = scope[order], cut[order], person[order]
    columns = {name: _column(told, name)[order] for name in ("recent", "b", *EVIDENCE, *EXPOSED)}
    edges = np.flatnonzero(np.diff(scope, prepend=-9) | np.diff(cut, prepend=-9))
    standings: dict[str, dict[int, Standing]] = {}
    for start, end in zip(edges, [*edges[1:], len(person)], strict=True):
        at = slice(start, end)
        evidence = Evidence(*(columns[name][at].astype(np.float64) for name in EVIDENCE))
        met = (columns[name][at].astype(np.float64) for name in EXPOSED)
        recent, behaviour = columns["recent"][at].astype(bool), columns["b"][at].astype(np.float64)
        standing = Standing(person[at], recent, behaviour, evidence, *met)
        standings.setdefault(codes.name("scope", int(scope[start])), {})[int(cut[start])] = standing
    return [
        Scoped(name, each, {at: placed(one) for at, one in each.items()}, quarter_number(as_of[name]))
        for name, each in standings.items()
    ]


def _column(told: Any, name: str) -> Any:
    return told[name].to_numpy(zero_copy_only=False)


def _kept(shelf: Shelf, table: Table | None) -> Table | None:
    return None if table is None else shelf.keep(table)


def _answers(said: Said, channels: Mapping[str, datetime], codes: Codes) -> Table | None:
    known = [each for each in said.answers if _counts(each, channels) and each.person not in set(said.apart)]
    if not known:
        return None
    columns = {
        "scope": [codes.channels[each.channel] for each in known],
        "person": [each.person for each in known],
        "at": [each.at for each in known],
        "value": [each.value for each in known],
        "questions": [each.questions for each in known],
    }
    schema = {"scope": "int8", "person": "int64", "at": "int64", "value": "float64", "questions": "int64"}
    return ibis.memtable(columns, schema=schema)


def _refusals(said: Said, channels: Mapping[str, datetime], codes: Codes) -> Table | None:
    known = [each for each in said.refusals if _counts(each, channels)]
    if not known:
        return None
    columns = {
        "scope": [codes.channels[each.channel] for each in known],
        "person": [each.person for each in known],
        "at": [each.at for each in known],
        "bare": [each.bare for each in known],
    }
    schema = {"scope": "int8", "person": "int64", "at": "int64", "bare": "boolean"}
    return ibis.memtable(columns, schema=schema)


def _counts(each: Answer | Refusal, channels: Mapping[str, datetime]) -> bool:
    return each.channel in channels and each.at <= channels[each.channel].timestamp()
