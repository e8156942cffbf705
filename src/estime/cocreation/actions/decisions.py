"""The brand's answer to a contribution: by a named person, with the real reason and what of it lives on.

An answer is added, never changed: a new one stands first, the older ones below it.
"""

from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from estime.cocreation.actions.pledges import PledgeWords, pledge_make
from estime.cocreation.acts import act_write, object_id
from estime.cocreation.checks import check_words
from estime.cocreation.errors import ChangedMeanwhile, NotFound, NotNow, WordsMissing
from estime.cocreation.models import Contribution, Decision, Member
from estime.cocreation.naming import check_speaks, voice
from estime.cocreation.news import event_tell
from estime.cocreation.vocabulary import OUTCOMES
from estime.kernel import clock
from estime.kernel.errors import EstimeError

LONGEST = 10_000


class DecisionWords(NamedTuple):
    """What is decided. `again`: the day on which it is looked at again, for `later` only.

    `seen`: the number of the newest decision that the page showed (0: none); None where nobody looked.
    """

    outcome: str
    reason: str
    lives_on: str
    again: date | None = None
    seen: int | None = None


def decision_write(
    by: Member,
    contribution: int,
    words: DecisionWords,
    *,
    promise: PledgeWords | None = None,
    when: datetime | None = None,
) -> Decision:
    """Decide about a contribution, and promise something with it; the same form sent twice decides once.

    Raises `NotAllowed`, `WordsMissing`, `WordsTooMany`, `NotFound`, `NotNow` (withdrawn, hidden, or a part of another),
    `ChangedMeanwhile` (somebody else decided since the page was shown).
    """
    name = check_speaks(by)
    fields = _checked(words, at := when or clock.now())
    with transaction.atomic():
        held = (
            Contribution.objects.select_for_update(no_key=True).filter(pk=contribution, erased=False).first()
        )
        if held is None:
            raise NotFound(_("There is no such contribution."), todo=_("Go back to the list."))
        last = held.decisions.order_by("-number").first()
        into = held.together_id if words.outcome == "together" else None
        if last is not None and _same(last, by, fields, into):
            return last
        _check_stands(held, words)
        if words.seen is not None and words.seen != (last.number if last else 0):
            raise ChangedMeanwhile(
                _("%(name)s answered this meanwhile.") % {"name": last.name if last else ""},
                todo=_("Read their answer, and send yours again if it should stand above it."),
            )
        decision = Decision.objects.create(
            contribution=held,
            number=last.number + 1 if last else 1,
            into_id=into,
            by=by,
            name=name,
            at=at,
            **fields,
        )
        held.decision = words.outcome
        held.answered = held.answered or at
        held.save(update_fields=["decision", "answered"])
        act_write(
            by, "Create", f"decision/{decision.pk}", at, object_type="Note",
            content=f"{decision.reason}\n\n{decision.lives_on}", in_reply_to=object_id(held),
            context=object_id(held.challenge) if held.challenge is not None else None, on_behalf_of=voice(),
            extra={"outcome": words.outcome},
        )  # fmt: skip
        event_tell(
            "decided", by, at, held, decision=decision.pk, number=decision.number, outcome=words.outcome
        )
        if promise is not None:
            pledge_make(by, held, promise, when=at)
    return decision


def decision_wrong(words: DecisionWords, when: datetime | None = None) -> list[EstimeError]:
    """Everything that these words lack, each with its field, so that a form can say all of it at once."""
    found: list[EstimeError] = []
    if words.outcome not in OUTCOMES:
        found.append(
            WordsMissing(
                _("It is not said what becomes of it."),
                todo=_("Choose one of those on the list."),
                field="outcome",
            )
        )
    if words.outcome == "later" and (words.again is None or words.again <= (when or clock.now()).date()):
        found.append(
            WordsMissing(_("“Look again later” needs a day to come."), todo=_("Give the day."), field="again")
        )
    for text, field in ((words.reason, "reason"), (words.lives_on, "lives_on")):
        try:
            check_words(text, field, LONGEST)
        except EstimeError as error:
            found.append(error)
    return found


def _checked(words: DecisionWords, at: datetime) -> dict[str, object]:
    for error in decision_wrong(words, at):
        raise error
    return {
        "outcome": words.outcome,
        "reason": check_words(words.reason, "reason", LONGEST),
        "lives_on": check_words(words.lives_on, "lives_on", LONGEST),
        "again": words.again if words.outcome == "later" else None,
    }


def _same(last: Decision, by: Member, fields: dict[str, object], into: int | None) -> bool:
    """Whether this very form came in already: the same person, the same words, as the newest decision."""
    return (last.by_id, last.into_id) == (by.pk, into) and all(
        getattr(last, name) == value for name, value in fields.items()
    )


def _check_stands(held: Contribution, words: DecisionWords) -> None:
    if held.withdrawn is not None:
        raise NotNow(_("Its author took it back."), todo=_("No answer is owed."))
    if held.hidden:
        raise NotNow(_("It is hidden at the moment."), todo=_("Answer once its hiding is settled."))
    if held.together_id is not None and words.outcome != "together":
        raise NotNow(
            _("It was brought together with another one."), todo=_("Answer the one that they became.")
        )
    if held.together_id is None and words.outcome == "together":
        raise NotNow(
            _("It is not brought together with anything yet."),
            todo=_("Bring it together first, on its page; then say so here."),
        )
