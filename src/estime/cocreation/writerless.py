"""Whose words have lost the last of those who wrote them, once people asked to be forgotten.

Authors of what stands together are authors of the whole: its joint words stay while any of them is there, and the words
that were an erased person's alone, of before it was brought together, go. With nobody left, all words go; what
stands around them (supports, comments, merges) stays.
"""

from collections.abc import Collection, Mapping
from typing import Final

from django.db.models import QuerySet

from estime.cocreation.models import Author, Contribution, Edit, Member, Merge, Option, Version
from estime.cocreation.similar.index import title_remove
from estime.cocreation.together import IN_FORCE, below

ALL: Final = -1
"""In place of a version: every one."""


def writerless(
    held: Mapping[int, Contribution],
    parents: Mapping[int, int],
    *,
    gone: Collection[int] = (),
    undone: int = 0,
) -> dict[int, int]:
    """Of whole groups those whose own authors are all erased, each with the last version that was theirs alone.

    `ALL`: nobody else is an author of it either. `parents`: what each went into, as `together.parents_of` tells it;
    `gone`: members who are being erased now; `undone`: a merge that is looked at as if it were undone already.
    """
    authors = Author.objects.filter(contribution__in=held, accepted__isnull=False, left=None)
    there = authors.exclude(member__in=gone).exclude(member__erased=True)
    written = set(there.values_list("contribution_id", flat=True))
    first = {one.author_id for one in held.values()}
    erased = {*gone, *Member.objects.filter(pk__in=first, erased=True).values_list("pk", flat=True)}
    alone = [pk for pk, one in held.items() if pk not in written and one.author_id in erased]
    began: dict[int, int] = {}
    in_force = Merge.objects.filter(head__in=alone, state__in=IN_FORCE).exclude(pk=undone)
    for head, before in in_force.values_list("head_id", "before"):
        began[head] = min(before or 1, began.get(head, before or 1))
    last = {}
    for pk in alone:
        others = pk in began and written.intersection(below(pk, held, parents))
        # what it says now is everybody's, even where all took it as it was
        last[pk] = min(began[pk], held[pk].version - 1) if others else ALL
    return last


def words_go(held: Mapping[int, Contribution], last: Mapping[int, int]) -> None:
    """Blank what `writerless` found, of contributions that are held: of each all words, or those up to a version."""
    whole = all_of(last)
    for pk in whole:
        title_remove(pk)
        held[pk].title, held[pk].body, held[pk].erased = "", "", True
    Contribution.objects.filter(pk__in=whole).update(title="", body="", erased=True)
    _blank(
        Version.objects.filter(contribution__in=whole), Edit.objects.filter(comment__contribution__in=whole)
    )
    Option.objects.filter(contribution__in=whole).exclude(title="").update(title="")
    Merge.objects.filter(head__in=whole).update(title="", body="")
    for pk in last.keys() - {*whole}:
        _former_go(pk, last[pk])


def all_of(last: Mapping[int, int]) -> list[int]:
    """Of which all words go."""
    return sorted(pk for pk, version in last.items() if version == ALL)


def _former_go(one: int, last: int) -> None:
    """What stood before it was brought together, and what was voted on under another title than any since."""
    versions = Version.objects.filter(contribution=one)
    joint = versions.filter(number__gt=last).values("title")
    _blank(versions.filter(number__lte=last), Edit.objects.filter(comment__contribution=one, base__lte=last))
    Option.objects.filter(contribution=one).exclude(title="").exclude(title__in=joint).update(title="")
    over = Merge.objects.filter(head=one).exclude(state__in=[*IN_FORCE, "proposed"])
    over.update(title="", body="")


def _blank(versions: QuerySet[Version], edits: QuerySet[Edit]) -> None:
    versions.exclude(title="", body="", note="").update(title="", body="", note="")
    edits.update(title="", body="")
