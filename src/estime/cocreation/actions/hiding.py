"""Hide something for a reason that is told in its place, and show it again. Nothing is deleted, nothing is silent.

1. Words and pictures go from pages, lists, search, feeds, digests and programs; the place stays, with the reason and
   the name of whoever hid it. What others answered below stays to be read. Its authors still read it.
2. Whether it spoke against the brand is asked each time, counted and shown for ever (*power handed over*). Criticism is
   never hidden because it “belongs elsewhere”.
3. Counts count what is shown: a hidden comment or contribution leaves them, one shown again comes back. What was taken
   back meanwhile is counted by neither.
4. A picture is no longer handed out once nothing that stands shows it.
5. A challenge that a member opened goes with all that was given to it, and comes back with it (`hidden_whole.py`).
"""

from datetime import datetime
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from estime.cocreation.actions.reports import (
    check_judges,
    check_shown,
    open_reports,
    reports_settle,
    thing_id,
)
from estime.cocreation.acts import act_write
from estime.cocreation.checks import check_may, check_words
from estime.cocreation.errors import NotAllowed, NotFound, WordsMissing
from estime.cocreation.hidden_whole import given_hide, given_show, givers, stays_hidden, with_pictures
from estime.cocreation.hideable import (
    Hideable,
    authors_of,
    held,
    kind_of,
    pictures_shown,
    shown_elsewhere,
    space_of,
    target_of,
    where_of,
)
from estime.cocreation.models import (
    Challenge,
    Comment,
    Contribution,
    Hiding,
    Interpellation,
    Member,
    Moderated,
    Picture,
)
from estime.cocreation.naming import check_speaks, voice
from estime.cocreation.news import event_tell
from estime.cocreation.similar.index import title_put, title_remove
from estime.cocreation.vocabulary import HIDING_REASONS
from estime.kernel import clock

LONGEST: Final = 1_000
AGAINST_CRITICISM: Final = tuple(reason for reason in HIDING_REASONS if reason != "elsewhere")
"""For what reasons something that speaks against the brand may be hidden."""


class Why(NamedTuple):
    """Why something is hidden. `criticism`: whether it speaks against the brand; None: not answered."""

    reason: str
    words: str
    criticism: bool | None


def hide(by: Member, thing: Hideable, why: Why, *, when: datetime | None = None) -> Hiding:
    """Hide it; its open reports are settled by that. What is hidden already stays hidden as it was.

    Raises `NotAllowed` (no moderator, their own, criticism that “belongs elsewhere”), `WordsMissing` (`field`: reason,
    words, criticism, or a moderator without a name), `WordsTooMany`, `NotNow` (taken back), `NotFound`.
    """
    check_judges(by, thing)
    name = check_speaks(by, "moderation.act")
    words, criticism = _checked(why)
    at = when or clock.now()
    with transaction.atomic():
        fresh, counted = held(thing)
        there = Hiding.objects.filter(lifted=None, **{kind_of(fresh): fresh}).first()
        if there is not None:
            return there
        check_shown(fresh)
        hiding = Hiding.objects.create(
            space=space_of(fresh), reason=why.reason, words=words, criticism=criticism, by=by, name=name, at=at,
            **{kind_of(fresh): fresh},
        )  # fmt: skip
        given = _set(fresh, counted, hidden=True)
        for one in (fresh, *with_pictures(given)):
            _pictures_hide(one)
        reports_settle(by, fresh, open_reports(fresh), at, kept=False)
        Moderated.objects.create(space=hiding.space, kind="hidden", by=by, hiding=hiding, at=at)
        act_write(by, "Remove", thing_id(fresh), at, object_type="Note", on_behalf_of=voice())
        _tell("hidden", by, at, fresh, hiding, given)
    return hiding


def _checked(why: Why) -> tuple[str, bool]:
    if why.reason not in HIDING_REASONS:
        raise WordsMissing(
            _("Hiding needs one of these reasons."),
            todo=_("If none of them holds, it stays: that we do not like it is no reason."),
            field="reason",
        )
    words = check_words(why.words, "words", LONGEST)
    if why.criticism is None:
        raise WordsMissing(
            _("Does it speak against the brand?"),
            todo=_("It is counted and shown either way."),
            field="criticism",
        )
    if why.criticism and why.reason not in AGAINST_CRITICISM:
        raise NotAllowed(
            _("Criticism is not hidden because it belongs elsewhere."),
            todo=_("Let it stand, and answer it with a link to where it belongs."),
            field="reason",
        )
    return words, why.criticism


def show_again(by: Member, hiding: Hiding, reason: str, *, when: datetime | None = None) -> Hiding:
    """Show again what was hidden, for a reason that is kept. Again is harmless.

    Raises `NotAllowed`, `WordsMissing`, `WordsTooMany`, `NotFound`.
    """
    check_may(by, "moderation.act")
    words = check_words(reason, "reason", LONGEST)
    at = when or clock.now()
    with transaction.atomic():
        told, fresh, counted = hiding_held(hiding)
        if told.lifted is None:
            lift(by, told, fresh, counted, words, at)
            Moderated.objects.create(space=told.space, kind="shown_again", by=by, hiding=told, at=at)
    return told


def hiding_held(hiding: Hiding) -> tuple[Hiding, Hideable, list[int]]:
    """A hiding and what it hides, their rows held: first the thing, then the hiding. Raises `NotFound`."""
    fresh, counted = held(target_of(hiding))
    found = Hiding.objects.select_for_update(no_key=True).filter(pk=hiding.pk).first()
    if found is None:
        raise NotFound(_("There is nothing here."), todo=_("Go back to the list."))
    return found, fresh, counted


def lift(by: Member, hiding: Hiding, thing: Hideable, counted: list[int], words: str, at: datetime) -> None:
    """Undo a hiding whose row, and whose thing's row, is held."""
    hiding.lifted, hiding.lifted_by, hiding.lifted_reason = at, by, words
    hiding.save(update_fields=["lifted", "lifted_by", "lifted_reason"])
    given = _set(thing, counted, hidden=False)
    for one in (*([] if thing.hidden else [thing]), *with_pictures(given)):
        _pictures_show(one)
    act_write(by, "Add", thing_id(thing), at, object_type="Note", on_behalf_of=voice())
    _tell("shown_again", by, at, thing, hiding, given)


def _set(thing: Hideable, counted: list[int], *, hidden: bool) -> list[Contribution]:
    """Mark it, and have it counted and found, or not. Returns what went, or came back, with a challenge."""
    if isinstance(thing, Contribution) and not hidden and stays_hidden(thing):
        return []
    thing.hidden = hidden
    thing.save(update_fields=["hidden"])
    if isinstance(thing, Challenge):
        return given_hide(thing) if hidden else given_show(thing)
    stands = getattr(thing, "withdrawn", None) is None
    change = (-1 if hidden else 1) if stands else 0
    if isinstance(thing, Comment):
        Contribution.objects.filter(pk__in=counted).update(comments=F("comments") + change)
        if thing.interpellation_id:
            asked = Interpellation.objects.filter(pk=thing.interpellation_id)
            asked.update(comments=F("comments") + change)
    if isinstance(thing, Contribution):
        _find(thing, found=not hidden and stands and not thing.erased)
        if thing.challenge_id:
            rows = Challenge.objects.filter(pk=thing.challenge_id)
            rows.update(contributions_count=F("contributions_count") + change)
    return []


def _find(one: Contribution, *, found: bool) -> None:
    if not found:
        title_remove(one.pk)
    else:
        title_put(one.pk, one.space_id, one.title, challenge=one.challenge_id, body=one.body)


def _pictures_hide(thing: Hideable) -> None:
    """Pictures that only this showed. Those of a text that was hidden have no hiding of their own."""
    mine = [one.pk for one in authors_of(thing)]
    shown = Picture.objects.filter(pk__in=pictures_shown(thing), owner__in=mine, hidden=False)
    numbers = set(shown.values_list("pk", flat=True))
    Picture.objects.filter(pk__in=numbers - shown_elsewhere(numbers)).update(hidden=True)


def _pictures_show(thing: Hideable) -> None:
    """Those of them that were not hidden themselves, nor erased."""
    own = Hiding.objects.filter(lifted=None, picture__isnull=False).values("picture")
    rows = Picture.objects.filter(
        pk__in=pictures_shown(thing), owner__in=[one.pk for one in authors_of(thing)]
    )
    rows.exclude(pk__in=own).exclude(sha256="").update(hidden=False)


def _tell(
    kind: str, by: Member, at: datetime, thing: Hideable, hiding: Hiding, given: list[Contribution]
) -> None:
    where = where_of(thing)
    if where is not None:
        comment = thing if isinstance(thing, Comment) else None
        also = [*authors_of(thing), *(givers(given) if given else ())]
        event_tell(kind, by, at, where, comment=comment, also=also, hiding=hiding.pk)
