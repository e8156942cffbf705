"""Change estime.toml without losing what people wrote in it: comments, order and everything else stay.

Invariants: the file on disk is always a whole and valid one (written beside, then put in its place); two who change it
at once do not undo each other's change without seeing it (`version`); what the configuration would refuse is never
written.
"""

import fcntl
import hashlib
import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from estime.kernel.configuration import BadConfiguration, Configuration
from estime.kernel.configuration_edit import Changes, edited
from estime.kernel.errors import EstimeError, StorageFull, disk_full
from estime.kernel.home import FILE_NAME, home

_LOCK = ".estime.toml.lock"


class ConfigurationChanged(EstimeError):
    """Somebody changed estime.toml after it was shown."""

    code = "configuration-changed"


class ConfigurationFixed(EstimeError):
    """estime.toml may not be written here."""

    code = "configuration-fixed"


class SettingsInvalid(EstimeError):
    """New values of settings make no sense; `data["errors"]` says of each key why."""

    code = "settings-invalid"


class Change(NamedTuple):
    """A change that is checked and ready: key to what it was and what it will be (None: not in the file, the default).

    `put` puts the new file in its place; until then nothing has changed.
    """

    changes: Changes
    beside: Path

    def put(self) -> None:
        """Let it be so."""
        if self.changes:
            try:
                self.beside.replace(home() / FILE_NAME)
            except OSError as error:
                raise _fixed(error) from error
            _sync_folder()


def configuration_version() -> str:
    """Stands for the content of the file as it is now; a missing file has one too."""
    return hashlib.sha256(_read()).hexdigest()


def _read() -> bytes:
    try:
        return (home() / FILE_NAME).read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise BadConfiguration(
            f"{FILE_NAME} cannot be read: {error.strerror}.", todo="Make it readable."
        ) from error


@contextmanager
def configuration_change(values: Mapping[str, Any], version: str) -> Iterator[Change]:
    """Set keys such as "brand.name" (None: take the key out, so that its default holds again; a `Row`: one table of a
    list, by its name).

    The body runs under a lock once all is checked, and calls `put`: within the transaction that records the change.
    Raises `SettingsInvalid`, `ConfigurationChanged` (`version` is not that of the file), `ConfigurationFixed`, and what
    `configuration_edit.edited` raises.
    """
    with _locked():
        content = _read()
        if hashlib.sha256(content).hexdigest() != version:
            raise ConfigurationChanged(
                f"{FILE_NAME} was changed by somebody else meanwhile.",
                todo="Look at what stands there now, and save again what you want to change.",
            )
        text, changes = edited(_text(content), values)
        _check(text)
        beside = home() / f".{FILE_NAME}.new"
        if changes:
            _write(beside, text.encode())
        try:
            yield Change(changes, beside)
        finally:
            beside.unlink(missing_ok=True)


@contextmanager
def _locked() -> Iterator[None]:
    try:
        descriptor = os.open(home() / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _fixed(error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _fixed(error: OSError) -> EstimeError:
    if disk_full(error):
        return StorageFull(
            "The disk is full: the settings stay as they were.", todo="Make room and save again."
        )
    return ConfigurationFixed(
        f"{FILE_NAME} cannot be written here: {error.strerror}.",
        todo="Change the file where the installation is set up, or let the server's user write it and its folder.",
    )


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadConfiguration(
            f"{FILE_NAME} is not valid TOML: {error}.", todo="Mend the line it names."
        ) from error


def _check(text: str) -> None:
    try:
        Configuration.model_validate(tomllib.loads(text))
    except ValidationError as error:
        problems = {
            ".".join(str(part) for part in each["loc"]): str(each["msg"]).removeprefix("Value error, ")
            for each in error.errors()
        }
        raise SettingsInvalid(
            "These settings make no sense: " + "; ".join(f"{k}: {v}" for k, v in problems.items()) + ".",
            todo="See docs/settings.md for what each key takes.",
            errors=problems,
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsInvalid(
            f"This cannot be written: {error}.", todo="Leave out unusual characters.", errors={}
        ) from error


def _write(path: Path, content: bytes) -> None:
    try:
        mode = (home() / FILE_NAME).stat().st_mode & 0o777
    except OSError:
        mode = 0o600
    try:
        if (home() / FILE_NAME).exists() and not os.access(home() / FILE_NAME, os.W_OK):
            raise PermissionError(1, "it is read-only")
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _fixed(error) from error


def _sync_folder() -> None:
    descriptor = os.open(home(), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
