"""What an installation of "1 of 4" holds, read from outside by the database's own driver and told as plain JSON.

The queries name only columns that were there then, so old and upgraded installations answer alike.
"""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

QUERIES = {
    "acts": """SELECT t.seq, c.name, t.source_id, a.handle, a."key", t.id, t.type, t.object_id, t.object_type,
     t.in_reply_to, t.context, t.published AS "published_at", t.recorded AS "recorded_at", t.content, t.lang, t.value,
     t.unit, t.incentive, t.on_behalf_of, t.extra
     FROM ledger_act t JOIN ledger_channel c ON c.id = t.channel_id JOIN ledger_account a ON a."key" = t.actor_id
     ORDER BY t.seq""",
    "accounts": """SELECT c.name, a."key", a.handle, a.recorded AS "recorded_at" FROM ledger_account a
     JOIN ledger_channel c ON c.id = a.channel_id ORDER BY a."key" """,
    "observations": """SELECT o.id, c.name, o.object_id, o.object_type, o.metric, o.value,
     o.observed AS "observed_at", o.published AS "published_at", o.recorded AS "recorded_at"
     FROM ledger_observation o JOIN ledger_channel c ON c.id = o.channel_id ORDER BY o.id""",
    "channels": "SELECT id, name, title, format, attribution FROM ledger_channel ORDER BY id",
    "figures": """SELECT measure, scope, period AS "period_day", label, value, low, high, n, d
     FROM engagement_storedfigure ORDER BY measure, scope, period, label""",
    "imports": """SELECT channel, file_name, format, "rows", new, known, erased, rejected, status, rejects_file
     FROM channels_import ORDER BY started""",
    "logins": "SELECT id, email, name, language, password, is_active FROM people_user ORDER BY id",
}


def told_ledger(url: str) -> dict[str, Any]:
    """Every row of each query; of the installation in ESTIME_HOME, or of the PostgreSQL database at `url`."""
    if url:
        import psycopg

        with psycopg.connect(url) as link:
            return {part: _rows(link.execute(query)) for part, query in QUERIES.items()}
    with closing(sqlite3.connect(Path(os.environ["ESTIME_HOME"]) / "estime.sqlite3")) as link:
        return {part: _rows(link.execute(query)) for part, query in QUERIES.items()}


def _rows(cursor: Any) -> list[list[Any]]:
    names = [column[0] for column in cursor.description]
    rows = [
        [_plain(name, value) for name, value in zip(names, row, strict=True)] for row in cursor.fetchall()
    ]
    return sorted(rows, key=repr) if "period_day" in names else rows


def _plain(name: str, value: Any) -> Any:
    """One form for what the two databases tell differently: times, days, ids, booleans."""
    if value is None:
        return None
    if name.endswith("_at"):
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)).isoformat()
    if name == "is_active":
        return bool(value)
    if name == "id" and not isinstance(value, int):
        return UUID(str(value)).hex
    return str(value) if name == "period_day" else value
