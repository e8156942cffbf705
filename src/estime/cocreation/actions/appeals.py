"""Appeal against a hiding: once, by whoever wrote what is hidden; answered by somebody else than who hid it."""

from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from estime.cocreation.actions.hiding import hiding_held, lift
from estime.cocreation.actions.reports import check_judges
from estime.cocreation.acts import act_write
from estime.cocreation.checks import check_may, check_words
from estime.cocreation.errors import NotAllowed, NotFound, NotNow
from estime.cocreation.hideable import authors_of, target_of, where_of
from estime.cocreation.limits import check_limits
from estime.cocreation.models import Appeal, Comment, Hiding, Member, Moderated
from estime.cocreation.naming import check_speaks, voice
from estime.cocreation.news import event_tell
from estime.kernel import clock

LONGEST: Final = 4_000


def appeal(by: Member, hiding: Hiding, words: str, *, when: datetime | None = None) -> Appeal:
    """Ask to look again. One appeal for each hiding, of any of its authors; the second time gives it back.

    Raises `NotFound` (not theirs: told as if it were not there), `NotNow` (shown again already), `WordsMissing`,
    `WordsTooMany`, `SlowDown`.
    """
    check_may(by, "space.take_part")
    if by.pk not in {one.pk for one in authors_of(target_of(hiding))}:
        raise NotFound(_("There is nothing here."), todo=_("Go back to the list."))
    known = Appeal.objects.filter(hiding=hiding).first()
    if known is not None:
        return known
    said = check_words(words, "words", LONGEST)
    at = when or clock.now()
    try:
        with transaction.atomic():
            check_limits(by, "appeals", at)
            told, _thing, _counted = hiding_held(hiding)
            if told.lifted is not None:
                raise NotNow(_("It is shown again already."), todo=_("Look at its page."))
            made = Appeal.objects.create(hiding=told, member=by, words=said, at=at)
            act_write(
                by, "Create", f"appeal/{made.pk}", at, source_id=f"appeal/{made.pk}", object_type="Note",
                in_reply_to=f"hiding/{told.pk}",
            )  # fmt: skip
    except IntegrityError:  # two authors at once
        return Appeal.objects.get(hiding=hiding)
    return made


def appeal_settle(
    by: Member, appeal: Appeal, answer: str, *, granted: bool, when: datetime | None = None
) -> Appeal:
    """Answer an appeal in words; granted, what was hidden is shown again. The same answer again changes nothing.

    Raises `NotAllowed` (no moderator, who hid it, or who wrote it), `WordsMissing`, `WordsTooMany`,
    `NotNow` (answered).
    """
    check_judges(by, target_of(appeal.hiding))
    check_speaks(by, "moderation.act")
    if appeal.hiding.by_id == by.pk:
        raise NotAllowed(
            _("You hid this: somebody else answers the appeal."),
            todo=_("Ask another moderator, a lead or an administrator."),
        )
    words = check_words(answer, "answer", LONGEST)
    at = when or clock.now()
    with transaction.atomic():
        hiding, thing, counted = hiding_held(appeal.hiding)
        told = Appeal.objects.select_for_update(no_key=True).get(pk=appeal.pk)
        if told.settled is not None:
            if (told.settled_by_id, told.granted) == (by.pk, granted):
                return told
            raise NotNow(_("This appeal has its answer already."), todo=_("Read it."))
        told.settled, told.settled_by, told.granted, told.answer = at, by, granted, words
        told.save(update_fields=["settled", "settled_by", "granted", "answer"])
        if granted and hiding.lifted is None:
            lift(by, hiding, thing, counted, words, at)
        kind = "granted" if granted else "refused"
        Moderated.objects.create(space=hiding.space, kind=kind, by=by, hiding=hiding, appeal=told, at=at)
        act_write(
            by,
            "Accept" if granted else "Reject",
            f"appeal/{told.pk}",
            at,
            object_type="Note",
            on_behalf_of=voice(),
        )
        where = where_of(thing)
        if where is not None:
            comment = thing if isinstance(thing, Comment) else None
            also = {one.pk: one for one in (*authors_of(thing), told.member)}.values()
            event_tell(
                "appeal_settled", by, at, where, comment=comment, also=also, granted=granted, hiding=hiding.pk
            )
    return told
