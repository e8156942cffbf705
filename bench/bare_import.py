"""The bare minimum that imports acts: parse each line, insert it under the same key and indexes, commit durably.

No checks, no rejects, no accounts, no guards, no constraints but the keys. This is what `estime import` is held
against. `python bench/bare_import.py FILE sqlite:PATH | postgresql://…`
"""

import hashlib
import itertools
import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from datetime import datetime

import orjson

COLUMNS = (
    "id channel_id source_id actor_id type object_id object_type in_reply_to context published recorded content lang"
    " value unit incentive on_behalf_of extra"
).split()
TABLE = """CREATE TABLE act (seq {serial}, id {uuid} NOT NULL, channel_id bigint NOT NULL, source_id text NOT NULL,
 actor_id bigint NOT NULL, type varchar(16) NOT NULL, object_id text, object_type text, in_reply_to text, context text,
 published {time} NOT NULL, recorded {time} NOT NULL, content text, lang text, value double precision, unit text,
 incentive text, on_behalf_of text, extra text)"""
INDEXES = [
    "CREATE UNIQUE INDEX act_source ON act (channel_id, source_id)",
    "CREATE UNIQUE INDEX act_id ON act (id)",
    "CREATE INDEX act_actor ON act (actor_id, published)",
]
BATCH = 50_000


def rows(path: str, zone: str) -> Iterator[tuple[object, ...]]:
    recorded = "2026-01-01 00:00:00" + zone
    with open(path, "rb") as lines:
        for number, line in enumerate(lines):
            act = orjson.loads(line)
            made = act["object"]
            published = str(datetime.fromisoformat(act["published"]))[:-6] + zone
            actor = int(hashlib.blake2b(act["actor"].encode(), digest_size=7).hexdigest(), 16)
            head = (f"{number:032x}", 1, act["id"], actor, act["type"])
            if isinstance(made, str):
                yield (
                    *head,
                    made,
                    None,
                    None,
                    None,
                    published,
                    recorded,
                    None,
                    None,
                    None,
                    None,
                    None,
                    None,
                    None,
                )
            else:
                parent, content = made.get("inReplyTo"), made["content"]
                yield (
                    *head, made["id"], made["type"], parent, None, published, recorded, content,
                    None, None, None, None, None, None,
                )  # fmt: skip


def into_sqlite(path: str, database: str) -> None:
    link = sqlite3.connect(database, isolation_level=None)
    link.execute("PRAGMA journal_mode=WAL")
    link.execute("PRAGMA synchronous=FULL")
    link.execute("PRAGMA cache_size=-65536")
    link.execute(TABLE.format(serial="integer PRIMARY KEY AUTOINCREMENT", uuid="char(32)", time="datetime"))
    for index in INDEXES:
        link.execute(index)
    statement = (
        f"INSERT INTO act ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
        " ON CONFLICT (channel_id, source_id) DO NOTHING"
    )
    source = rows(path, "")
    while batch := list(itertools.islice(source, BATCH)):
        link.execute("BEGIN IMMEDIATE")
        link.executemany(statement, batch)
        link.execute("COMMIT")


def into_postgresql(path: str, url: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as link:
        link.execute(TABLE.format(serial="bigserial PRIMARY KEY", uuid="uuid", time="timestamptz"))
        for index in INDEXES:
            link.execute(index)
        link.execute(f"CREATE TEMP TABLE staged AS SELECT {', '.join(COLUMNS)} FROM act")
        source = rows(path, "+00")
        while batch := list(itertools.islice(source, BATCH)):
            with link.transaction():
                link.execute("TRUNCATE staged")
                with link.cursor().copy("COPY staged FROM STDIN") as copy:
                    for row in batch:
                        copy.write_row(row)
                link.execute(
                    f"INSERT INTO act ({', '.join(COLUMNS)}) SELECT * FROM staged"
                    " ON CONFLICT (channel_id, source_id) DO NOTHING"
                )


if __name__ == "__main__":
    begun = time.perf_counter()
    target = sys.argv[2]
    if target.startswith("sqlite:"):
        into_sqlite(sys.argv[1], target.removeprefix("sqlite:"))
    else:
        into_postgresql(sys.argv[1], target)
    print(f"{time.perf_counter() - begun:.2f} {os.times().user + os.times().system:.2f}")
