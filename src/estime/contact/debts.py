"""Unanswered questions to the brand, on the desk of everything owed."""

from datetime import datetime

from django.utils.translation import gettext as _

from estime.contact.queries import Asked, questions_count, questions_oldest
from estime.contact.wording import WHYS
from estime.kernel.debts import ALL, Cursor, Debt, Debts, Only
from estime.ledger import api as ledger

QUOTED = 280


class QuestionDebts:
    """Fits `kernel.debts.Debts`. A question is owed since it was asked, and late after `contact.answer_within_days`."""

    kind = "question"
    permission = "desk.see"

    def count(self, now: datetime) -> tuple[int, int]:
        """How many questions wait for an answer, and how many of them for too long."""
        return questions_count(now)

    def oldest(
        self, now: datetime, viewer: int, after: Cursor | None, limit: int, only: Only = ALL
    ) -> list[Debt]:
        """The questions that have waited longest; their texts are read from the ledger for the page alone."""
        asked = questions_oldest(now, viewer, after, limit, only)
        return debts_of(asked, viewer)


def debts_of(asked: list[Asked], viewer: int) -> list[Debt]:
    """Questions as debts, with their texts."""
    acts = ledger.acts_shown([question.act for question in asked])
    texts = {seq: shown.text for seq, shown in acts.items()}
    return [_debt(question, texts.get(question.act), viewer) for question in asked]


def _debt(question: Asked, text: str | None, viewer: int) -> Debt:
    return Debt(
        kind="question",
        id=str(question.act),
        since=question.published,
        title=_("Answer a question"),
        detail=" ".join(_detail(question)),
        quote=excerpt(text),
        channel=question.channel,
        due=question.due,
        who=question.account,
        mine=question.holder == viewer,
        as_of=question.as_of,
    )


def _detail(question: Asked) -> list[str]:
    told = [str(WHYS[question.why])] if question.why else []
    if question.holder is not None:
        told.append(
            _("Handed to %(name)s by %(by)s.") % {"name": question.holder_name, "by": question.handed_by}
        )
    if question.holder_gone:
        told.append(holder_gone_words(question.holder_name))
    if question.came_back:
        told.append(_("It was said to be answered, but no reply was seen."))
    elif question.written:
        told.append(_("An answer is written, and not posted yet."))
    return told


def holder_gone_words(name: str) -> str:
    """Of somebody to whom a question was handed, and who left or has another role now."""
    return _("%(name)s cannot answer here any more: hand it to somebody else.") % {"name": name}


def excerpt(text: str | None, most: int = QUOTED) -> str:
    """The beginning of a text in one line, cut between words."""
    line = " ".join((text or "").split())
    if len(line) <= most:
        return line
    return line[:most].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


question_debts: Debts = QuestionDebts()
