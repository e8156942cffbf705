"""Publishing: a draft becomes a contribution, once, whatever is clicked how often.

In one transaction: the deal agreed to, the contribution with its first version and author, its pictures shown, the act,
the news, the index of titles, the counts. The challenge's row is held only at the end, for two numbers.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from estime.cocreation.actions.deals import deal_agreed
from estime.cocreation.actions.drafts import LONGEST_BODY, LONGEST_TITLE, draft_held, draft_source
from estime.cocreation.acts import KIND_TYPES, act_write, object_id
from estime.cocreation.checks import check_may, check_words
from estime.cocreation.errors import NotFound, NotNow
from estime.cocreation.limits import check_limits, check_links
from estime.cocreation.members import CHANNEL
from estime.cocreation.models import Author, Challenge, Contribution, Draft, Member, Picture, Version
from estime.cocreation.newcomers import words_said
from estime.cocreation.news import event_tell
from estime.cocreation.queries.phases import challenge_hidden_now, check_phase
from estime.cocreation.repetition import Heard, check_repeated, repeated_note
from estime.cocreation.similar.index import title_put
from estime.cocreation.standing import BUILD_ON, PUBLISH, check_stands, may_read, not_found
from estime.cocreation.texts.plain import references_of
from estime.kernel import clock

PICTURES: Final = 40
"""Pictures that one text may show."""


def contribution_publish(
    by: Member, number: UUID, *, deal: int = 0, when: datetime | None = None
) -> Contribution:
    """Publish a draft of one's own. `deal`: the version of the challenge's deal that was read and agreed to, or 0.

    Publishing the same draft again gives the same contribution. Raises `NotFound` (no such draft of theirs), `NotNow`,
    `DealNotAccepted`, `WordsMissing`, `WordsTooMany`, `NotAllowed`.
    """
    check_may(by, "space.take_part")
    at = when or clock.now()
    with transaction.atomic():
        check_limits(by, "ideas", at)
        try:
            draft = draft_held(by, number)
        except NotFound:
            known = Contribution.objects.filter(source=draft_source(number), author=by).first()
            if known is None:
                raise
            return known
        challenge = _check_draft(by, draft, at)
        deal_agreed(by, challenge, deal, when=at)
        heard = _heard(by, draft, at)
        contribution = _written(by, draft, at)
        words_said(by, contribution.space_id, draft.built_on.author if draft.built_on else None, at)
        _told(by, contribution, draft.built_on, at)
        title_put(
            contribution.pk,
            contribution.space_id,
            contribution.title,
            challenge=contribution.challenge_id,
            body=contribution.body,
        )
        repeated_note(by, heard, contribution, contribution.space_id)
        draft.delete()
        people_count(by, challenge.pk, contribution.pk, contributions=1)
    return contribution


def _check_draft(by: Member, draft: Draft, at: datetime) -> Challenge:
    challenge = draft.challenge
    if challenge is None or draft.contribution_id is not None or not may_read(challenge.space, by):
        raise not_found()
    if draft.built_on is not None:
        check_stands(draft.built_on)
    check_phase(challenge, *(BUILD_ON if draft.built_on_id else PUBLISH), at=at)
    if challenge.kinds and draft.kind not in challenge.kinds:
        raise NotNow(
            _("This challenge does not ask for that kind of contribution."),
            todo=_("Choose one of those it asks for."),
        )
    return challenge


def _heard(by: Member, draft: Draft, at: datetime) -> Heard:
    """What others wrote lately that is nearly the same; what it is built on is meant to be."""
    text = f"{draft.title}\n\n{draft.body}"
    check_links(by, text, "body", at)
    return check_repeated(by, text, at, but=[f"contribution/{draft.built_on_id}"])


def _written(by: Member, draft: Draft, at: datetime) -> Contribution:
    title = check_words(" ".join(draft.title.split()), "title", LONGEST_TITLE)
    body = check_words(draft.body, "body", LONGEST_BODY)
    contribution = Contribution(
        space_id=draft.space_id,
        challenge_id=draft.challenge_id,
        kind=draft.kind,
        title=title,
        body=body,
        author=by,
        built_on_id=draft.built_on_id,
        at=at,
        changed=at,
        channel=CHANNEL,
        source=draft_source(draft.pk),
    )
    contribution.save(force_insert=True)
    Version(contribution=contribution, number=1, title=title, body=body, by=by, at=at).save(force_insert=True)
    Author(contribution=contribution, member=by, number=1, accepted=at).save(force_insert=True)
    pictures_publish(by, body)
    return contribution


def _told(by: Member, contribution: Contribution, origin: Contribution | None, at: datetime) -> None:
    act_write(
        by,
        "Create",
        contribution,
        at,
        object_type=KIND_TYPES[contribution.kind],
        in_reply_to=object_id(origin) if origin else None,
        context=context_of(contribution),
        content=content_of(contribution),
        source_id=contribution.source,
    )
    event_tell("published", by, at, contribution)
    if origin is not None:
        event_tell("built_on", by, at, origin, built=contribution.pk)


def pictures_publish(by: Member, body: str) -> None:
    """Pictures that a text shows are to be seen from now on: those of whoever publishes it, nobody else's."""
    shown = references_of(body).pictures[:PICTURES]
    if shown:
        Picture.objects.filter(pk__in=shown, owner=by, published=False).update(published=True)


def people_count(by: Member, challenge: int | None, contribution: int, *, contributions: int = 0) -> None:
    """Count a contribution, and its author if they had given nothing to this challenge yet. Last in its transaction.

    Holding the challenge's row makes it exact: whoever published at the same time is seen, or sees.
    """
    if challenge is None:
        return
    held = Challenge.objects.select_for_update(no_key=True).only("pk", "hidden").get(pk=challenge)
    if held.hidden:  # since the phase was checked
        raise challenge_hidden_now()
    known = (
        Author.objects.filter(member=by, contribution__challenge=challenge, accepted__isnull=False)
        .exclude(contribution=contribution)
        .exists()
    )
    Challenge.objects.filter(pk=challenge).update(
        contributions_count=F("contributions_count") + contributions,
        people_count=F("people_count") + (0 if known else 1),
    )


def context_of(contribution: Contribution) -> str | None:
    """What the ledger calls the challenge that a contribution stands in."""
    return object_id(contribution.challenge) if contribution.challenge is not None else None


def content_of(contribution: Contribution) -> str:
    """A contribution's words as one text, for the ledger."""
    return f"{contribution.title}\n\n{contribution.body}".strip()
