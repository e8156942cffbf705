"""What an examination of the doctor finds: all well, something to know, or something that needs doing."""

from typing import NamedTuple


class Finding(NamedTuple):
    """`ok` with a `todo` is a note: nothing is wrong, and something would still be better done."""

    what: str
    ok: bool
    told: str
    todo: str


def fine(what: str, told: str) -> Finding:
    return Finding(what, True, told, "")


def note(what: str, told: str, todo: str) -> Finding:
    return Finding(what, True, told, todo)


def problem(what: str, told: str, todo: str) -> Finding:
    return Finding(what, False, told, todo)
