"""What people and tokens are called, as everybody can read it.

A name stands in sentences, beside those of others, and in the trail of who did what. So it holds nothing that cannot
be seen, and nothing that turns the letters after it round: else somebody could be called nothing, or write sentences
of ours anew.
"""

import unicodedata
from typing import Final

JOINERS: Final = frozenset("\u200c\u200d")
"""Not seen by themselves, and part of how Persian, Hindi and emoji are written."""


def name_clean(told: str) -> str:
    """The name without what cannot be seen, spaces counted once; empty if nothing is left that can."""
    kept = "".join(
        " " if c.isspace() else c
        for c in told
        if c.isspace() or c in JOINERS or unicodedata.category(c)[0] != "C"
    )
    seen = any(unicodedata.category(c)[0] in "LNPS" and c not in _BLANKS for c in kept)
    return " ".join(kept.split()) if seen else ""


_BLANKS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and symbols that are drawn as nothing."""
