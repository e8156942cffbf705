"""What a comment said before it was reworded: for whoever may read its words, and no longer than those."""

from typing import Final

from estime.cocreation.models import Comment, Member, Wording
from estime.cocreation.queries.contribution import comment_seen
from estime.cocreation.standing import not_found

MOST: Final = 50
"""So many earlier wordings at once, the newest."""


def wordings_seen(number: int, member: Member | None) -> tuple[Comment, list[Wording]]:
    """A comment and what it said before, newest first: two queries. Raises `NotFound`.

    Of what was taken back or erased nothing is left to read; of what is hidden, for its author and moderators alone.
    """
    seen = comment_seen(number, member)
    if seen.erased or seen.withdrawn is not None or not _lawful(seen, member):
        raise not_found()
    return seen, list(Wording.objects.filter(comment=seen).order_by("-pk")[:MOST])


def _lawful(seen: Comment, member: Member | None) -> bool:
    if not seen.hidden:
        return True
    return member is not None and (member.pk == seen.by_id or member.may("moderation.act"))
