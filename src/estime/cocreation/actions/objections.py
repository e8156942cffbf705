"""Object to how a vote went, and answer that. Until every objection is answered a vote is not sealed."""

from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from estime.cocreation.actions.polls import poll_held
from estime.cocreation.acts import act_write, object_id
from estime.cocreation.checks import check_may, check_words
from estime.cocreation.errors import NotAllowed, NotFound, NotNow
from estime.cocreation.leading import leads
from estime.cocreation.models import Member, Objection, Poll, Voter
from estime.cocreation.news import event_tell
from estime.kernel import clock
from estime.kernel.configuration import configuration

LONGEST: Final = 4_000


def poll_object(by: Member, poll: Poll, words: str, *, when: datetime | None = None) -> Objection:
    """Say what was wrong with a vote in which one voted. Once per person; the second time gives the first back.

    Raises `NotAllowed` (who did not vote), `NotNow` (before the counting, or after the time for objections).
    """
    at = when or clock.now()
    said = check_words(words, "words", LONGEST)
    with transaction.atomic():
        held = poll_held(poll)
        _check_time(held, at)
        if not Voter.objects.filter(poll=held, member=by).exists():
            raise NotAllowed(
                _("Objections come from people who voted."),
                todo=_("You can put a question to the brand, in public."),
            )
        there = Objection.objects.filter(poll=held, member=by).first()
        if there is not None:
            return there
        made = Objection.objects.create(poll=held, member=by, words=said, at=at)
        act_write(
            by, "Create", f"objection/{made.pk}", at, source_id=f"objection/{made.pk}", object_type="Note",
            in_reply_to=object_id(held), context=object_id(held.challenge), content=said,
        )  # fmt: skip
        event_tell(
            "objected", by, at, held.challenge, also=[held.challenge.owner], poll=held.pk, objection=made.pk
        )
    return made


def objection_answer(
    by: Member, objection: Objection, answer: str, *, when: datetime | None = None
) -> Objection:
    """Answer an objection, by name. An answer stays as it is; the same person's second one changes nothing.

    Raises `NotAllowed` unless they lead the challenge or answer for the brand, `NotFound`, `NotNow` (answered).
    """
    at = when or clock.now()
    said = check_words(answer, "answer", LONGEST)
    with transaction.atomic():
        held = poll_held(objection.poll)
        if not leads(by, held.challenge):
            check_may(by, "decision.write")
        found = Objection.objects.select_for_update().filter(pk=objection.pk).first()
        if found is None:
            raise NotFound(_("There is no such objection."), todo=_("Look at the page of the vote."))
        if found.answered is not None:
            if found.answered_by_id == by.pk:
                return found
            raise NotNow(
                _("%(name)s has answered this objection already.") % {"name": found.name},
                todo=_("Read the answer on the page of the vote."),
            )
        found.answer, found.answered, found.answered_by, found.name = said, at, by, by.name or by.handle
        try:
            found.save(update_fields=["answer", "answered", "answered_by", "name"])
        except IntegrityError as error:
            raise NotNow(_("This objection is answered."), todo=_("Read the answer.")) from error
        act_write(
            by, "Create", f"objection/{found.pk}/answer", at, source_id=f"objection/{found.pk}/answer",
            object_type="Note", in_reply_to=f"objection/{found.pk}", context=object_id(held.challenge), content=said,
            on_behalf_of=configuration().brand.name if held.challenge.by_brand else None,
        )  # fmt: skip
        event_tell(
            "objection_answered", by, at, held.challenge,
            also=[found.member], poll=held.pk, objection=found.pk,
        )  # fmt: skip
    return found


def _check_time(poll: Poll, at: datetime) -> None:
    if poll.counted is None or poll.objections_until is None:
        raise NotNow(_("This vote is not counted yet."), todo=_("Read its result first."))
    if poll.sealed is not None or at >= poll.objections_until:
        raise NotNow(
            _("The time for objections is over."), todo=_("You can put a question to the brand, in public.")
        )
