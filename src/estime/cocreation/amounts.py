"""Amounts of money as people write them, in French and in English."""

import re
from decimal import Decimal
from typing import Final

MOST: Final = Decimal(10) ** 12
LONGEST: Final = 24
_SPACES: Final = "[ \u00a0\u202f]"
_WRITTEN: Final = re.compile(
    rf"(?P<whole>[0-9]+|[0-9]{{1,3}}(?:{_SPACES}[0-9]{{3}})+)(?:[.,](?P<part>[0-9]{{1,2}}))?"
    r"|(?P<grouped>[0-9]{1,3}(?:,[0-9]{3})+)(?:\.(?P<rest>[0-9]{1,2}))?"
)


def amount_read(text: str) -> Decimal | None:
    """An amount of more than nothing, with two decimals at most; None where it is none or could be meant in two ways.

    Thousands are parted by a space of any kind, or by commas with a point for cents: “5 000,50”, “5,000.50”, “5000.5”.
    A point before three figures means thousands to some and a fraction to others, so “5.000” is not read.

    >>> amount_read("5 000,50"), amount_read("5,000.50"), amount_read("5.000")
    (Decimal('5000.50'), Decimal('5000.50'), None)
    """
    words = text.strip()
    found = _WRITTEN.fullmatch(words) if len(words) <= LONGEST else None
    if found is None:
        return None
    whole = re.sub(r"[^0-9]", "", found["whole"] or found["grouped"])
    part = found["part"] or found["rest"]
    amount = Decimal(f"{whole}.{part}" if part else whole)
    return amount if 0 < amount < MOST else None
