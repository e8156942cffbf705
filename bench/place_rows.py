"""Rows of co-creation written straight into the tables, as a large place needs them (place.py, place_edges.py)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

Row = Sequence[object]


def rows_write(table: str, columns: str, rows: Iterable[Row]) -> int:
    from django.db import connection

    names, count = columns.split(), 0
    quoted = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY cocreation_{table} ({quoted}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
                    count += 1
        else:
            marks = ", ".join("?" * len(names))

            def counted() -> Iterable[Row]:
                nonlocal count
                for row in rows:
                    count += 1
                    yield [str(v.replace(tzinfo=None)) if isinstance(v, datetime) else v for v in row]

            cursor.cursor.connection.executemany(
                f"INSERT INTO cocreation_{table} ({quoted}) VALUES ({marks})", counted()
            )
    return count


def sequences_set() -> None:
    from django.db import connection

    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith("cocreation_"):
                cursor.execute(
                    "SELECT pg_get_serial_sequence(%s, 'id') FROM information_schema.columns WHERE table_name = %s AND column_name = 'id' AND data_type = 'bigint'",
                    [table, table],
                )
                found = cursor.fetchone()
                if found and found[0]:
                    cursor.execute(f"SELECT setval('{found[0]}', (SELECT coalesce(max(id), 1) FROM {table}))")
