"""What members say to each other: written, reworded, taken back. A thread keeps its shape whatever goes.

A comment's source is made from a word that its form carries (`once`): sent twice, it is said once. `comments` of a
contribution counts what stands below itself; that of a head counts what stands below any of its group.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from estime.cocreation.actions.deals import deal_agreed
from estime.cocreation.actions.publish import pictures_publish
from estime.cocreation.actions.versions import NewWords, words_checked
from estime.cocreation.acts import act_write, object_id
from estime.cocreation.checks import check_may, check_words
from estime.cocreation.errors import NotAllowed, NotFound, NotNow
from estime.cocreation.limits import check_limits, check_links
from estime.cocreation.members import CHANNEL
from estime.cocreation.mentions import Spot, mentioned_in, mentions_find
from estime.cocreation.models import (
    Challenge,
    Comment,
    Contribution,
    Edit,
    Interpellation,
    Member,
    Notice,
    Wording,
)
from estime.cocreation.naming import voice
from estime.cocreation.newcomers import words_said
from estime.cocreation.news import event_tell
from estime.cocreation.queries.phases import challenge_hidden_now
from estime.cocreation.repetition import check_repeated, repeated_note
from estime.cocreation.standing import check_stands, group_held, may_read, not_found
from estime.cocreation.vocabulary import INTENTS
from estime.kernel import clock
from estime.kernel.ids import uuid7

LONGEST: Final = 10_000


class Said(NamedTuple):
    """What somebody says. `parent`: the comment it answers; `quoted`: one it quotes; `chosen`: handles that were picked
    while typing; `once`: a random word of the form."""

    body: str
    intent: str = ""
    parent: int | None = None
    quoted: int | None = None
    chosen: Sequence[str] = ()
    once: UUID | None = None


class Offer(NamedTuple):
    """A concrete change of a contribution: its words as they would be, made from version `base`. `deal`: the version of
    the challenge's deal that was read and agreed to, or 0 (before): whoever gives words to a challenge agrees to it."""

    title: str
    body: str
    base: int
    deal: int = 0


def comment_write(
    by: Member, where: Spot, said: Said, *, offer: Offer | None = None, when: datetime | None = None
) -> Comment:
    """Say something below a contribution, a challenge or a question to the brand. `offer`: with an improvement.

    Raises `NotFound`, `NotNow` (withdrawn, hidden, not open yet), `NotAllowed`, `WordsMissing`, `WordsTooMany`; with an
    improvement `DealNotAccepted`.
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    body = check_words(mentions_find(said.body, where, said.chosen), "body", LONGEST, needed=offer is None)
    source = f"comment/{said.once or uuid7()}"
    with transaction.atomic():
        check_limits(by, "comments", at)
        spots = _held(by, where)
        known = Comment.objects.filter(channel=CHANNEL, source=source).first()
        if known is not None:
            if known.by_id != by.pk:
                raise not_found()
            return known
        parent = _answered(where, said.parent)
        check_links(by, body, "body", at)
        heard = check_repeated(by, body, at)
        comment = _written(by, where, said, body, parent, source, at)
        if offer is not None:
            _offered(comment, spots[0], offer)
        for model in (Contribution, Interpellation):
            pks = [spot.pk for spot in spots if isinstance(spot, model)]
            if pks:
                model.objects.filter(pk__in=pks).update(comments=F("comments") + 1)
        if comment.root_id is not None:
            Comment.objects.filter(pk=comment.root_id).update(replies=F("replies") + 1)
        words_said(by, _space(where), parent.by if parent else _author(where), at)
        pictures_publish(by, body)
        _told(comment, where, parent, offer, at)
        repeated_note(by, heard, comment, _space(where))
    return comment


def _held(by: Member, where: Spot) -> list[Spot]:
    """The place, and the head that counts it too, their rows held. Raises where nothing can be said there."""
    if not may_read(where.space, by):
        raise not_found()
    if isinstance(where, Contribution):
        contribution, head = group_held(where.pk)
        check_stands(contribution)
        return [contribution] if contribution.pk == head.pk else [contribution, head]
    fresh = type(where).objects.select_for_update(no_key=True).get(pk=where.pk)  # hidden since it was read?
    if isinstance(fresh, Challenge):
        if fresh.opened is None:
            raise not_found()
        if fresh.hidden:
            raise challenge_hidden_now()
        return [where]
    if fresh.hidden or fresh.erased or fresh.withdrawn is not None:
        raise NotNow(_("This question was taken back, or is hidden."), todo=_("Look at the others."))
    return [where]


def _answered(where: Spot, number: int | None) -> Comment | None:
    if number is None:
        return None
    parent = Comment.objects.select_related("by").filter(pk=number, **{_field(where): where}).first()
    if parent is None or parent.hidden:
        raise NotFound(_("What you answer is not here any more."), todo=_("Say it as a comment of its own."))
    if parent.withdrawn is not None:
        raise NotNow(
            _("What you answer was taken back meanwhile."), todo=_("Say it as a comment of its own.")
        )
    return parent


def _written(
    by: Member, where: Spot, said: Said, body: str, parent: Comment | None, source: str, at: datetime
) -> Comment:
    quoted = (
        Comment.objects.filter(pk=said.quoted, hidden=False, withdrawn=None).first() if said.quoted else None
    )
    comment = Comment(
        **{_field(where): where},
        root_id=(parent.root_id or parent.pk) if parent else None,
        parent=parent,
        quoted=quoted if quoted is not None and _same_place(quoted, where) else None,
        by=by,
        for_brand=by.user is not None and by.user.is_staff,
        intent=said.intent if said.intent in INTENTS else "",
        body=body,
        at=at,
        channel=CHANNEL,
        source=source,
    )
    comment.save(force_insert=True)
    return comment


def _same_place(quoted: Comment, where: Spot) -> bool:
    """Quoted is what was said in the same space: nobody's words are carried out of a closed one."""
    return place_of(quoted).space_id == where.space_id


def _offered(comment: Comment, where: Spot, offer: Offer) -> None:
    if not isinstance(where, Contribution) or comment.parent_id is not None:
        raise NotAllowed(_("An improvement is offered to a contribution."), todo=_("Go to the contribution."))
    words = words_checked(NewWords(offer.title, offer.body))
    if where.challenge is not None:
        deal_agreed(comment.by, where.challenge, offer.deal, when=comment.at)
    if not where.versions.filter(number=offer.base).exists():
        raise not_found()
    comment.intent = "improvement"
    comment.save(update_fields=["intent"])
    Edit.objects.create(comment=comment, base=offer.base, title=words.title, body=words.body)
    pictures_publish(comment.by, words.body)


def _told(comment: Comment, where: Spot, parent: Comment | None, offer: Offer | None, at: datetime) -> None:
    by = comment.by
    challenge = where if isinstance(where, Challenge) else where.challenge
    content = comment.body if offer is None else f"{comment.body}\n\n{offer.title}\n\n{offer.body}".strip()
    act_write(
        by,
        "Create",
        comment,
        at,
        object_type="Note",
        in_reply_to=object_id(parent or where),
        context=object_id(challenge or where.space),
        content=content,
        on_behalf_of=voice() if comment.for_brand else None,
        source_id=comment.source,
        extra={"intent": comment.intent} if comment.intent else None,
    )
    also = {one.pk: one for one in (parent and parent.by, comment.quoted and comment.quoted.by) if one}
    kind = "edit_offered" if offer else "replied" if parent else "commented"
    event = event_tell(kind, by, at, where, comment=comment, also=also.values())
    told = set(Notice.objects.filter(event=event).values_list("member_id", flat=True))
    meant = [one for one in mentioned_in(comment.body) if one.pk not in told and one.pk != by.pk]
    if meant:
        event_tell("mentioned", by, at, where, comment=comment, also=meant)


def comment_edit(
    by: Member, number: int, body: str, *, chosen: Sequence[str] = (), when: datetime | None = None
) -> Comment:
    """Reword what one said; what it said before is kept. The same words again change nothing.

    Raises `NotFound`, `NotAllowed` (somebody else's), `NotNow` (taken back), `WordsMissing`, `WordsTooMany`.
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    with transaction.atomic():
        comment = _own(by, number)
        where = place_of(comment)
        words = check_words(mentions_find(body, where, chosen), "body", LONGEST)
        if words == comment.body:
            return comment
        check_limits(by, "rewordings", at)
        check_links(by, words, "body", at)
        before = {one.pk for one in mentioned_in(comment.body)}
        Wording.objects.create(comment=comment, body=comment.body, until=at)
        comment.body, comment.edited = words, at
        comment.save(update_fields=["body", "edited"])
        pictures_publish(by, words)
        act_write(by, "Update", comment, at, object_type="Note", context=_context(where), content=words)
        meant = [one for one in mentioned_in(words) if one.pk not in before and one.pk != by.pk]
        if meant:
            event_tell("mentioned", by, at, where, comment=comment, also=meant)
    return comment


def comment_withdraw(by: Member, number: int, *, when: datetime | None = None) -> Comment:
    """Take back what one said: its place in the thread stays, its words go. Again is harmless.

    Raises `NotFound`, `NotAllowed`, `NotNow`: an improvement that was adopted is part of the contribution.
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    with transaction.atomic():
        held = Comment.objects.filter(pk=number).values_list("contribution_id", flat=True).first()
        spots = {one.pk for one in group_held(held)} if held else set()
        comment = _own(by, number, taken_back=True)
        if comment.withdrawn is not None:
            return comment
        if Edit.objects.filter(comment=comment, state="adopted").exists():
            raise NotNow(
                _("This improvement was adopted: it is part of the contribution."),
                todo=_("Say in a comment what you think of it now."),
            )
        comment.withdrawn = at
        comment.save(update_fields=["withdrawn"])
        where = place_of(comment)
        if spots:
            Contribution.objects.filter(pk__in=spots).update(comments=F("comments") - 1)
        elif isinstance(where, Interpellation):
            Interpellation.objects.filter(pk=where.pk).update(comments=F("comments") - 1)
        act_write(by, "Delete", comment, at, object_type="Note", context=_context(where))
    return comment


def place_of(comment: Comment) -> Spot:
    """What a comment stands below."""
    where = comment.contribution or comment.challenge or comment.interpellation
    assert where is not None  # noqa: S101  the database says so
    return where


def _own(by: Member, number: int, *, taken_back: bool = False) -> Comment:
    comment = Comment.objects.select_for_update(of=("self",)).filter(pk=number).first()
    if comment is None or not may_read(place_of(comment).space, by):
        raise not_found()
    if comment.by_id != by.pk:
        raise NotAllowed(_("This was said by somebody else."), todo=_("You can answer it."))
    if comment.hidden or (comment.withdrawn is not None and not taken_back):
        raise NotNow(_("This was taken back, or is hidden."), todo=_("Say it as a comment of its own."))
    return comment


def _field(where: Spot) -> str:
    return type(where).__name__.lower()


def _context(where: Spot) -> str:
    challenge = where if isinstance(where, Challenge) else where.challenge
    return object_id(challenge or where.space)


def _space(where: Spot) -> int:
    return where.space_id


def _author(where: Spot) -> Member | None:
    return where.author if isinstance(where, Contribution | Interpellation) else None
