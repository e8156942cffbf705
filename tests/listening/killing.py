"""Two lives that are cut off again and again, by SIGKILL before and after commits. Not a test: a program.

Each deed is done by a child forked from a parent that never touches database or lake (neither survives a fork), and
that has imported all that deeds need. Each life has a copy of the installation of its own. Prints what came of both.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()

import deltalake
import ibis.backends.duckdb
import pandas  # noqa: F401  what to_pylist looks for, anew in each child
import pyarrow.dataset
import pyarrow.pandas_compat
import pyarrow.parquet  # noqa: F401
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from ledger.acts import act, rows
from listening.plain import PlainReader

from estime.engagement import api as engagement
from estime.engagement.actions import refresh as refresh_module
from estime.kernel import lake as lake_module
from estime.kernel.lake import Lake
from estime.ledger import api as ledger
from estime.listening import api as listening
from estime.listening.actions.listen import listen
from estime.listening.models import Reading

SIDE = ""
COLUMNS = ["seq", "account", "valence"]


def life(body: Callable[[], object], kill: tuple[Any, str, int] | None = None) -> None:
    """Do something in a child; `kill` says at which call of which function it ends."""
    child = os.fork()
    if child:
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if ended != (-signal.SIGKILL if kill else 0):
            sys.exit(f"{body} with {kill} ended by {ended}")
        return
    code = 1
    try:
        if kill is not None:
            _wrap(*kill)
        body()
        code = 0
    finally:
        sys.stdout.flush()
        os._exit(code)


def _wrap(owner: Any, name: str, number: int) -> None:
    original, calls = getattr(owner, name), iter(range(99))

    def boundary(*args: Any, **named: Any) -> Any:
        at = next(calls) == number
        if at and SIDE == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        done = original(*args, **named)
        if at:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(owner, name, boundary)


def read() -> None:
    listen(reader=PlainReader(), processes=1)


def came_in(*numbers: int) -> None:
    ledger.append("forum", rows(*(act(number, content=f"+ {number}") for number in numbers)))


def tell() -> None:
    held = Lake(engagement.lake_url()).table("readings")
    assert held is not None
    table = held.to_pyarrow_table()
    lake = sorted(zip(*(table.column(name).to_pylist() for name in COLUMNS), strict=True))
    kept = [(one.seq, one.account, one.positive - one.negative) for one in Reading.objects.order_by("seq")]
    gone = ledger.erased_keys()
    left = Lake(engagement.lake_url()).holding("readings", "account", gone)
    texts, _ = ledger.texts_following((0, 0))
    expected = [text.seq for text in texts]
    print(json.dumps({
        "lake": lake == kept, "texts": [seq for seq, _, _ in kept] == expected, "count": len(kept), "left": left,
        "erased": len(gone),
    }))  # fmt: skip


def lived() -> None:
    life(lambda: came_in(*range(10)))
    life(read, (BaseDatabaseWrapper, "_commit", 0))  # where the position is made
    life(read, (BaseDatabaseWrapper, "_commit", int(SIDE == "before")))  # where the first step is
    for number in range(2):
        life(lambda number=number: came_in(20 + number))  # type: ignore[misc]
        life(read, (BaseDatabaseWrapper, "_commit", 0))
    life(read)
    for number in range(2):  # the acts, then the readings
        life(engagement.refresh, (lake_module, "write_deltalake", number))
        life(lambda number=number: (came_in(30 + number), read()))  # type: ignore[misc]
    life(engagement.refresh)
    # The lake's table of readings, when the ledger's transaction is over; and what comes last, the database's rows.
    ends = [(deltalake.DeltaTable, "vacuum", 1), (listening, "forget_accounts", 0)]
    for number, end in enumerate(ends):
        who = f"person-{number}"
        life(lambda who=who: engagement.erase("forum", who), end)  # type: ignore[misc]
    life(engagement.refresh)
    life(tell)


def main() -> None:
    """Figures and map commit no reading, and take most of a refresh: faults/test_kills.py has them."""
    global SIDE
    ibis.duckdb.connect().disconnect()
    refresh_module.compute = lambda *_, **__: []
    refresh_module.place = lambda *_: None
    home = Path(os.environ["ESTIME_HOME"])
    for SIDE in ("before", "after"):
        place = home.with_name(f"{home.name}-{SIDE}")
        shutil.copytree(home, place)
        os.environ["ESTIME_HOME"], settings.HOME = str(place), place
        settings.ESTIME_LAKE_URL = str(place / "lake")
        connections["default"].settings_dict["NAME"] = str(place / "estime.sqlite3")
        lived()


main()
