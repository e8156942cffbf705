"""Reading the ledger in bulk: query results as Arrow record batches, in constant memory, on either database.

SQLite is read through Python's own library on Django's connection. A second copy of SQLite in one process (such as
a driver that brings its own) drops the locks of the first when it closes the file: we saw it end in SIGBUS.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pyarrow as pa
from django.db import connection

_BATCH = 50_000


@contextmanager
def arrow_reader(query: str, schema: pa.Schema) -> Iterator[pa.RecordBatchReader]:
    """A reader over the rows of `query`, whose columns SQLite gives in the types of `schema`.

    On SQLite a time must be made a text in the query (`published || ''`), else Django parses each one.
    """
    if connection.vendor == "sqlite":
        yield pa.RecordBatchReader.from_batches(schema, _sqlite_batches(query, schema))
        return
    import adbc_driver_postgresql.dbapi as driver

    with driver.connect(_postgresql_address(connection.settings_dict)) as link, link.cursor() as cursor:
        cursor.execute(query)
        yield cursor.fetch_record_batch()


def _sqlite_batches(query: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    connection.ensure_connection()
    cursor: Any = connection.connection.cursor()
    try:
        cursor.execute(query)
        while rows := cursor.fetchmany(_BATCH):
            columns = zip(*rows, strict=True)
            arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)
    finally:
        cursor.close()


def _postgresql_address(settings: dict[str, Any]) -> str:
    user = quote(settings["USER"] or "", safe="")
    password = f":{quote(settings['PASSWORD'], safe='')}" if settings["PASSWORD"] else ""
    at = f"{user}{password}@" if user else ""
    host, port = settings["HOST"] or "", settings["PORT"] or ""
    options = f"?host={quote(host, safe='')}" if host.startswith("/") else ""
    place = "" if host.startswith("/") else host
    return f"postgresql://{at}{place}{':' + str(port) if port else ''}/{quote(settings['NAME'], safe='')}{options}"
