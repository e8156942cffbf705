"""The door of contact: what other parts may call. Light to import: what reads the ledger in bulk is loaded then."""

from typing import TYPE_CHECKING

from estime.contact.actions.forget import forget_accounts
from estime.contact.actions.mark import (
    Doing,
    answer_said,
    answer_write,
    hand_back,
    hand_over,
    reopen,
    waive,
)
from estime.contact.debts import debts_of, excerpt, holder_gone_words, question_debts
from estime.contact.errors import (
    CannotBeHandedTo,
    QuestionChanged,
    QuestionNotOpen,
    UnknownQuestion,
    WordsNeeded,
)
from estime.contact.one import Post, Settled, Story, colleagues, settled_count, settled_page, story
from estime.contact.queries import (
    OfPerson,
    archived_count,
    archived_oldest,
    channels_owing,
    questions_count,
    questions_of,
    questions_oldest,
)
from estime.contact.wording import ASKS, DEEDS, REASONS, STANDINGS, WHYS

if TYPE_CHECKING:
    from estime.contact.actions.watch import Looked, Progress

__all__ = [
    "ASKS",
    "DEEDS",
    "REASONS",
    "STANDINGS",
    "WHYS",
    "CannotBeHandedTo",
    "Doing",
    "OfPerson",
    "Post",
    "QuestionChanged",
    "QuestionNotOpen",
    "Settled",
    "Story",
    "UnknownQuestion",
    "WordsNeeded",
    "answer_said",
    "answer_write",
    "archived_count",
    "archived_oldest",
    "channels_owing",
    "colleagues",
    "debts_of",
    "excerpt",
    "forget_accounts",
    "hand_back",
    "hand_over",
    "holder_gone_words",
    "question_debts",
    "questions_count",
    "questions_of",
    "questions_oldest",
    "reopen",
    "settled_count",
    "settled_page",
    "story",
    "waive",
    "watch",
    "watch_due",
]


def watch(*, whole: bool = False, progress: "Progress | None" = None) -> "Looked":
    """Bring the questions up to date with the ledger (actions/watch.py)."""
    from estime.contact.actions.watch import watch as run

    return run(whole=whole, progress=progress)


def watch_due() -> bool:
    """Whether acts came in that nobody looked at for questions yet."""
    from estime.contact.actions.watch import watch_due as run

    return run()
