"""The words of a whole, to begin from: every side's words after each other, each under its title and its authors."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

_MARKS: Final = re.compile(r"([\\`*_\[\]<>#|~@&!])")


class Side(NamedTuple):
    """What one side wrote. `people`: how each author is named in a text, as @[handle]; None where the text is a whole
    already, which names who wrote what itself."""

    title: str
    body: str
    people: tuple[str, ...] | None = ()


def words_joined(sides: Sequence[Side]) -> str:
    """One text that holds every word of every side, and says who wrote which. Pure; the same for the same sides."""
    return "\n\n".join(_section(side) for side in sides)


def _section(side: Side) -> str:
    if side.people is None:
        return side.body.strip()
    title = _MARKS.sub(r"\\\1", " ".join(side.title.split()))
    named = f"**{title}** — {', '.join(side.people)}" if side.people else f"**{title}**"
    return f"{named}\n\n{side.body.strip()}"
