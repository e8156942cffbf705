"""What an installation holds, as plain data: what two installations that lived differently must have in common."""

import json
from collections import Counter
from pathlib import Path
from typing import Any


def look(home: Path, *, whole: bool) -> dict[str, Any]:
    """Everything that may not be lost or doubled: of the ledger, and of lake and figures if they are up to date."""
    from django.conf import settings
    from django.db import connection

    with connection.cursor() as cursor:
        told = {
            "acts": _acts(cursor),
            "totals": _rows(
                cursor,
                "SELECT c.name, o.object_id, o.metric, o.value, o.observed FROM ledger_observation o"
                " JOIN ledger_channel c ON c.id = o.channel_id ORDER BY 1, 2, 3, 5",
            ),
            "accounts": _rows(
                cursor,
                "SELECT c.name, a.handle FROM ledger_account a"
                " JOIN ledger_channel c ON c.id = a.channel_id ORDER BY 1, 2",
            ),
            "leases": _rows(cursor, "SELECT name FROM engagement_lease"),
            "running": _rows(cursor, "SELECT file_name FROM channels_import WHERE status = 'running'"),
        }
        if whole:
            told["figures"] = _figures(cursor)
            told["charts"] = _charts(cursor)
            told["stale"] = _rows(cursor, "SELECT stale FROM engagement_edition ORDER BY id DESC LIMIT 1")
            told["readings"] = _rows(
                cursor,
                "SELECT t.source_id, a.handle, r.day, r.lang, r.negative, r.positive FROM listening_reading r"
                ' JOIN ledger_act t ON t.seq = r.seq JOIN ledger_account a ON a."key" = r.account ORDER BY 1',
            )
            told["lake"] = _lake(cursor, Path(settings.ESTIME_LAKE_URL))
            told["left"] = _left_of_erased(cursor, Path(settings.ESTIME_LAKE_URL))
    told["litter"] = sorted(
        str(path.relative_to(home))
        for path in home.rglob("*")
        if path.suffix in (".part", ".tmp", ".new", ".old") or path.name.startswith(("tmp", ".tmp"))
    )
    return json.loads(json.dumps(told, default=str))


def _rows(cursor: Any, query: str) -> list[list[Any]]:
    cursor.execute(query)
    return [list(row) for row in cursor.fetchall()]


def _acts(cursor: Any) -> list[list[Any]]:
    return _rows(
        cursor,
        "SELECT c.name, t.source_id, a.handle, t.type, t.object_id, t.object_type, t.in_reply_to, t.context,"
        " t.published, t.content, t.value, t.extra FROM ledger_act t JOIN ledger_channel c ON c.id = t.channel_id"
        ' JOIN ledger_account a ON a."key" = t.actor_id ORDER BY 1, 2',
    )


def _figures(cursor: Any) -> list[list[Any]]:
    rows = _rows(
        cursor,
        "SELECT scope, measure, coalesce(CAST(period AS text), ''), label, value, low, high, n, d"
        " FROM engagement_storedfigure",
    )
    return sorted(
        [*row[:4], *(None if cell is None else float(f"{cell:.10g}") for cell in row[4:])] for row in rows
    )


def _charts(cursor: Any) -> list[list[Any]]:
    """Of the edition that stands: how many there are of older ones does not matter."""
    return _rows(
        cursor,
        "SELECT scope, section, lang, svg FROM readouts_chart"
        " WHERE edition_id = (SELECT max(id) FROM engagement_edition) ORDER BY 1, 2, 3",
    )


def _lake(cursor: Any, lake: Path) -> dict[str, Any]:
    """The lake against the ledger: acts that are missing, doubled, or not to be there."""
    import pyarrow.parquet as pq
    from deltalake import DeltaTable

    from estime.kernel.home import secret
    from estime.kernel.ids import lake_key

    cursor.execute(
        "SELECT t.seq, c.name, t.source_id, t.type, t.actor_id FROM ledger_act t"
        " JOIN ledger_channel c ON c.id = t.channel_id"
        ' JOIN ledger_account a ON a."key" = t.actor_id WHERE a.handle IS NOT NULL'
    )
    key = secret()
    wanted = Counter(
        (seq, name, lake_key(key, name, source), kind, who) for seq, name, source, kind, who in cursor
    )
    found: Counter[Any] = Counter()
    columns = ["seq", "channel", "source_key", "type", "account"]
    for file in DeltaTable(str(lake / "acts")).file_uris():
        table = pq.read_table(file, columns=columns).to_pydict()
        found.update(zip(*(table[name] for name in columns), strict=True))
    return {
        "missing": len(wanted - found),
        "too many": len(found - wanted),
        "rows": found.total(),
        "readings": _readings(cursor, lake),
    }


def _readings(cursor: Any, lake: Path) -> dict[str, int]:
    """The lake's readings against the database's."""
    import pyarrow.parquet as pq
    from deltalake import DeltaTable

    cursor.execute("SELECT r.seq, r.account, r.positive - r.negative FROM listening_reading r")
    wanted = Counter(tuple(row) for row in cursor)
    found: Counter[Any] = Counter()
    for file in DeltaTable(str(lake / "readings")).file_uris():
        table = pq.read_table(file, columns=["seq", "account", "valence"])
        found.update(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return {"missing": len(wanted - found), "too many": len(found - wanted)}


def _left_of_erased(cursor: Any, lake: Path) -> list[str]:
    """Files in the lake, listed or not, where a key of an erased account stands in any column, or in any log."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    cursor.execute('SELECT "key" FROM ledger_account WHERE handle IS NULL')
    keys = [key for (key,) in cursor.fetchall()]
    if not keys:
        return []
    left = []
    for file in lake.rglob("*"):
        if file.suffix == ".parquet" and "_delta_log" not in file.parts:
            table = pq.ParquetFile(file).read()
            numbers = [column for column in table.columns if column.type == pa.int64()]
            if any(
                pc.any(pc.is_in(column, value_set=pa.array(keys, pa.int64()))).as_py() for column in numbers
            ):
                left.append(file.name)
        elif file.is_file() and any(str(key).encode() in file.read_bytes() for key in keys):
            left.append(file.name)
    return left
