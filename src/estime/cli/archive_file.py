"""One file that holds an installation: database, secret, configuration, rejects. Written whole or not at all.

The lake is left out: it is made from the ledger. SQLite's database is copied by its own online backup;
PostgreSQL's tables by COPY from one snapshot. Both are consistent while the installation runs.
"""

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from estime.kernel.clock import now
from estime.kernel.errors import EstimeError, disk_full
from estime.kernel.home import home
from estime.version import __version__

FORMAT = 1


class BadBackup(EstimeError):
    """The file is no backup of Estime, is damaged, or does not fit this installation."""

    code = "bad-backup"


class NotEmpty(EstimeError):
    """A backup is only restored into an installation that holds nothing."""

    code = "not-empty"


def write_backup(path: Path) -> dict[str, Any]:
    """Write a backup to `path` (a .tar.gz) and return its manifest."""
    if path.exists():
        raise BadBackup(f"{path} exists already.", todo="Name a new file, so that no older backup is lost.")
    part = path.with_name(path.name + ".part")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".estime-backup-") as scratch:
        members = dict(_members(Path(scratch)))
        manifest = _manifest(members)
        part.unlink(missing_ok=True)
        try:
            _write(part, members, manifest)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    return manifest


def _write(part: Path, members: dict[str, Path], manifest: dict[str, Any]) -> None:
    """Readable by its owner alone from its first byte on; on the disk when this returns."""
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=3) as tar:
            _add_text(tar, "manifest.json", json.dumps(manifest, indent=1))
            for name, file in members.items():
                tar.add(file, name, filter=_private)
        raw.flush()
        os.fsync(raw.fileno())


def _members(scratch: Path) -> Iterator[tuple[str, Path]]:
    folder = home()
    for name in ("secret", "estime.toml"):
        if (folder / name).exists():
            yield name, folder / name
    for file in sorted((folder / "rejects").glob("*.jsonl")):
        yield f"rejects/{file.name}", file
    from django.db import connection

    dump = _dump_sqlite if connection.vendor == "sqlite" else _dump_postgresql
    for file in dump(scratch):
        yield f"database/{file.name}", file


def _dump_sqlite(scratch: Path) -> list[Path]:
    from django.db import connection

    target = scratch / "estime.sqlite3"
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
    return [target]


def _dump_postgresql(scratch: Path) -> list[Path]:
    from django.db import connection, transaction

    files = []
    with connection.wrap_database_errors, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        there = set(connection.introspection.table_names(cursor))
        for number, table in enumerate(name for name in tables() if name in there):
            columns = ", ".join(_columns(cursor, table))
            file = scratch / f"{number:02d}.{table}.copy"
            with (
                file.open("wb") as out,
                cursor.cursor.copy(f"COPY {table} ({columns}) TO STDOUT WITH (HEADER)") as copy,
            ):
                for chunk in copy:
                    out.write(chunk)
            files.append(file)
    return files


def _columns(cursor: Any, table: str) -> list[str]:
    """The columns as the database has them, which may be of an older version; it fills `xid` itself."""
    from django.db import connection

    described = connection.introspection.get_table_description(cursor, table)
    return [connection.ops.quote_name(column.name) for column in described if column.name != "xid"]


def tables() -> list[str]:
    """Every table, those that are referred to first."""
    from django.apps import apps
    from django.core.serializers import sort_dependencies

    listed = [(config, None) for config in apps.get_app_configs()]
    found: dict[str, None] = {}
    for model in sort_dependencies(listed, allow_cycles=True):
        joined: list[Any] = [field.remote_field.through for field in model._meta.local_many_to_many]
        for table in (model, *joined):
            if table._meta.managed and not table._meta.proxy:
                found[table._meta.db_table] = None
    return [name for name in found if name not in ("django_content_type", "auth_permission")]


def _manifest(members: dict[str, Path]) -> dict[str, Any]:
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    applied = sorted(MigrationRecorder(connection).applied_migrations())
    return {
        "format": FORMAT,
        "estime": __version__,
        "made": now().isoformat(),
        "database": connection.vendor,
        "migrations": [list(key) for key in applied],
        "sha256": {name: _digest(file) for name, file in members.items()},
    }


def _digest(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(text.encode()), 0o600
    tar.addfile(info, io.BytesIO(text.encode()))


def _private(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """No names of users or groups of the machine; readable by the owner alone."""
    info.uname = info.gname = ""
    info.uid = info.gid = 0
    info.mode = 0o600
    return info


@contextmanager
def opened(path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The backup unpacked beside ESTIME_HOME, with its manifest; every file checked against its digest."""
    home().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home().parent, prefix=".estime-restore-") as scratch:
        folder = Path(scratch)
        try:
            with tarfile.open(path, "r:gz") as tar:
                tar.extractall(folder, filter="data")
            manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
            damaged = [name for name, told in manifest["sha256"].items() if _digest(folder / name) != told]
            whole = not damaged and manifest["format"] == FORMAT
        except (tarfile.TarError, zlib.error, EOFError, OSError, LookupError, ValueError, TypeError) as error:
            if disk_full(error) or isinstance(error, PermissionError):
                raise
            raise BadBackup(
                f"{path.name} is not a whole backup of Estime ({type(error).__name__}).",
                todo="Take another copy of it.",
            ) from error
        if not whole:
            raise BadBackup(f"{path.name} is damaged or of another format.", todo="Take another copy of it.")
        yield folder, manifest
