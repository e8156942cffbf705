"""What is deleted is in no page of SQLite's file, with whatever SQLite it was deleted: nor in a copy of the file."""

import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from estime.cli.archive_database import dump
from estime.kernel.clock import now

pytestmark = [
    pytest.mark.usefixtures("installed"),
    pytest.mark.parametrize("installed", ["sqlite"], indirect=True),
]


def test_deleted_rows_are_overwritten(installed: Path, tmp_path: Path) -> None:
    keys = [f"k{secrets.token_hex(14)}" for _ in range(600)]
    for key in keys:
        Session.objects.create(session_key=key, session_data="x" * 300, expire_date=now())
    Session.objects.filter(session_key__in=keys[::2]).update(session_data="y" * 700)
    Session.objects.filter(session_key__in=keys[:550]).delete()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (copy,), _rows = dump(scratch)
    found = [key for key in keys if key.encode() in copy.read_bytes()]
    assert found == []


def test_it_is_asked_of_sqlite_and_not_left_to_how_it_was_built() -> None:
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA secure_delete").fetchone() == (1,)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as link:
        link.execute("PRAGMA secure_delete = OFF")
        for statement in settings.DATABASES["default"]["OPTIONS"]["init_command"].split(";"):
            link.execute(statement)
        assert link.execute("PRAGMA secure_delete").fetchone() == (1,)
