"""Looking into an installation from outside, with the database's own driver: what is really there."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from processes import run_estime

QUERIES = {
    "acts": """SELECT c.name, t.source_id, a.handle, a."key", t.id, t.type, t.object_id, t.object_type, t.in_reply_to,
     t.context, t.published, t.recorded, t.content, t.lang, t.value, t.unit, t.incentive, t.on_behalf_of, t.extra
     FROM ledger_act t JOIN ledger_channel c ON c.id = t.channel_id JOIN ledger_account a ON a."key" = t.actor_id
     ORDER BY c.name, t.seq""",
    "accounts": """SELECT c.name, a."key", a.handle, a.recorded FROM ledger_account a
     JOIN ledger_channel c ON c.id = a.channel_id ORDER BY a."key" """,
    "observations": """SELECT c.name, o.object_id, o.object_type, o.metric, o.value, o.observed, o.published,
     o.recorded FROM ledger_observation o JOIN ledger_channel c ON c.id = o.channel_id ORDER BY c.name, o.id""",
    "channels": "SELECT name, title, format, attribution FROM ledger_channel ORDER BY name",
}
TIMES = {"acts": (10, 11), "accounts": (3,), "observations": (5, 6, 7), "channels": ()}


class Installation(NamedTuple):
    """An ESTIME_HOME with its database; `url` is empty for SQLite."""

    home: Path
    url: str = ""

    @classmethod
    def here(cls, home: Path) -> "Installation":
        """The installation that the fixture `installed` made."""
        return cls(home, os.environ.get("ESTIME_DATABASE_URL", ""))

    @contextmanager
    def link(self) -> Iterator[Any]:
        if self.url:
            import psycopg

            with psycopg.connect(self.url, autocommit=True) as link:
                yield link
        else:
            with closing(
                sqlite3.connect(self.home / "estime.sqlite3", isolation_level=None, timeout=30)
            ) as link:
                yield link

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with self.link() as link:
            return link.execute(query).fetchall()

    def ask_nothing(self, statement: str) -> None:
        """Run a statement that returns no rows."""
        with self.link() as link:
            link.execute(statement)

    def count(self) -> int:
        """How many acts there are."""
        return self.ask("SELECT count(*) FROM ledger_act")[0][0]

    def ledger(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every column of the ledger, in the same form from both databases."""
        return {
            part: [
                tuple(_plain(value, at in TIMES[part]) for at, value in enumerate(row))
                for row in self.ask(query)
            ]
            for part, query in QUERIES.items()
        }

    def estime(
        self, *words: object, code: int | None = 0, cold: bool = False, **env: str
    ) -> subprocess.CompletedProcess[str]:
        told = tuple(map(str, words))
        return run_estime(*told, home=self.home, database=self.url, code=code, cold=cold, **env)


def _plain(value: Any, is_time: bool) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if is_time and isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.astimezone(UTC) if isinstance(value, datetime) else value
