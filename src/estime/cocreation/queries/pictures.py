"""A picture for whoever may see it."""

from uuid import UUID

from estime.cocreation.models import Member, Picture
from estime.cocreation.standing import may_read, not_found


def picture_seen(number: UUID, member: Member | None) -> Picture:
    """A picture that somebody may see: published and not hidden, in a space they may read; or their own.

    Raises `NotFound`. Moderators see what is hidden, to be able to judge.
    """
    found = Picture.objects.select_related("space").filter(pk=number).first()
    if found is None or not may_read(found.space, member):
        raise not_found()
    own = member is not None and found.owner_id == member.pk
    judges = member is not None and found.published and member.may("moderation.act")
    if (found.published and not found.hidden) or own or judges:
        return found
    raise not_found()
