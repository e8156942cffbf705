"""What the database refuses, whatever the code above it does: attacked by raw SQL on both databases.

Each statement is refused by its guard, and by nothing else: without the guard it goes through (inside a transaction
that is taken back). So a guard that is lost, or a condition that is too wide, fails a test here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cocreation.attacks import ATTACKS, MEANT, SAID, UNSAID
from cocreation.guarded import World, world
from django.db import DatabaseError, connection, transaction

from estime.cocreation.guards import GUARDS, guard_names, guards_install, guards_missing


class TakenBack(Exception):
    pass


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever happens inside has not happened."""
    try:
        with transaction.atomic():
            yield
            raise TakenBack
    except TakenBack:
        pass


def run(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


def refused(statement: str) -> str:
    """The words of the refusal; empty if it went through."""
    try:
        with taken_back():
            assert run(statement) != 0, f"touches nothing: {statement}"
    except DatabaseError as error:
        return str(error)
    return ""


def without(table: str, name: str) -> None:
    on = f" ON cocreation_{table}" if connection.vendor == "postgresql" else ""
    run(f"DROP TRIGGER {name}{on}")


@pytest.fixture
def ids(installed: Path, place: Callable[..., Any]) -> World:
    made = world(place)
    run(f"UPDATE cocreation_challenge SET opened = created WHERE id = {made['weak']}")
    made["weak_open"] = made["weak"]
    return made


def test_every_guard_is_attacked() -> None:
    assert {f"{guard.table} {guard.event}" for guard in GUARDS} == set(ATTACKS)


def test_guards_refuse_and_nothing_else_would(ids: World) -> None:
    for guard in GUARDS:
        for attack in ATTACKS[f"{guard.table} {guard.event}"]:
            statement = attack.format(**ids)
            words = refused(statement)
            assert f"cocreation_{guard.table}: {guard.event} refused" in words, (statement, words)
            with taken_back():
                without(guard.table, guard.name)
                assert not refused(statement), f"not the guard refuses: {statement}"


def test_what_is_meant_goes_through(installed: Path, place: Callable[..., Any]) -> None:
    ids = world(place)
    for statement in MEANT:
        assert refused(statement.format(**ids)) == "", statement


def test_an_answer_says_what_an_answer_has_to(ids: World) -> None:
    """In full and by name; only what another site answered, in what was brought from there, may say less."""
    for name, attacks in UNSAID.items():
        for attack in attacks:
            statement = attack.format(**ids)
            assert name in refused(statement), statement
    for statement in SAID:
        assert refused(statement.format(**ids)) == "", statement


def test_nothing_is_emptied_or_replaced(ids: World) -> None:
    for table in sorted({guard.table for guard in GUARDS}):
        name = f"cocreation_{table}"
        if connection.vendor == "postgresql":
            assert "refused" in refused(f"TRUNCATE {name} CASCADE"), table
        else:
            assert "refused" in refused(f"INSERT OR REPLACE INTO {name} SELECT * FROM {name} LIMIT 1"), table
            assert "refused" in refused(f"REPLACE INTO {name} SELECT * FROM {name}"), table


def test_missing_guards_are_told_and_put_back(ids: World) -> None:
    assert guards_missing() == set()
    guard = next(each for each in GUARDS if each.table == "ballot")
    without(guard.table, guard.name)
    assert guards_missing() == {guard.name} <= guard_names(connection.vendor)
    guards_install()
    assert guards_missing() == set()
