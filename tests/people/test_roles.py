"""docs/roles.md says what the program does."""

import re
from pathlib import Path

from estime.people.roles import PERMISSIONS, Role, role_may

PAGE = Path(__file__).resolve().parents[2] / "docs" / "roles.md"


def test_the_page_and_the_table_are_the_same() -> None:
    lines = [
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in PAGE.read_text().splitlines()
        if line.startswith("|")
    ]
    head, _rule, *rows = lines
    roles = [Role(name) for name in head[1:-1]]
    assert set(roles) == set(Role)
    told = {
        row[0].strip("`"): {role for role, mark in zip(roles, row[1:-1], strict=True) if mark == "x"}
        for row in rows
    }
    assert told == {name: set(given) for name, given in PERMISSIONS.items()}
    assert all(row[-1] for row in rows)
    assert all(re.fullmatch("[x–]", mark) for row in rows for mark in row[1:-1])


def test_members_do_nothing_of_the_team_and_administrators_all() -> None:
    assert {name for name in PERMISSIONS if role_may("member", name)} == {
        *("me.own", "tokens.own", "space.take_part", "challenge.open_own", "survey.answer")
    }
    # An administrator opens challenges for the brand, none as a member, and is not asked as one.
    assert {name for name in PERMISSIONS if not role_may("administrator", name)} == {
        *("challenge.open_own", "survey.answer")
    }
