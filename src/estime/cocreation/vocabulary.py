"""The fixed words of the part, as they stand in the database. How people read them: `wording.py`."""

from typing import Final

POWERS: Final = ("listen", "answer", "choose", "decide")
"""What members may do in a challenge: we listen · we must answer · you choose among options · you decide."""

PHASES: Final = ("propose", "build", "vote", "decide", "made")
KINDS: Final = ("idea", "tip", "story", "creation")
INTENTS: Final = ("", "question", "improvement", "tried", "concern")
OUTCOMES: Final = ("taken", "together", "later", "not_taken")
"""What is decided about a contribution: taken up, brought together, look again on a date, not taken up."""

METHODS: Final = ("approval", "score", "ranked", "pairwise", "budget", "groups")
TIES: Final = ("shared", "older", "drawn")
"""What happens when options are equal: all of them win, the one proposed first, a draw by a seed told in advance."""

ELIGIBLE: Final = ("members", "before", "contributors")
"""Who may vote: every member, whoever was a member before the challenge opened, whoever contributed to it."""

CONSIDERED: Final = ("yes", "part", "no")
MERGES: Final = ("proposed", "agreed", "decided", "declined", "undone")
EDITS: Final = ("offered", "adopted", "declined")
RHYTHMS: Final = ("daily", "weekly", "never")
HIDING_REASONS: Final = ("unlawful", "personal", "hateful", "advertising", "repeated", "elsewhere")
REPORT_REASONS: Final = (*HIDING_REASONS, "other")
DEEDS: Final = ("kept", "hidden", "shown_again", "granted", "refused", "hint_seen")
"""What moderators do: a report looked at and the thing kept; hidden, shown again; an appeal granted or refused; a hint
looked at."""
HINTS: Final = ("repeated", "ring")
"""What moderators are hinted at: the same text by several accounts, accounts that support the same things together."""
