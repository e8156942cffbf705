"""Protects that behind a pooler that knows no named statements none is made, and that else those asked often are."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from estime.ledger.prepared import execute_prepared, planned_cursor


@pytest.mark.parametrize("named", [True, False])
def test_statements_have_names_only_where_they_may(installed: Path, settings: Any, named: bool) -> None:
    settings.ESTIME_NAMED_STATEMENTS = named
    connection.close()  # a new one knows no names
    for number in (1, 2):
        with connection.cursor() as cursor:
            execute_prepared(cursor, "SELECT %s::bigint + 1", [number])
            assert int(cursor.fetchone()[0]) == number + 1
        with planned_cursor(connection) as cursor:
            cursor.execute("SELECT CAST(%s AS bigint) + 2", [number])
            assert int(cursor.fetchone()[0]) == number + 2
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements")
            assert cursor.fetchone()[0] == (2 if named else 0)
