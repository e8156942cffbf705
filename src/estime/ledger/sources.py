"""Reading the ledger in bulk: query results as Arrow record batches, in constant memory, on either database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pyarrow as pa
from django.db import connection


@contextmanager
def arrow_reader(query: str) -> Iterator[pa.RecordBatchReader]:
    """A reader over the rows of `query`, through a connection of its own that sees committed rows only."""
    driver: Any
    if connection.vendor == "sqlite":
        import adbc_driver_sqlite.dbapi as driver

        address = f"file:{quote(str(connection.settings_dict['NAME']))}?mode=ro"
    else:
        import adbc_driver_postgresql.dbapi as driver

        address = _postgresql_address(connection.settings_dict)
    with driver.connect(address) as link, link.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": "65536"})
        cursor.execute(query)
        yield cursor.fetch_record_batch()


def _postgresql_address(settings: dict[str, Any]) -> str:
    user = quote(settings["USER"] or "", safe="")
    password = f":{quote(settings['PASSWORD'], safe='')}" if settings["PASSWORD"] else ""
    at = f"{user}{password}@" if user else ""
    host, port = settings["HOST"] or "", settings["PORT"] or ""
    options = f"?host={quote(host, safe='')}" if host.startswith("/") else ""
    place = "" if host.startswith("/") else host
    return f"postgresql://{at}{place}{':' + str(port) if port else ''}/{quote(settings['NAME'], safe='')}{options}"
