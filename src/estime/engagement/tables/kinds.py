"""What each member did in all of their past, by kind: out of memory, and what was done or taken back since.

Counts fade by a known factor, so what was done since is added and what was taken back since is subtracted; a first or
last moment is the least or greatest. Only whose first or last act of a kind was taken back is counted anew, from all
of their acts: that alone reads the whole lake.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

import ibis

from estime.engagement.tables import persons
from estime.engagement.tables.job import Job
from estime.engagement.tables.memory import Known
from estime.engagement.tables.prepare import DAY, by_scope, coded, prepare
from estime.engagement.tables.table import Table

_KEYS = ("scope", "person", "kind")
_MEANT = ("account", "source_key")
_COLUMNS = (*_KEYS, "decayed", "first", "last")


def kinds_now(job: Job, acts: Table, as_of: Mapping[str, datetime], known: Known) -> Callable[[], Table]:
    """`person_kinds` of every channel, as all of `acts` would give them, for whoever asks once all else is asked."""

    def counted(some: Table, *, undos: bool = True) -> Table:
        brand = job.settings.brand_accounts
        prepared = prepare(some, brand, as_of=as_of, codes=job.codes, undos=undos)
        return persons.person_kinds(prepared, job.moments, job.settings.half_life)

    def anew(people: Table) -> Table:
        theirs = acts.semi_join(people, [("account", "person")]).select(*known.since.columns)
        return counted(theirs).select(*_COLUMNS)

    # An Undo may have come before its act: the older ones are needed too, and are all among the recent acts.
    undos = known.acts.filter((known.acts.batch <= known.batch) & (known.acts.type == "Undo"))
    undos = job.shelf.keep(undos.select(*known.since.columns))
    older = known.acts.filter(known.acts.batch <= known.batch)
    taken = job.shelf.keep(older.semi_join(_meant(known.since), _MEANT).anti_join(_meant(undos), _MEANT))
    any_taken = job.ask(taken.limit(1))

    def told() -> Table:
        kinds = _added(_recalled(job, known), counted(known.since.union(undos)))
        if not any_taken():
            return kinds
        kinds, gone = job.shelf.keep(kinds), job.shelf.keep(counted(taken, undos=False))
        ends = kinds.inner_join(gone, _KEYS)
        ends = ends.filter((ends["first"] >= ends.first_right) | (ends["last"] <= ends.last_right))
        ends = job.shelf.keep(ends.select("person").distinct())
        kinds = _subtracted(kinds, gone)
        if not job.rows(ends.limit(1)):
            return kinds
        return kinds.anti_join(ends, "person").union(anew(ends))

    return told


def _recalled(job: Job, known: Known) -> Table:
    """The kinds in memory, as `person_kinds` writes them now."""
    kinds = known.kinds.mutate(scope=coded(known.kinds.channel, job.codes.channels))
    since = (by_scope(kinds.scope, job.moments) - kinds.reference).cast("float64") / DAY
    return kinds.select(
        scope=kinds.scope,
        person=kinds.account,
        kind=coded(kinds.kind, job.codes.types),
        decayed=kinds.decayed * persons.half_to(since / job.settings.half_life),
        first=kinds["first"],
        last=kinds["last"],
    )


def _added(kinds: Table, fresh: Table) -> Table:
    both = kinds.outer_join(fresh, _KEYS)
    return both.select(
        **{key: ibis.coalesce(both[key], both[f"{key}_right"]) for key in _KEYS},
        decayed=both.decayed.fill_null(0.0) + both.decayed_right.fill_null(0.0),
        first=ibis.least(
            ibis.coalesce(both["first"], both.first_right), both.first_right.coalesce(both["first"])
        ),
        last=ibis.greatest(
            ibis.coalesce(both["last"], both.last_right), both.last_right.coalesce(both["last"])
        ),
    )


def _subtracted(kinds: Table, gone: Table) -> Table:
    both = kinds.left_join(gone, _KEYS)
    return both.select(
        *(kinds[key] for key in _KEYS),
        decayed=both.decayed - both.decayed_right.fill_null(0.0),
        first=kinds["first"],
        last=kinds["last"],
    )


def _meant(acts: Table) -> Table:
    """What the Undos among `acts` take back. (Only one's own act can be.)"""
    undos = acts.filter((acts.type == "Undo") & acts.object_key.notnull())
    return undos.select("account", source_key=undos.object_key).distinct()
