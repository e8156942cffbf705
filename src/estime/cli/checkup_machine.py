"""What the doctor looks at first: folder, files, secret, disk, configuration. No database is needed."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from estime.cli.findings import Finding, fine, note, problem
from estime.cli.installation import check_whole
from estime.kernel.configuration import configuration
from estime.kernel.home import home, secret

LITTLE_SPACE = 1 << 30
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def _folder() -> Finding:
    folder = home()
    check_whole()
    if not folder.is_dir():
        return problem("folder", f"{folder} does not exist", "Run `estime init`.")
    if folder.stat().st_mode & OTHERS:
        return problem("folder", f"{folder} is open to other users", f"Run `chmod 700 {folder}`.")
    return fine("folder", str(folder))


def _files() -> Finding:
    """A command run once as root leaves files that the service may not write: the usual cause of odd failures."""
    folder = home()
    owner = folder.stat().st_uid
    strange = [path.name for path in _ours(folder) if path.lstat().st_uid != owner]
    mend = f"Run `chown -R --reference={folder} {folder}` as root."
    if strange:
        return problem("files", f"{', '.join(strange[:3])} belong to another user than the folder", mend)
    if os.geteuid() not in (owner, 0):
        return problem(
            "files", "the folder belongs to another user than you", "Run this as the user who runs Estime."
        )
    return fine("files", "all of one owner")


def _user() -> Finding:
    if os.geteuid() == 0 and configuration().site.mode == "production":
        return note("user", "root", "Run Estime as a user of its own (docs/running.md): it needs no rights.")
    return fine("user", f"number {os.geteuid()}")


def _ours(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        yield path
        if path.is_dir() and not path.is_symlink():
            yield from list(path.iterdir())[:1000]


def _secret() -> Finding:
    if len(secret()) != 32:
        return problem("secret", "it is not 32 bytes", "Put the file `secret` back from a backup.")
    if (home() / "secret").stat().st_mode & OTHERS:
        return problem("secret", "other users may read it", f"Run `chmod 600 {home() / 'secret'}`.")
    return fine("secret", "in place, private")


def _space() -> Finding:
    folder = home() if home().is_dir() else Path(home().anchor)
    free = shutil.disk_usage(folder).free
    told = f"{free / 1e9:.1f} GB free"
    if free < LITTLE_SPACE:
        return problem("space", told, "Free some disk space, or move ESTIME_HOME.")
    database = home() / "estime.sqlite3"
    if database.exists() and free < 2 * database.stat().st_size:
        return note(
            "space", told, "A backup here needs twice the database's size: make room, or write it elsewhere."
        )
    return fine("space", told)


def _configuration() -> Finding:
    told = configuration()  # an unknown key or a value that makes no sense raises here
    zone = told.brand.timezone
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return problem(
            "configuration", f"there is no time zone “{zone}”: times are shown in UTC", "Mend brand.timezone."
        )
    accounts = len(told.brand.accounts)
    return fine(
        "configuration", f"{told.site.mode}, brand “{told.brand.name}”, {accounts} accounts of its own"
    )


LOOKS = (_folder, _files, _secret, _space, _configuration, _user)
