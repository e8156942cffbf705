"""Versions of a contribution: listed, compared, brought together."""

from typing import NamedTuple

from django.db.models import QuerySet

from estime.cocreation.models import Contribution, Version
from estime.cocreation.standing import not_found
from estime.cocreation.texts.diffs import Difference, difference
from estime.cocreation.texts.merging import Merged, three_way


class Compared(NamedTuple):
    """Two versions and what is different."""

    before: Version
    after: Version
    what: Difference


def versions_of(contribution: Contribution) -> QuerySet[Version]:
    """Every version, newest first, with who wrote it and who disowned it."""
    return (
        Version.objects.filter(contribution=contribution)
        .select_related("by", "contributor", "edit", "merge")
        .prefetch_related("disownings__member")
        .order_by("-number")
    )


def version_of(contribution: Contribution, number: int) -> Version:
    """One version. Raises `NotFound`."""
    found = versions_of(contribution).filter(number=number).first()
    if found is None:
        raise not_found()
    return found


def versions_compared(contribution: Contribution, before: int, after: int) -> Compared:
    """What became of one version in another. Raises `NotFound`."""
    old, new = version_of(contribution, before), version_of(contribution, after)
    return Compared(old, new, difference((old.title, old.body), (new.title, new.body)))


def words_merged(contribution: Contribution, base: int, title: str, body: str) -> tuple[Merged, Merged]:
    """Title and text of a contribution as it stands, together with words that were made from an older version."""
    if base == contribution.version:
        return three_way(contribution.title, contribution.title, title), three_way(
            contribution.body, contribution.body, body
        )
    old = Version.objects.get(contribution=contribution, number=base)
    return (
        three_way(old.title, contribution.title, title),
        three_way(old.body, contribution.body, body),
    )
