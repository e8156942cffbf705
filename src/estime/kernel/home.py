"""The one folder that holds everything an installation keeps: database, lake, rejects, secret, configuration."""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from estime.kernel.errors import EstimeError

FILE_NAME = "estime.toml"


class NoHome(EstimeError):
    """The folder named by ESTIME_HOME does not exist or cannot be written."""

    code = "no-home"


def home() -> Path:
    """The installation's folder: `ESTIME_HOME`, else `~/.local/share/estime`."""
    named = os.environ.get("ESTIME_HOME")
    if not named:
        return Path.home() / ".local" / "share" / "estime"
    return _resolved(named) if named.startswith("/") else Path(named).expanduser().resolve()


@lru_cache(maxsize=8)
def _resolved(named: str) -> Path:
    """Every request asks a few times."""
    return Path(named).resolve()


def make_home() -> Path:
    """Create the folder and its secret where they are missing; only the owner may enter."""
    folder = home()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make_secret(folder / "secret")
    except OSError as error:
        raise NoHome(
            f"The folder {folder} cannot be made or written: {error.strerror}.",
            todo="Set ESTIME_HOME to a folder that you may write to.",
        ) from error
    return folder


def _make_secret(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as handle:
        handle.write(secrets.token_hex(32))
        handle.flush()
        os.fsync(handle.fileno())


def secret() -> bytes:
    """The installation's secret (32 bytes): it keys every hash, and losing it means losing idempotency."""
    path = home() / "secret"
    try:
        return bytes.fromhex(path.read_text().strip())
    except FileNotFoundError as error:
        raise NoHome(
            f"There is no installation in {home()}.",
            todo="Run `estime init`, or set ESTIME_HOME to the folder of your installation.",
        ) from error
    except (OSError, ValueError) as error:
        raise NoHome(
            f"The secret in {home()} cannot be read: {getattr(error, 'strerror', None) or 'it is damaged'}.",
            todo="Run the command as the owner of the folder; put a damaged secret back from a backup.",
        ) from error


def rejects_dir() -> Path:
    """Where rows that were refused wait to be mended; they hold raw rows, so only the owner may read."""
    folder = home() / "rejects"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def uploads_dir() -> Path:
    """Where files brought through the page wait to be imported: never served, and only the owner may read."""
    folder = home() / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def pictures_dir() -> Path:
    """Where members' pictures are, as we made them anew from what they brought."""
    return _folder("pictures")


def files_dir() -> Path:
    """Where the files are that people brought for others to work with."""
    return _folder("files")


def _folder(name: str) -> Path:
    folder = home() / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
