"""Somebody leaves, and is killed on the way: what test_leaving_kills.py has a process of its own do.

Lives are forked, as in driver.py: from a process that never opened the lake, whose threads do not outlive a fork.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from cocreation.places import Place, person, place_made
from cocreation.writing import given
from django.db import connection
from django.test.utils import override_settings
from driver import Boundaries

from estime.cocreation import api as cocreation
from estime.people import api as people
from estime.people.models import User

Kill = tuple[int, str]
MAILS = override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend")


def forked(work: Callable[[], None]) -> int:
    """Do it in a process of its own; how that ended. What engines leave in threads dies with it."""
    connection.close()
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1]
    try:
        work()
        os._exit(0)
    except BaseException as error:
        print(repr(error), file=sys.stderr)
        os._exit(1)


def erasing(kill: Kill | None, out: Path | None = None) -> None:
    import deltalake

    import estime.engagement.api
    import estime.kernel.lake
    from estime.engagement.actions import lease

    if (
        connection.vendor == "postgresql"
    ):  # nobody can tell there that the holder of a lease is dead: it runs out
        lease.TERM = lease.timedelta(seconds=0.2)
    boundaries = Boundaries()
    boundaries.kill = kill
    boundaries.wrap_database()
    boundaries.wrap(estime.kernel.lake, "write_deltalake", "lake write")
    boundaries.wrap(deltalake.DeltaTable, "vacuum", "lake vacuum")
    boundaries.active = True
    people.leave_job({}, lambda done, total: None)
    if out is not None:
        out.write_text(json.dumps(boundaries.names))


def patiently() -> None:
    import time

    from estime.jobs.api import Later

    for _try in range(40):
        try:
            return people.leave_job({}, lambda done, total: None) and None
        except Later:
            time.sleep(0.1)
    raise AssertionError("the lease of the dead did not run out")


def refreshed() -> None:
    from estime.engagement.api import refresh

    refresh()


def word_of(number: int) -> str:
    return f"xylophone{number:03d}x"


def member(here: Place, number: int) -> User:
    """Somebody who gave something, with a word of their own everywhere."""
    word = word_of(number)
    made = person(f"{word} Name")
    here.agree(made)
    given(here, made, word, word)
    assert made.user is not None
    return made.user


def left_of(word: str) -> list[str]:
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [table for row in cursor.fetchall() if word in repr(row).lower()]
    return found


def held_by_the_lake(home: Path, account: int) -> bool:
    import pyarrow.parquet as parquet

    files = (home / "lake" / "acts").rglob("*.parquet")
    return any(
        account in parquet.read_table(path, columns=["account"])["account"].to_pylist() for path in files
    )


@MAILS
def main(kills: int, folder: Path) -> None:
    """A place and members; the erasure of one after another is killed at moments spread over it. `folder` is the home.

    Raises AssertionError where something of somebody is left, or somebody else is touched.
    """
    here = place_made()
    first, *users, second = [member(here, number) for number in range(kills + 2)]
    accounts = dict(cocreation.Member.objects.filter(user__in=users).values_list("user", "account"))
    assert forked(refreshed) == 0
    for user in (first, second):  # the first of all crosses more than those after it
        people.leave(user.pk)
        assert forked(lambda: erasing(None, folder / "names")) == 0
    names = json.loads((folder / "names").read_text())
    assert {"COMMIT", "lake write"} <= {*names}, names
    for number, user in enumerate(users, 1):
        at, word = (len(names) - 6) * number // kills, word_of(number)
        people.leave(user.pk)
        assert os.WIFSIGNALED(forked(lambda at=at: erasing((at, "before")))), (at, names)  # type: ignore[misc]
        assert not User.objects.get(pk=user.pk).erased, "the login goes last: they are found by it"
        assert forked(patiently) == 0
        assert User.objects.get(pk=user.pk).erased
        assert left_of(word) == [], (at, names[at])
        assert not held_by_the_lake(folder, accounts[user.pk])
    assert left_of("anna weber"), "nobody else is touched"
    print("killed", kills)
