"""Which column of a table of ballots is what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from estime.cocreation.tally.errors import BallotsUnclear

NAMES = {
    "voter": "voter voter_id participant participant_id user user_id session session_id electeur votant personne",
    "option": "option option_id choice project project_id idea idea_id candidate statement statement_id comment_id "
    "proposal proposition choix projet idee",
    "mark": "mark value score points note rating rank rang position",
    "ballot": "ballot vote votes ranking approvals choices bulletin",
    "count": "count voters weight nombre effectif",
    "time": "time timestamp datetime date at cast_at created_at moment heure",
    "age": "account_age_days account_age age_days",
    "made": "account_created account_created_at account_since",
    "winner": "winner winner_id preferred gagnant",
    "loser": "loser loser_id other perdant",
}
"""What a column may be called: in small letters, with _ for anything but letters and digits."""

_WORDS = re.compile(r"[^0-9a-zà-ÿ]+")


@dataclass(frozen=True)
class Columns:
    """Positions by meaning, and the columns that mean none of these: in a table of marks, the options."""

    at: dict[str, int]
    others: dict[int, str] = field(default_factory=dict)
    width: int = 0
    """How many columns there are."""

    def cell(self, row: Sequence[str], meaning: str) -> str:
        """What a row says, or nothing."""
        place = self.at.get(meaning)
        return row[place] if place is not None and place < len(row) else ""


def plain(title: str) -> str:
    """A title as it is looked up.

    >>> plain("Account created (UTC)"), plain("Voter-ID")
    ('account_created_utc', 'voter_id')
    """
    return _WORDS.sub("_", title.casefold()).strip("_")


def found(path: Path, header: Sequence[str], wanted: Sequence[str]) -> Columns:
    """What the columns of this header mean. `vote` is a mark where options have a column of their own."""
    at: dict[str, int] = {}
    others: dict[int, str] = {}
    meanings = {name: meaning for meaning in wanted for name in NAMES[meaning].split()}
    if "option" in wanted and any(meanings.get(plain(title)) == "option" for title in header):
        meanings |= dict.fromkeys(("vote", "ballot"), "mark")
    for place, title in enumerate(header):
        meaning = meanings.get(plain(title))
        if meaning is None:
            others[place] = title
        elif meaning in at:
            raise BallotsUnclear(
                f"“{path.name}” has two columns for the {meaning}: “{header[at[meaning]]}” and “{title}”.",
                todo="Leave one of them, or give the other a different name.",
            )
        else:
            at[meaning] = place
    return Columns(at, others, len(header))
