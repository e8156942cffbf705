"""What the doctor looks at in the database: guards, integrity, what delays acts, clocks."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from estime.cli.findings import Finding, fine, note, problem
from estime.cocreation import api as cocreation
from estime.engagement import api as engagement
from estime.kernel import clock
from estime.ledger import api as ledger
from estime.people import api as people

LARGE_WAL = 256 << 20
LARGE_DATABASE = 1 << 30
OLDEST_POSTGRESQL = 140000
LONG_OPEN = 10
"""Minutes after which an open transaction is told: no act that came after it is read before it ends."""
SKEW = timedelta(seconds=5)


def looks(thorough: bool) -> list[Callable[[], Finding]]:
    """The examinations for this kind of database."""
    if connection.vendor == "sqlite":

        def _integrity() -> Finding:
            return _sqlite(thorough)

        return [_guards, _integrity, _write_ahead_log, _clock]
    return [_guards, _server, _long_transactions, _encryption, _clock]


def _asked(query: str, *values: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()


def _guards() -> Finding:
    missing = ledger.missing_guards() | people.guards_missing() | cocreation.guards_missing()
    if missing:
        return problem(
            "guards", f"missing: {', '.join(sorted(missing))}", "Run `estime init`: it puts the guards back."
        )
    return fine("guards", "every guard of ledger, trail and co-creation is in place")


def _sqlite(thorough: bool) -> Finding:
    size = Path(connection.settings_dict["NAME"]).stat().st_size
    told = f"{size / 1e6:,.1f} MB"
    if size > LARGE_DATABASE and not thorough:
        return note(
            "integrity", f"{told}, not read through", "Run `estime doctor --thorough` once in a while."
        )
    found = _asked("PRAGMA quick_check(1)")[0]
    if found != "ok":
        return problem(
            "integrity", f"the database file is damaged: {found}", "Stop Estime, and restore the last backup."
        )
    return fine("integrity", f"{told}, read through: sound")


def _write_ahead_log() -> Finding:
    path = Path(f"{connection.settings_dict['NAME']}-wal")
    size = path.stat().st_size if path.exists() else 0
    told = f"{size / 1e6:,.1f} MB"
    if size > LARGE_WAL:
        return note(
            "write-ahead log",
            told,
            "A program keeps the database open for reading: restart Estime when it is quiet.",
        )
    return fine("write-ahead log", told)


def _server() -> Finding:
    number, version, fsync = _asked(
        "SELECT current_setting('server_version_num')::int, current_setting('server_version'),"
        " current_setting('fsync')"
    )
    if number < OLDEST_POSTGRESQL:
        return problem("server", f"PostgreSQL {version}", "Upgrade to PostgreSQL 14 or later.")
    if fsync != "on":
        return note(
            "server",
            f"PostgreSQL {version} with fsync = {fsync}",
            "A power cut may lose acts: set fsync = on.",
        )
    return fine("server", f"PostgreSQL {version}")


def _long_transactions() -> Finding:
    count, minutes = _asked(
        "SELECT count(*), coalesce(extract(epoch FROM max(now() - xact_start)) / 60, 0)::int FROM pg_stat_activity"
        " WHERE backend_xid IS NOT NULL AND xact_start < now() - %s * interval '1 minute'",
        LONG_OPEN,
    )
    if count:
        return problem(
            "open transactions",
            f"{count} of this server have written and stay open, the oldest for {minutes} minutes;"
            " acts that came after it are not in the figures yet",
            "End it: SELECT pid, query FROM pg_stat_activity WHERE backend_xid IS NOT NULL ORDER BY xact_start.",
        )
    return fine("open transactions", "none that delays acts")


def _encryption() -> Finding:
    encrypted, remote = _asked(
        "SELECT coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false),"
        " coalesce(host(inet_server_addr()) NOT IN ('127.0.0.1', '::1'), false)"
    )
    if remote and not encrypted:
        return note(
            "encryption",
            "acts and passwords go to the database unencrypted",
            "On a network that others share, add ?sslmode=verify-full to ESTIME_DATABASE_URL.",
        )
    return fine("encryption", "encrypted" if encrypted else "on this machine")


def _clock() -> Finding:
    edition = engagement.edition()
    if edition is not None and edition.made_at > clock.now() + SKEW:
        return problem(
            "clock",
            "figures were made in the future: this machine's clock went back",
            "Set the clock (timedatectl), then run `estime refresh --all`.",
        )
    if connection.vendor == "postgresql":
        apart = abs(_asked("SELECT clock_timestamp()")[0] - clock.now())
        if apart > SKEW:
            return problem(
                "clock",
                f"the database's clock and ours are {apart.total_seconds():.0f} seconds apart",
                "Let both machines follow a time server (timedatectl set-ntp true).",
            )
    return fine("clock", "as it should be")
