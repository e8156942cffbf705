"""Who is new: said first words, and has not been answered by anybody yet. Nobody is counted, nobody is ranked."""

from datetime import datetime, timedelta
from typing import Final

from estime.cocreation.models import Member

NEW_FOR: Final = timedelta(days=30)


def is_new(member: Member, at: datetime) -> bool:
    """Whether others see “new here” beside their name: in their first month, until they were made welcome."""
    return (
        member.user_id is not None
        and not member.erased
        and member.welcomed is None
        and (member.spoke is None or at - member.spoke < NEW_FOR)
        and at - member.joined < NEW_FOR
    )


def words_said(by: Member, space: int, to: Member | None, at: datetime) -> None:
    """Note somebody's first words, and that whoever they answer has been answered now. In the deed's transaction.

    Rows are touched in the order of their numbers: two newcomers who answer each other at once do not wait for ever.
    """
    first: list[tuple[int, str]] = []
    if by.spoke is None:
        first.append((by.pk, "spoke"))
    if to is not None and to.pk != by.pk and to.welcomed is None and to.spoke is not None:
        first.append((to.pk, "welcomed"))
    for number, what in sorted(first):
        if what == "spoke":
            Member.objects.filter(pk=number, spoke=None).update(spoke=at, spoke_in=space)
            by.spoke = at
        else:
            Member.objects.filter(pk=number, welcomed=None).update(welcomed=at)
