"""What single cells mean: yes or no, numbers, ranks, moments, ages; and names in the order in which people count."""

import math
import re
from datetime import UTC, datetime

YES = frozenset("1 x y yes true oui o vrai v ✓ ✔ ✗ ● approve agree".split())
NO = frozenset(["", "0", "-1", *"n no false non faux f pass disagree".split()])
_MILLISECONDS = 1e11
_PIECES = re.compile(r"(\d+)")


def yes(cell: str) -> bool | None:
    """Whether a cell approves; None if it says neither yes nor no.

    >>> yes("X"), yes("non"), yes("perhaps")
    (True, False, None)
    """
    low = cell.casefold()
    if low in YES:
        return True
    if low in NO:
        return False
    value = number(cell)
    return None if value is None or value not in (0.0, 1.0) else bool(value)


def number(cell: str) -> float | None:
    """A finite number, with a decimal point or comma; None if it is none.

    >>> number("3,5"), number("nan"), number("1e3")
    (3.5, None, 1000.0)
    """
    text = cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None


def whole(cell: str) -> int | None:
    """A whole number, 0 or more; None if it is none.

    >>> whole("12"), whole("2.0"), whole("-1")
    (12, 2, None)
    """
    value = number(cell)
    return int(value) if value is not None and value >= 0 and value == int(value) else None


def seconds(cell: str) -> float | None:
    """A moment as seconds since 1970: a number of seconds or milliseconds, or ISO 8601; UTC where no zone is told.

    >>> seconds("1970-01-01T00:01:00Z"), seconds("60000000000000"), seconds("2017-06-28 18:03:55 UTC")
    (60.0, 60000000000.0, 1498673035.0)
    """
    value = number(cell)
    if value is not None:
        return value / 1000 if abs(value) >= _MILLISECONDS else value
    try:
        moment = datetime.fromisoformat(cell.removesuffix(" UTC"))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """A key under which 2 stands before 10.

    >>> sorted(["b", "10", "2"], key=natural)
    ['2', '10', 'b']
    """
    pieces = [piece for piece in _PIECES.split(name) if piece]
    return tuple((0, int(piece)) if piece.isdecimal() else (1, piece) for piece in pieces)
