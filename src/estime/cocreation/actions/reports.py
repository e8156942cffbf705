"""Report something: once per person and thing. A moderator looks, and keeps or hides it; who reported is told so."""

from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from estime.cocreation.acts import act_write
from estime.cocreation.checks import check_may, check_words
from estime.cocreation.errors import NotAllowed, NotNow, WordsMissing
from estime.cocreation.hideable import Hideable, authors_of, held, kind_of, space_of, where_of
from estime.cocreation.limits import check_limits
from estime.cocreation.models import Member, Moderated, Report
from estime.cocreation.naming import voice
from estime.cocreation.news import event_tell
from estime.cocreation.standing import may_read, not_found
from estime.cocreation.vocabulary import REPORT_REASONS
from estime.kernel import clock

LONGEST: Final = 2_000


def report(
    by: Member, thing: Hideable, reason: str, words: str = "", *, when: datetime | None = None
) -> Report:
    """Say that something should not stand here. The second time gives the first report back.

    Raises `NotFound`, `NotAllowed` (their own), `NotNow` (hidden or taken back already), `WordsMissing` (no reason, or
    “something else” without words), `WordsTooMany`, `SlowDown`.
    """
    check_may(by, "space.take_part")
    if not may_read(space_of(thing), by):
        raise not_found()
    known = Report.objects.filter(member=by, **{kind_of(thing): thing}).first()
    if known is not None:
        return known
    if reason not in REPORT_REASONS:
        raise WordsMissing(_("Choose what is wrong with it."), todo=_("One is enough."), field="reason")
    said = check_words(words, "words", LONGEST, needed=reason == "other")
    if by.pk in {one.pk for one in authors_of(thing)}:
        raise NotAllowed(_("This is yours."), todo=_("You can change it, or take it back."))
    at = when or clock.now()
    try:
        with transaction.atomic():
            check_limits(by, "reports", at)
            fresh, _counted = held(thing)
            check_shown(fresh)
            made = Report.objects.create(
                space=space_of(fresh), member=by, reason=reason, words=said, at=at, **{kind_of(thing): fresh}
            )
            act_write(by, "Flag", thing_id(fresh), at, source_id=f"report/{made.pk}", object_type="Note")
    except IntegrityError:  # the same person, twice at once
        return Report.objects.get(member=by, **{kind_of(thing): thing})
    return made


def report_keep(by: Member, thing: Hideable, *, when: datetime | None = None) -> int:
    """Settle all open reports of a thing: it stays as it is. Returns how many there were; again is harmless.

    Raises `NotAllowed` (no moderator, or it is their own), `NotFound`.
    """
    check_judges(by, thing)
    at = when or clock.now()
    with transaction.atomic():
        fresh, _counted = held(thing)
        rows = list(open_reports(fresh))
        if not rows:
            return 0
        reports_settle(by, fresh, rows, at, kept=True)
        Moderated.objects.create(space=space_of(fresh), kind="kept", by=by, report=rows[0], at=at)
        act_write(by, "Ignore", thing_id(fresh), at, object_type="Note", on_behalf_of=voice())
    return len(rows)


def check_judges(by: Member, thing: Hideable) -> None:
    """Raises `NotAllowed` unless a moderator, and of what is somebody else's."""
    check_may(by, "moderation.act")
    if by.pk in {one.pk for one in authors_of(thing)}:
        raise NotAllowed(_("This is yours."), todo=_("Somebody else has to look at it."))


def check_shown(thing: Hideable) -> None:
    """Raises `NotNow` for what is not to be read anyway."""
    if thing.hidden:
        raise NotNow(_("This is hidden already."), todo=_("Its place says why, and by whom."))
    if getattr(thing, "withdrawn", None) is not None or getattr(thing, "erased", False):
        raise NotNow(_("This was taken back already."), todo=_("Nobody reads it any more."))


def open_reports(thing: Hideable) -> list[Report]:
    """What was reported of it and not looked at yet, oldest first. To be called with its row held."""
    return list(Report.objects.filter(settled=None, **{kind_of(thing): thing}).order_by("pk"))


def reports_settle(by: Member, thing: Hideable, rows: list[Report], at: datetime, *, kept: bool) -> None:
    """Settle reports of a thing whose row is held, and tell whoever made them."""
    if not rows:
        return
    Report.objects.filter(pk__in=[row.pk for row in rows], settled=None).update(
        settled=at, settled_by=by, kept=kept
    )
    where = where_of(thing)
    if where is not None:
        also = Member.objects.filter(pk__in=[row.member_id for row in rows])
        event_tell("report_settled", by, at, where, also=also, kept=kept)


def thing_id(thing: Hideable) -> str:
    """How the ledger calls what was reported or hidden."""
    return str(getattr(thing, "source", "") or f"{kind_of(thing)}/{thing.pk}")
