"""*Does it take what I said into account?* asked of everybody who was answered. One answer each, which may change.

What single people said is shown to nobody. Per decision only three numbers are kept, and shown are sums over a space
and a quarter (queries/considered.py).
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from estime.cocreation.errors import NotAllowed, NotFound, NotNow, WordsMissing
from estime.cocreation.models import Author, Considered, Decision, Interpellation, Joining, Member
from estime.cocreation.vocabulary import CONSIDERED
from estime.kernel import clock


def considered_decision(by: Member, decision: int, says: str, *, when: datetime | None = None) -> Considered:
    """Say whether a decision takes it into account, as one of the authors.

    Raises `NotFound`, `NotAllowed` (no author of it), `NotNow` (a newer decision stands above), `WordsMissing`.
    """
    _check_says(says)
    with transaction.atomic():
        held = Decision.objects.select_for_update(no_key=True).filter(pk=decision).first()
        if held is None:
            raise NotFound(_("There is no such answer."), todo=_("Go back to the contribution."))
        if not is_author(by, held.contribution_id):
            raise NotAllowed(_("Authors are asked this."), todo=_("You can comment on it."))
        if Decision.objects.filter(contribution=held.contribution_id, number__gt=held.number).exists():
            raise NotNow(_("A newer answer stands above this one."), todo=_("Say it of that one."))
        before = Considered.objects.filter(decision=held, member=by).first()
        said = before.says if before else ""
        row = _kept(before or Considered(decision=held, member=by), says, when or clock.now())
        if said != says:
            if said:
                setattr(held, f"said_{said}", getattr(held, f"said_{said}") - 1)
            setattr(held, f"said_{says}", getattr(held, f"said_{says}") + 1)
            held.save(update_fields=["said_yes", "said_part", "said_no"])
    return row


def considered_answer(by: Member, question: int, says: str, *, when: datetime | None = None) -> Considered:
    """Say whether an answer takes it into account, as one of those who ask. Raises as `considered_decision`."""
    _check_says(says)
    with transaction.atomic():
        held = Interpellation.objects.select_for_update(no_key=True).filter(pk=question).first()
        if held is None:
            raise NotFound(_("There is no such question."), todo=_("Go back to the list."))
        if held.answered is None:
            raise NotNow(_("It has no answer yet."), todo=_("You are told as soon as there is one."))
        if not Joining.objects.filter(interpellation=held, member=by).exists():
            raise NotAllowed(_("Whoever asks this is asked."), todo=_("Join the question first."))
        before = Considered.objects.filter(interpellation=held, member=by).first()
        return _kept(before or Considered(interpellation=held, member=by), says, when or clock.now())


def is_author(member: Member, contribution: int) -> bool:
    """Whether somebody is an author of a contribution, or of one that was brought together into it."""
    return Author.objects.filter(
        Q(contribution=contribution) | Q(contribution__together=contribution),
        member=member,
        accepted__isnull=False,
        left=None,
    ).exists()


def _check_says(says: str) -> None:
    if says not in CONSIDERED:
        raise WordsMissing(_("Nothing was chosen."), todo=_("Choose yes, in part or no."), field="says")


def _kept(row: Considered, says: str, at: datetime) -> Considered:
    if row.says != says:
        row.says, row.at = says, at
        row.save()
    return row
