"""Drafts: begun, saved while somebody writes, thrown away. Nobody but their writer sees them, the ledger neither.

`saved` rises with each saving. A window that was opened earlier and saves later is told so, and nothing that a newer
one saved is lost: the older words stay in that window, to be compared.
"""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from estime.cocreation.checks import check_may, check_words
from estime.cocreation.errors import ChangedMeanwhile, NotAllowed, NotFound
from estime.cocreation.models import Challenge, Contribution, Draft, Member
from estime.cocreation.standing import check_author, may_read, not_found
from estime.cocreation.vocabulary import KINDS
from estime.kernel import clock
from estime.kernel.ids import uuid7

LONGEST_TITLE: Final = 160
LONGEST_BODY: Final = 20_000
MOST: Final = 200
"""Drafts that one member keeps."""


class Place(NamedTuple):
    """Where a draft is going: into a challenge, built on something there; or a new version of `contribution`."""

    challenge: Challenge | None = None
    built_on: Contribution | None = None
    contribution: Contribution | None = None
    base: int = 0


class DraftWords(NamedTuple):
    """What is being written. `base`: of a version, the newer one that it was brought together with meanwhile."""

    title: str = ""
    body: str = ""
    kind: str = "idea"
    base: int = 0


def draft_begin(by: Member, place: Place, *, id: UUID | None = None, when: datetime | None = None) -> Draft:
    """Begin a draft; with an id that the writing page made, begun once however often it is asked.

    Raises `NotAllowed` (somebody else's contribution, too many drafts), `NotFound` (a place that is not theirs to see).
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    known = Draft.objects.filter(pk=id).first() if id else None
    if known is None:
        known = _begun(by, place, id or uuid7(), at)
    if known.member_id != by.pk:
        raise _gone()
    return known


def _begun(by: Member, place: Place, number: UUID, at: datetime) -> Draft:
    if Contribution.objects.filter(source=draft_source(number)).exists():
        raise _gone()
    if Draft.objects.filter(member=by)[MOST - 1 : MOST].exists():
        raise NotAllowed(
            _("You have %(number)s drafts already.") % {"number": MOST},
            todo=_("Publish or throw away one of them first."),
        )
    space = _place_checked(by, place)
    draft = Draft(
        id=number,
        member=by,
        space_id=space,
        challenge=place.challenge,
        contribution=place.contribution,
        built_on=place.built_on,
        base=place.base,
        kind=place.contribution.kind if place.contribution else "idea",
        at=at,
        changed=at,
    )
    if place.contribution is not None:
        draft.title, draft.body = place.contribution.title, place.contribution.body
        draft.base = place.base or place.contribution.version
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:  # the same page asked twice at once
        return Draft.objects.get(pk=number)
    return draft


def _place_checked(by: Member, place: Place) -> int:
    """The space a draft belongs to; raises where its writer may not write there."""
    if place.contribution is not None:
        check_author(place.contribution, by)
        return place.contribution.space_id
    challenge = place.challenge
    if challenge is None or challenge.opened is None or challenge.hidden or not may_read(challenge.space, by):
        raise not_found()
    origin = place.built_on
    if origin is not None and (origin.space_id != challenge.space_id or origin.hidden or origin.withdrawn):
        raise not_found()
    return challenge.space_id


def draft_save(
    by: Member, number: UUID, words: DraftWords, saved: int, *, when: datetime | None = None
) -> Draft:
    """Keep what is written so far. `saved`: the one of the last saving that this window knows of.

    Raises `ChangedMeanwhile` where another window has saved since, with `data["saved"]`; `NotFound` for a draft that
    was published, thrown away, or is somebody else's; `WordsTooMany`.
    """
    at = when or clock.now()
    title = check_words(" ".join(words.title.split()), "title", LONGEST_TITLE, needed=False)
    body = check_words(words.body, "body", LONGEST_BODY, needed=False)
    with transaction.atomic():
        draft = draft_held(by, number)
        kind = words.kind if words.kind in KINDS else draft.kind
        if draft.contribution_id is not None:
            kind = draft.kind
        base = max(draft.base, words.base) if draft.contribution_id is not None else draft.base
        if (draft.title, draft.body, draft.kind, draft.base) == (title, body, kind, base):
            return draft
        if draft.saved != saved:
            raise ChangedMeanwhile(
                _("This draft was saved in another window since."),
                todo=_("Look at it there; what you wrote here is still here, to copy."),
                saved=draft.saved,
            )
        draft.title, draft.body, draft.kind, draft.base = title, body, kind, base
        draft.saved, draft.changed = draft.saved + 1, at
        draft.save(update_fields=["title", "body", "kind", "base", "saved", "changed"])
    return draft


def draft_discard(by: Member, number: UUID) -> None:
    """Throw a draft away; one that is not there any more is harmless, somebody else's stays."""
    Draft.objects.filter(pk=number, member=by).delete()


def draft_held(by: Member, number: UUID) -> Draft:
    """One's own draft, its row held until the transaction ends. Raises `NotFound`."""
    draft = Draft.objects.select_for_update().filter(pk=number, member=by).first()
    if draft is None:
        raise _gone()
    return draft


def draft_source(number: UUID) -> str:
    """The id that a contribution published from this draft has: so a draft is published once."""
    return f"contribution/{number}"


def _gone() -> NotFound:
    return NotFound(
        _("This draft is not here any more: it was published or thrown away."), todo=_("Look at your drafts.")
    )
