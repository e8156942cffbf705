"""Keep totals that a platform tells without saying who: beside the acts, never as invented persons."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from estime.kernel import clock
from estime.ledger import staging
from estime.ledger.actions.append import CLOCK_SKEW, Appended, database_time, reject
from estime.ledger.actions.ensure_channel import channel_ensure
from estime.ledger.checks import check_observation
from estime.ledger.drafts import ObservationDraft

Row = tuple[int, ObservationDraft]
_DIFFERS = (
    "observation-differs",
    "This total was told before for the same moment with another value: name the day it was taken with --observed.",
)


def observe(channel: str, rows: Sequence[Row], *, now: datetime | None = None) -> Appended:
    """Append totals of one channel, each (object, metric, moment) once."""
    recorded = now or clock.now()
    place = channel_ensure(channel)
    problems = [(line, check_observation(draft, recorded + CLOCK_SKEW), draft) for line, draft in rows]
    rejects = [reject(line, problem, draft) for line, problem, draft in problems if problem is not None]
    good = [(line, draft) for line, problem, draft in problems if problem is None]
    if not good:
        return Appended(0, 0, 0, rejects)
    with transaction.atomic(), connection.cursor() as cursor:
        staging.stage_observations(cursor, _columns(good, recorded))
        new = _move(cursor, place.pk)
        differing = _differing(cursor, place.pk) if new < len(good) else []
    rejects += [reject(good[at][0], _DIFFERS, good[at][1]) for at in differing]
    return Appended(new, len(good) - new - len(differing), 0, sorted(rejects))


def _columns(rows: list[Row], recorded: datetime) -> dict[str, Sequence[Any]]:
    drafts = [draft for _, draft in rows]
    return {
        "line": list(range(len(rows))),
        "object_id": [d.object_id for d in drafts],
        "object_type": [d.object_type for d in drafts],
        "metric": [d.metric for d in drafts],
        "value": [d.value for d in drafts],
        "observed": [database_time(d.observed) for d in drafts],
        "published": [None if d.published is None else database_time(d.published) for d in drafts],
        "recorded": [database_time(d.recorded or recorded) for d in drafts],
    }


def _move(cursor: Any, channel_pk: int) -> int:
    columns = ", ".join(staging.OBSERVATION_COLUMNS)
    cursor.execute(
        f"""
        INSERT INTO ledger_observation (channel_id, {columns})
        SELECT %s, {columns} FROM ledger_staging_obs WHERE 1 = 1 ORDER BY line
        ON CONFLICT (channel_id, object_id, metric, observed) DO NOTHING
        """,
        [channel_pk],
    )
    return int(cursor.rowcount)


def _differing(cursor: Any, channel_pk: int) -> list[int]:
    cursor.execute(
        """
        SELECT s.line FROM ledger_staging_obs s
        JOIN ledger_observation o ON o.channel_id = %s AND o.object_id = s.object_id
         AND o.metric = s.metric AND o.observed = s.observed
        WHERE o.value <> s.value ORDER BY s.line
        """,
        [channel_pk],
    )
    return [at for (at,) in cursor.fetchall()]
