"""*Coulisses*: what the brand gives first, and tells on the way, so that there is something to work on."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from estime.cocreation.acts import act_write, object_id
from estime.cocreation.checks import check_words
from estime.cocreation.errors import NotFound
from estime.cocreation.leading import challenge_held, check_leads
from estime.cocreation.models import Backstage, Challenge, Member
from estime.cocreation.naming import voice
from estime.cocreation.news import event_tell
from estime.cocreation.texts.parsing import LONGEST_TEXT
from estime.kernel import clock

LONGEST_TITLE = 160


def backstage_give(
    by: Member, challenge: Challenge, title: str, body: str, *, when: datetime | None = None
) -> Backstage:
    """Add an entry, before or after the opening; from the opening on its followers are told.

    The same words twice in a row are one entry (a form sent twice). Raises `NotAllowed`, `WordsMissing`.
    """
    at = when or clock.now()
    heading = check_words(title, "title", LONGEST_TITLE)
    text = check_words(body, "body", LONGEST_TEXT, needed=False)
    with transaction.atomic():
        held = challenge_held(challenge)
        check_leads(by, held)
        newest = held.backstage.order_by("-pk").first()
        if newest is not None and (newest.title, newest.body, newest.by_id) == (heading, text, by.pk):
            return newest
        entry = Backstage.objects.create(challenge=held, by=by, title=heading, body=text, at=at)
        if held.opened is not None:
            _tell(by, held, entry, "Add", at)
            event_tell("backstage_given", by, at, held, backstage=entry.pk)
    return entry


def backstage_change(
    by: Member, entry: Backstage, title: str, body: str, *, when: datetime | None = None
) -> Backstage:
    """Say it better: the entry shows that it was changed, and when. Raises as `backstage_give`, and `NotFound`."""
    at = when or clock.now()
    heading = check_words(title, "title", LONGEST_TITLE)
    text = check_words(body, "body", LONGEST_TEXT, needed=False)
    with transaction.atomic():
        challenge = challenge_held(entry.challenge)
        check_leads(by, challenge)
        held = Backstage.objects.select_for_update().filter(pk=entry.pk).first()
        if held is None:
            raise NotFound(_("This is not there any more."), todo=_("Look at the challenge."))
        if (held.title, held.body) == (heading, text):
            return held
        held.title, held.body = heading, text
        held.changed = at if challenge.opened is not None else None
        held.save(update_fields=["title", "body", "changed"])
        if challenge.opened is not None:
            _tell(by, challenge, held, "Update", at)
    return held


def _tell(by: Member, challenge: Challenge, entry: Backstage, type: str, at: datetime) -> None:
    act_write(
        by,
        type,
        f"backstage/{entry.pk}",
        at,
        object_type="Document",
        context=object_id(challenge),
        content=f"{entry.title}\n\n{entry.body}",
        on_behalf_of=voice() if challenge.by_brand else None,
    )
