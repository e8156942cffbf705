"""An installation of its own for one measurement: SQLite, or a database of its own on a PostgreSQL server; then gone."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def installed(name: str, *, postgresql: bool, home: Path | None = None) -> Iterator[Path]:
    """Its folder, with Django set up in it. A `home` that is given stays.

    The server is the one that ESTIME_BENCH_POSTGRESQL (or ESTIME_TEST_POSTGRESQL) names.
    """
    folder = home or Path(tempfile.mkdtemp(prefix=f"estime-{name}-"))
    folder.mkdir(exist_ok=True, mode=0o700)
    (folder / "secret").write_text("5e" * 32)
    os.environ |= {"DJANGO_SETTINGS_MODULE": "estime.config.settings", "ESTIME_HOME": str(folder)}
    os.environ.pop("ESTIME_DATABASE_URL", None)
    server = (
        os.environ.get("ESTIME_BENCH_POSTGRESQL")
        or os.environ.get("ESTIME_TEST_POSTGRESQL", "").split(" ")[0]
    )
    database = f"estime_bench_{secrets.token_hex(4)}" if postgresql else ""
    if database:
        _ask(server, f"CREATE DATABASE {database}")
        os.environ["ESTIME_DATABASE_URL"] = server.rsplit("/", 1)[0] + "/" + database
    import django

    django.setup()
    try:
        yield folder
    finally:
        from django.db import connection

        connection.close()
        if database:
            _ask(server, f"DROP DATABASE {database} WITH (FORCE)")
        if home is None:
            shutil.rmtree(folder)


def _ask(server: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(server, autocommit=True) as link:
        link.execute(statement)
