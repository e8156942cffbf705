"""A lead decides on a proposal, in public and with a reason; an author contests that in public, and is answered."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from estime.cocreation.actions.merge_settle import merge_settle
from estime.cocreation.actions.merges import LONGEST_REASON, check_open, merge_close, merge_held, parts_of
from estime.cocreation.actions.publish import context_of
from estime.cocreation.actions.unmerge import sides_in_force
from estime.cocreation.acts import act_write
from estime.cocreation.checks import check_may, check_words
from estime.cocreation.errors import NotAllowed, NotFound, NotNow
from estime.cocreation.leading import leads_place
from estime.cocreation.merge_news import all_told
from estime.cocreation.models import Contest, Contribution, Member, Merge
from estime.cocreation.naming import voice
from estime.cocreation.news import event_tell
from estime.cocreation.together import IN_FORCE, REGRET, sides_of
from estime.kernel import clock


def merge_decide(
    by: Member, number: int, reason: str, *, brings: bool = True, when: datetime | None = None
) -> Merge:
    """Decide on a proposal as a lead: carry it out, or close it (`brings=False`). Again is harmless.

    Raises `NotAllowed`, `NotNow` (settled, or it cannot be done any more), `ChangedMeanwhile`, `WordsMissing`,
    `NotFound`.
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    why = check_words(reason, "reason", LONGEST_REASON)
    with transaction.atomic():
        merge, held = merge_held(by, number)
        head = held[merge.head_id]
        _check_leads(by, head)
        if merge.state == ("decided" if brings else "declined") and merge.settled_by_id == by.pk:
            return merge
        check_open(merge)
        act_write(
            by, "Accept" if brings else "Reject", f"merge/{merge.pk}", at, object_type="Relationship",
            context=context_of(head), content=why, on_behalf_of=_on_behalf(by),
        )  # fmt: skip
        if brings:
            merge_settle(merge, held, by, at, state="decided", reason=why)
        else:
            merge_close(merge, held, by, why, at)
    return merge


def merge_contest(by: Member, number: int, words: str, *, when: datetime | None = None) -> Contest:
    """Say what is wrong with it, as an author of any side; it stands beside it in public, before its answer and after.

    Where authors agreed, that is for when the time to undo it alone is over. Once a person; again gives the first back.
    Raises `NotAllowed`, `NotNow`, `WordsMissing`, `WordsTooMany`, `NotFound`.
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    said = check_words(words, "words", LONGEST_REASON)
    with transaction.atomic():
        merge, held = merge_held(by, number)
        known = merge.contests.filter(member=by).first()
        if known is not None:
            return known
        if merge.state not in IN_FORCE:
            raise NotNow(_("There is nothing to contest here."), todo=_("Its page says what became of it."))
        if not sides_of(by, sides_in_force(merge, held)):
            raise NotAllowed(
                _("Authors of any side contest this, and you are none of them."),
                todo=_("Say below it what you think of it."),
            )
        if merge.state == "agreed" and merge.settled is not None and at < merge.settled + REGRET:
            raise NotNow(_("Authors agreed to this, and you are one."), todo=_("You can undo it yourself."))
        made = Contest.objects.create(merge=merge, member=by, words=said, at=at)
        head = held[merge.head_id]
        act_write(
            by, "Create", f"contest/{made.pk}", at, source_id=f"contest/{made.pk}", object_type="Note",
            in_reply_to=f"merge/{merge.pk}", context=context_of(head), content=said,
        )  # fmt: skip
        sides = [head, *(held[pk] for pk in parts_of(merge))]
        decided = [merge.settled_by] if merge.settled_by is not None else []
        all_told("merge_contested", by, at, sides, also=decided, merge=merge.pk)
    return made


def contest_answer(by: Member, number: int, answer: str, *, when: datetime | None = None) -> Contest:
    """Answer a contest as a lead who leaves it as it is, by name. (Whoever agrees with it undoes the merge.)

    Another lead than who decided may answer, and the same one, too. Raises `NotAllowed`, `NotFound`, `NotNow`
    (answered already).
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    said = check_words(answer, "answer", LONGEST_REASON)
    merge_number = Contest.objects.filter(pk=number).values_list("merge_id", flat=True).first()
    if merge_number is None:
        raise NotFound(_("There is nothing here."), todo=_("Go back to the list."))
    with transaction.atomic():
        merge, held = merge_held(by, merge_number)
        head = held[merge.head_id]
        _check_leads(by, head)
        found = Contest.objects.select_for_update(of=("self",)).select_related("member").get(pk=number)
        if found.answered is not None:
            if found.answered_by_id == by.pk:
                return found
            raise NotNow(
                _("%(name)s has answered this already.") % {"name": found.name}, todo=_("Read the answer.")
            )
        found.answer, found.answered, found.answered_by, found.name = said, at, by, by.name or by.handle
        found.save(update_fields=["answer", "answered", "answered_by", "name"])
        act_write(
            by, "Create", f"contest/{found.pk}/answer", at, source_id=f"contest/{found.pk}/answer",
            object_type="Note", in_reply_to=f"contest/{found.pk}", context=context_of(head), content=said,
            on_behalf_of=_on_behalf(by),
        )  # fmt: skip
        event_tell("merge_upheld", by, at, head, also=[found.member], merge=merge.pk)
    return found


def _check_leads(by: Member, head: Contribution) -> None:
    if not leads_place(by, head):
        raise NotAllowed(
            _("Whoever leads this challenge decides on that."),
            todo=_("The authors can agree to it themselves."),
        )


def _on_behalf(by: Member) -> str | None:
    return voice() if by.user is not None and by.user.is_staff else None
