"""Forget erased accounts: what was written to or about them here goes with them."""

from collections.abc import Sequence

from django.db import transaction

from estime.contact.models import Entry, Question


@transaction.atomic
def forget_accounts(keys: Sequence[int]) -> int:
    """Blank all words of the questions of these accounts and owe nothing for them; returns how many there were.

    That something was done, by whom and when, stays; the next look at the ledger leaves out their acts.
    """
    questions = Question.objects.filter(account__in=list(keys))
    Entry.objects.filter(question__in=questions).exclude(words="").update(words="")
    questions.filter(version=0).delete()
    return questions.update(
        words="", why="", owed=False, stale=False, withdrawn=False, answer=None, answered=None
    )
