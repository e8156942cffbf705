"""The doctor's examinations. Each looks at one thing, changes nothing, and says what to do if it is wrong."""

import shutil
import stat
from collections.abc import Callable, Iterator
from typing import NamedTuple

from estime.cli.failures import explained
from estime.kernel.configuration import configuration
from estime.kernel.home import home, secret

LITTLE_SPACE = 1 << 30


class Finding(NamedTuple):
    """What one examination found."""

    what: str
    ok: bool
    told: str
    todo: str


def examine() -> Iterator[Finding]:
    """Every examination in order; those that need a database end where there is none."""
    for check in (_folder, _secret, _space, _configuration):
        yield _guarded(check)
    database = _guarded(_database)
    yield database
    if database.ok:
        for check in (_guards, _brand_accounts, _lake, _figures):
            yield _guarded(check)


def _guarded(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:
        told = explained(error)
        return Finding(check.__name__.strip("_").replace("_", " "), False, told.message, told.todo)


def _folder() -> Finding:
    folder = home()
    if not folder.is_dir():
        return Finding("folder", False, f"{folder} does not exist", "Run `estime init`.")
    if folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Finding("folder", False, f"{folder} is open to other users", f"Run `chmod 700 {folder}`.")
    return Finding("folder", True, str(folder), "")


def _secret() -> Finding:
    if len(secret()) != 32:
        return Finding("secret", False, "it is not 32 bytes", "Put the file `secret` back from a backup.")
    if (home() / "secret").stat().st_mode & 0o077:
        return Finding("secret", False, "other users may read it", f"Run `chmod 600 {home() / 'secret'}`.")
    return Finding("secret", True, "in place, private", "")


def _space() -> Finding:
    free = shutil.disk_usage(home() if home().is_dir() else home().anchor).free
    return Finding(
        "space",
        free > LITTLE_SPACE,
        f"{free / 1e9:.1f} GB free",
        "Free some disk space, or move ESTIME_HOME.",
    )


def _configuration() -> Finding:
    brand = configuration().brand
    return Finding(
        "configuration", True, f"brand “{brand.name}”, {len(brand.accounts)} accounts of its own", ""
    )


def _database() -> Finding:
    from estime.cli.installation import pending_migrations, setup_django

    setup_django()
    pending = pending_migrations()
    from django.db import connection

    if pending:
        return Finding("database", False, f"{len(pending)} migrations are not applied", "Run `estime init`.")
    return Finding("database", True, f"{connection.vendor}, up to date", "")


def _guards() -> Finding:
    from estime.ledger import api as ledger

    missing = ledger.missing_guards()
    told = f"missing: {', '.join(sorted(missing))}" if missing else "every guard of the ledger is in place"
    return Finding("guards", not missing, told, "Run `estime init`: it puts the guards back.")


def _brand_accounts() -> Finding:
    from estime.ledger import api as ledger

    named = [(account.channel, account.handle) for account in configuration().brand.accounts]
    known = {channel for channel, _ in ledger.account_keys(named)}
    lost = sorted({channel for channel, handle in named if not ledger.account_keys([(channel, handle)])})
    told = f"not found on: {', '.join(lost)}" if lost else f"found on {len(known)} channels"
    return Finding(
        "brand accounts",
        not lost,
        told,
        "Check the handles in estime.toml: figures count the brand as members.",
    )


def _lake() -> Finding:
    from estime.engagement import api as engagement
    from estime.ledger import api as ledger

    newest, batch = ledger.size()[0], ledger.archived(engagement.lake_url())
    if batch is None:
        return Finding("lake", newest == 0, "empty", "Run `estime refresh`.")
    return Finding("lake", True, f"read up to {batch}", "")


def _figures() -> Finding:
    from estime.engagement import api as engagement

    edition = engagement.edition()
    if edition is None:
        return Finding("figures", False, "none yet", "Run `estime import`, then `estime refresh`.")
    return Finding("figures", True, f"edition {edition.id}, made {edition.made_at:%Y-%m-%d %H:%M} UTC", "")
