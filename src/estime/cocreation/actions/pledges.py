"""Promises: what, by whom, by when. Kept, taken back with a reason, or given a new date beside the old one.

Nobody says that a promise is late: it is, once `due` has passed and it is not kept. One kept late stays late.
"""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from estime.cocreation.acts import act_write, object_id
from estime.cocreation.checks import check_words
from estime.cocreation.errors import NotFound, NotNow, WordsMissing
from estime.cocreation.models import Challenge, Contribution, Interpellation, Member, Pledge
from estime.cocreation.naming import check_speaks, voice
from estime.cocreation.news import event_tell
from estime.kernel import clock

LONGEST = 2_000
Place = Challenge | Contribution | Interpellation


class PledgeWords(NamedTuple):
    """What is promised, and by when."""

    what: str
    due: datetime


def pledge_make(by: Member, where: Place, words: PledgeWords, *, when: datetime | None = None) -> Pledge:
    """Promise something, in one's own name. The same promise twice is one.

    Raises `NotAllowed`, `WordsMissing` (nothing said, no name, no day to come), `WordsTooMany`, `NotNow`.
    """
    return _make(by, where, words, when or clock.now(), None)


def pledge_replace(by: Member, pledge: int, words: PledgeWords, *, when: datetime | None = None) -> Pledge:
    """Give a promise a new day (and words); the old one stays, with its day. Raises as `pledge_make`, `NotFound`."""
    at = when or clock.now()
    with transaction.atomic():
        held = _held(pledge)
        known = Pledge.objects.filter(replaces=held).first()
        if known is not None and (known.by_id, known.what, known.due) == (
            by.pk,
            words.what.strip(),
            words.due,
        ):
            return known
        _check_open(held)
        return _make(by, pledge_place(held), words, at, held)


def pledge_keep(by: Member, pledge: int, words: str, *, when: datetime | None = None) -> Pledge:
    """Say that a promise is kept, and how. Twice is once. Raises `NotAllowed`, `NotFound`, `NotNow`, `WordsTooMany`."""
    check_speaks(by)
    told = check_words(words, "words", LONGEST, needed=False)
    at = when or clock.now()
    with transaction.atomic():
        held = _held(pledge)
        if held.kept is not None:
            return held
        _check_open(held)
        held.kept, held.kept_by, held.kept_words = at, by, told
        held.save(update_fields=["kept", "kept_by", "kept_words"])
        _tell("kept", by, held, at, told or held.what, {"late": at > held.due})
    return held


def pledge_waive(by: Member, pledge: int, reason: str, *, when: datetime | None = None) -> Pledge:
    """Take a promise back, for a reason that stands beside it for ever. Raises as `pledge_keep`, and `WordsMissing`."""
    check_speaks(by)
    told = check_words(reason, "reason", LONGEST)
    at = when or clock.now()
    with transaction.atomic():
        held = _held(pledge)
        if held.waived is not None:
            return held
        _check_open(held)
        held.waived, held.waived_by, held.waived_reason = at, by, told
        held.save(update_fields=["waived", "waived_by", "waived_reason"])
        _tell("waived", by, held, at, told, {})
    return held


def pledge_place(pledge: Pledge) -> Place:
    """What a promise was made about."""
    place = pledge.contribution or pledge.interpellation or pledge.challenge
    assert place is not None  # noqa: S101  the database holds exactly one
    return place


def _make(by: Member, where: Place, words: PledgeWords, at: datetime, before: Pledge | None) -> Pledge:
    name = check_speaks(by)
    what = check_words(words.what, "what", LONGEST)
    if words.due <= at:
        raise WordsMissing(
            _("A promise needs a day to come."),
            todo=_("Give the day by which it is done."),
            field="due",
        )
    place = {type(where).__name__.lower(): where}
    with transaction.atomic():
        # The row of what it is about: the same form sent twice comes one after the other.
        stands = type(where).objects.select_for_update(no_key=True).filter(pk=where.pk).first()
        if stands is None or getattr(stands, "withdrawn", None) or getattr(stands, "cancelled", None):
            raise NotNow(
                _("It was taken back or cancelled."), todo=_("Nothing can be promised here any more.")
            )
        if getattr(stands, "opened", at) is None:
            raise NotNow(_("This challenge is not open yet."), todo=_("Open it first."))
        known = Pledge.objects.filter(
            **place, by=by, what=what, due=words.due, kept=None, waived=None, replaced_by=None
        ).first()
        if known is not None:
            return known
        pledge = Pledge.objects.create(
            **place, what=what, by=by, name=name, due=words.due, at=at, replaces=before
        )
        data: dict[str, Any] = {"replaces": before.pk} if before else {}
        _tell("", by, pledge, at, what, data)
    return pledge


def _held(pledge: int) -> Pledge:
    held = (
        Pledge.objects.select_for_update(no_key=True, of=("self",))
        .select_related("contribution", "challenge", "interpellation")
        .filter(pk=pledge)
        .first()
    )
    if held is None:
        raise NotFound(_("There is no such promise."), todo=_("Go back to the list."))
    return held


def _check_open(pledge: Pledge) -> None:
    if pledge.kept is not None:
        raise NotNow(_("This promise is kept."), todo=_("There is nothing left to do."))
    if pledge.waived is not None:
        raise NotNow(_("This promise was taken back."), todo=_("Make a new one."))
    if Pledge.objects.filter(replaces=pledge).exists():
        raise NotNow(_("This promise has a new day."), todo=_("Open the one that took its place."))


def _tell(what: str, by: Member, pledge: Pledge, at: datetime, words: str, data: dict[str, Any]) -> None:
    """Into the ledger and to whom it concerns; of a challenge's promise that is everybody who took part."""
    place = pledge_place(pledge)
    challenge = place if isinstance(place, Challenge) else place.challenge
    act_write(
        by, "Update" if what else "Create", f"pledge/{pledge.pk}", at, object_type="Note", content=words,
        in_reply_to=object_id(place), context=object_id(challenge) if challenge else None, on_behalf_of=voice(),
        extra={"pledge": what or "made", "due": pledge.due.isoformat()},
    )  # fmt: skip
    kind = f"pledge_{what}" if what else "pledged"
    event_tell(
        f"challenge_{kind}" if isinstance(place, Challenge) else kind, by, at, place, pledge=pledge.pk, **data
    )
