"""What staff do with a question. Each is one transaction that either happens whole or leaves no trace.

Whoever acts names the `version` that they saw. If somebody changed the question meanwhile they are told who did; if
what is there is what they asked for (a double click), it is as if they had done it.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from estime.contact.errors import (
    CannotBeHandedTo,
    QuestionChanged,
    QuestionNotOpen,
    UnknownQuestion,
    WordsNeeded,
    WordsTooLong,
)
from estime.contact.models import Entry, Question
from estime.contact.wording import REASONS
from estime.kernel import clock
from estime.people.models import User

LONGEST: Final = 20_000
NOTE_LONGEST: Final = 2_000
MAY_HOLD: Final = "question.answer"


class Doing(NamedTuple):
    """Who does it, to which question, as they saw it."""

    act: int
    version: int
    by: User


class _Deed(NamedTuple):
    """What goes into the history."""

    name: str
    to: User | None = None
    reason: str = ""
    words: str = ""


def answer_write(doing: Doing, words: str) -> Question:
    """Save the answer's words under the name of who wrote them. The question stays owed until it is posted."""
    said = _checked(words, LONGEST, needed=True)

    def change(question: Question) -> None:
        check_open(question)
        question.words = said

    return _do(doing, _Deed("wrote", words=said), change)


def answer_said(doing: Doing) -> Question:
    """Take somebody's word that the answer is posted: off the list, until the channel shows it or stays silent."""

    def change(question: Question) -> None:
        check_open(question)
        _settle(question, doing, "said")

    return _do(doing, _Deed("said"), change)


def hand_over(doing: Doing, to: int, note: str) -> Question:
    """Hand a question to a colleague, who finds it first on their desk."""
    colleague = User.objects.filter(pk=to).first()
    check_holder(colleague)
    words = _checked(note, NOTE_LONGEST)

    def change(question: Question) -> None:
        check_open(question)
        question.holder, question.handed_by = colleague, doing.by

    return _do(doing, _Deed("handed", to=colleague, words=words), change)


def hand_back(doing: Doing, note: str) -> Question:
    """Give it back to everybody. Whoever holds it may, and whoever may hand over."""
    words = _checked(note, NOTE_LONGEST)

    def change(question: Question) -> None:
        check_open(question)
        if question.holder_id is None:
            raise _not_open(_("It was not handed to anybody."))
        question.holder = question.handed_by = None

    return _do(doing, _Deed("returned", words=words), change)


def waive(doing: Doing, reason: str, note: str) -> Question:
    """Say that nothing is owed, with a reason that everybody here can read."""
    if reason not in REASONS:
        raise WordsNeeded(_("Nothing was changed: no reason was given."), todo=_("Choose a reason."))
    words = _checked(note, NOTE_LONGEST, needed=reason == "other")

    def change(question: Question) -> None:
        check_open(question)
        question.reason = reason
        _settle(question, doing, "waived")

    return _do(doing, _Deed("waived", reason=reason, words=words), change)


def reopen(doing: Doing) -> Question:
    """Put a question back on the list that was settled by hand."""

    def change(question: Question) -> None:
        if question.state == "open":
            raise _not_open(_("It is on the list."))
        question.state, question.reason, question.settled_at, question.settled_by = "open", "", None, None

    return _do(doing, _Deed("reopened"), change)


def check_open(question: Question) -> None:
    """Raises `QuestionNotOpen` when nothing is owed for this question."""
    if not question.owed:
        raise _not_open(_("Nothing is owed here any more: it was answered, taken back or settled."))


def check_holder(colleague: User | None) -> None:
    """Raises `CannotBeHandedTo` for whoever may not answer."""
    if colleague is None or not colleague.may(MAY_HOLD):
        raise CannotBeHandedTo(
            _("This colleague may not answer questions."), todo=_("Choose somebody from the list.")
        )


def _settle(question: Question, doing: Doing, state: str) -> None:
    question.state, question.settled_at, question.settled_by = state, clock.now(), doing.by


def _not_open(message: str) -> QuestionNotOpen:
    return QuestionNotOpen(message, todo=_("Go back to the list."))


def _checked(words: str, longest: int, *, needed: bool = False) -> str:
    told = words.replace("\r\n", "\n").replace("\0", "").strip()
    if needed and not told:
        raise WordsNeeded(
            _("Nothing was changed: the words are missing."), todo=_("Write them, then send again.")
        )
    if len(told) > longest:
        raise WordsTooLong(
            _("Nothing was changed: the text is longer than %(most)s characters.")
            % {"most": number_format(longest, force_grouping=True)},
            todo=_("Make it shorter."),
        )
    return told


@transaction.atomic
def _do(doing: Doing, deed: _Deed, change: Callable[[Question], None]) -> Question:
    question = Question.objects.select_for_update().filter(pk=doing.act).first()
    if question is None:
        raise UnknownQuestion(_("There is no such question."), todo=_("Go back to the list."))
    if question.version != doing.version:
        if _done_already(question, doing, deed):
            return question
        raise _changed(question)
    change(question)
    question.version += 1
    question.owed = question.owes
    question.save()
    Entry.objects.create(
        question=question,
        version=question.version,
        at=clock.now(),
        by=doing.by,
        deed=deed.name,
        to=deed.to,
        reason=deed.reason,
        words=deed.words,
    )
    return question


def _done_already(question: Question, doing: Doing, deed: _Deed) -> bool:
    """Whether the same person did the same thing, and nothing came after it: a form that was sent twice."""
    last = _last(question)
    same = last is not None and (last.by_id, last.deed, last.to_id, last.reason, last.words) == (
        doing.by.pk, deed.name, deed.to.pk if deed.to else None, deed.reason, deed.words,
    )  # fmt: skip
    return same and question.version == doing.version + 1


def _last(question: Question) -> Entry | None:
    return Entry.objects.filter(question=question, version=question.version).select_related("by").first()


def _changed(question: Question) -> QuestionChanged:
    last = _last(question)
    return QuestionChanged(
        _("Somebody changed this question while you had it open. Nothing of yours was saved yet."),
        todo=_("Look at what happened below, then decide again."),
        by=str(last.by) if last is not None and last.by else "",
        at=last.at if last is not None else None,
    )
