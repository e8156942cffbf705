"""One file that holds an installation: database, secret, configuration, people's files. Whole or not at all.

The lake is left out: it is made from the ledger. The database is copied first and the files after it, so that a
file which a row names is in the backup too. Files may grow while they are read: what they held when reading began
is what the backup holds, and what its digest is of.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from estime.cli.archive_database import dump
from estime.kernel.clock import now
from estime.kernel.errors import EstimeError, disk_full
from estime.kernel.home import home
from estime.version import __version__

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
FOLDERS: Final = ("rejects", "uploads", "pictures", "files", "digests")
FILES: Final = ("secret", "estime.toml")
STRAY: Final = 3600.0
"""Seconds after which what a killed backup left is taken away; a living one is known by its process."""
NO_BACKUP = (tarfile.TarError, zlib.error, EOFError, OSError, LookupError, ValueError, TypeError)


class BadBackup(EstimeError):
    """The file is no backup of Estime, is damaged, or does not fit this installation."""

    code = "bad-backup"


class NotEmpty(EstimeError):
    """A backup is only restored into an installation that holds nothing."""

    code = "not-empty"


def write_backup(path: Path) -> dict[str, Any]:
    """Write a backup to `path` (a .tar.gz), read it again to be sure, and return its manifest."""
    if path.exists():
        raise BadBackup(f"{path} exists already.", todo="Name a new file, so that no older backup is lost.")
    part = path.with_name(path.name + ".part")
    with _scratch(path.parent, "backup") as scratch:
        dumped, rows = dump(scratch)
        part.unlink(missing_ok=True)
        try:
            _write(part, dumped, _manifest(rows))
            manifest = check_backup(part)
            part.replace(path)
            _sync(path.parent)
        finally:
            part.unlink(missing_ok=True)
    return manifest


@contextmanager
def _scratch(parent: Path, what: str) -> Iterator[Path]:
    """A folder for a copy of everything, gone afterwards. One that a kill left behind goes when the next is made."""
    for left in (*parent.glob(f".estime-{what}-*"), *parent.glob("estime-*.tar.gz.part")):
        pid = left.name.split("-")[2] if left.is_dir() else ""
        if left.stat().st_mtime < now().timestamp() - STRAY and not _lives(pid):
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=parent, prefix=f".estime-{what}-{os.getpid()}-") as made:
        yield Path(made)


def _lives(pid: str) -> bool:
    return pid.isdecimal() and Path(f"/proc/{pid}").exists()


def _write(part: Path, dumped: list[Path], manifest: dict[str, Any]) -> None:
    """Readable by its owner alone from its first byte on; on the disk when this returns."""
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=3) as tar:
            members = [*((f"database/{file.name}", file) for file in dumped), *_files()]
            manifest["sha256"] = {name: told for name, file in members if (told := _add(tar, name, file))}
            _add_text(tar, MANIFEST, json.dumps(manifest, indent=1))
        raw.flush()
        os.fsync(raw.fileno())


def _files() -> Iterator[tuple[str, Path]]:
    folder = home()
    for name in FILES:
        if (folder / name).exists():
            yield name, folder / name
    for name in FOLDERS:
        for file in sorted((folder / name).rglob("*")):
            if file.is_file() and not file.is_symlink():
                yield str(file.relative_to(folder)), file


def _add(tar: tarfile.TarFile, name: str, file: Path) -> str:
    """Add a file as long as it is now; returns its digest, or "" if it has gone meanwhile."""
    try:
        handle = file.open("rb")
    except FileNotFoundError:
        return ""
    with handle:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = os.fstat(handle.fileno()).st_size, 0o600, int(now().timestamp())
        source = _Digested(handle)
        tar.addfile(info, source)  # type: ignore[arg-type]  # only ever read from
        return source.digest.hexdigest()


class _Digested:
    """Reads a file, and remembers the digest of what was read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self.digest = source, hashlib.sha256()

    def read(self, size: int) -> bytes:
        chunk = self._source.read(size)
        self.digest.update(chunk)
        return chunk


def _manifest(rows: dict[str, int]) -> dict[str, Any]:
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    applied = sorted(MigrationRecorder(connection).applied_migrations())
    return {
        "format": FORMAT,
        "estime": __version__,
        "made": now().isoformat(),
        "database": connection.vendor,
        "migrations": [list(key) for key in applied],
        "rows": rows,
    }


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(text.encode()), 0o600
    tar.addfile(info, io.BytesIO(text.encode()))


def _sync(folder: Path) -> None:
    """The file's name is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_backup(path: Path) -> dict[str, Any]:
    """Read a backup from end to end, and return its manifest. Raises `BadBackup` unless it is whole."""
    found, manifest = {}, None
    with _readable(path), tarfile.open(path, "r:gz") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if member.name == MANIFEST and content is not None:
                manifest = json.loads(content.read())
            elif content is not None:
                found[member.name] = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
        if manifest is None:
            raise KeyError(MANIFEST)
        _check_whole(path, manifest, found)
        return dict(manifest)


def _check_whole(path: Path, manifest: dict[str, Any], found: dict[str, str]) -> None:
    if manifest["format"] != FORMAT or manifest["sha256"] != found:
        raise BadBackup(f"{path.name} is damaged or of another format.", todo="Take another copy of it.")


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """What goes wrong while a backup is read becomes `BadBackup`, unless it is the machine's fault."""
    try:
        yield
    except NO_BACKUP as error:
        if disk_full(error) or isinstance(error, PermissionError):
            raise
        raise BadBackup(
            f"{path.name} is not a whole backup of Estime ({type(error).__name__}).",
            todo="Take another copy of it.",
        ) from error


@contextmanager
def opened(path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The backup unpacked beside ESTIME_HOME, with its manifest; every file checked against its digest."""
    home().parent.mkdir(parents=True, exist_ok=True)
    with _scratch(home().parent, "restore") as folder:
        with _readable(path):
            with tarfile.open(path, "r:gz") as tar:
                tar.extractall(folder, filter="data")
            manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
            names = [str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()]
            _check_whole(path, manifest, {name: _digest(folder / name) for name in names if name != MANIFEST})
        yield folder, manifest


def _digest(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
