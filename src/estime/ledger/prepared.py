"""Statements that run hundreds of times a second, planned once per connection.

PostgreSQL takes longer to plan a small statement than to run it. Here it is told the statement once (`PREPARE`) and
from then on only the values. SQLite's driver does the same by itself.
"""

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.utils import CursorWrapper

_KNOWN: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
"""Connection of the driver → names of what was prepared on it: a new connection knows nothing."""
_TYPED = re.compile(r"%s::[a-z]+( precision)?")


def execute_prepared(cursor: CursorWrapper, statement: str, values: Sequence[Any]) -> None:
    """Run a statement with `%s` for its values, each of which has its type beside it: `%s::bigint`.

    The text has to be one of a few: each stays in the memory of the server as long as the connection.
    """
    if connection.vendor != "postgresql":
        cursor.execute(_untyped(statement), values)
        return
    name, told = _named(statement)
    known = _KNOWN.setdefault(connection.connection, set())
    if name not in known:
        connection.connection.execute(f"PREPARE {name} AS {told}")
        known.add(name)
    marks = ", ".join(["%s"] * len(values))
    cursor.execute(f"EXECUTE {name} ({marks})" if values else f"EXECUTE {name}", values)


@lru_cache(maxsize=256)
def _named(statement: str) -> tuple[str, str]:
    """The name under which a statement is prepared, and the statement with numbered values."""
    first, *others = statement.split("%s")
    told = first + "".join(f"${place}{text}" for place, text in enumerate(others, 1))
    return "estime_" + hashlib.sha256(told.encode()).hexdigest()[:24], told


@lru_cache(maxsize=256)
def _untyped(statement: str) -> str:
    """The statement as SQLite reads it: without the types."""
    return _TYPED.sub("%s", statement)
