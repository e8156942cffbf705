"""Groups of contributions that were brought together: held, and put where the merges in force say.

A merge in force points from each of its parts to its head. `together` of a contribution is the root of its tree;
`replant` derives it, and what is counted over a group, from nothing but these merges and the rows of each contribution.
So whichever merge comes or goes, in whatever order, a contribution that stands alone has exactly what is its own.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from estime.cocreation.errors import NotNow
from estime.cocreation.models import Author, Contribution, Member, MergePart, Poll, Support
from estime.cocreation.standing import not_found

IN_FORCE: Final = ("agreed", "decided")
SILENT: Final = timedelta(days=14)
"""After so long without an answer of every side, a lead decides on a proposal."""
REGRET: Final = timedelta(days=30)
"""So long an author of any side can take it back alone, where authors agreed; afterwards a lead does."""
MOST: Final = 60
"""Contributions in one group: as many as a discussion reads beside each other (queries/talk.py)."""


class _Moved(Exception):
    """A group changed between reading and holding it."""


def groups_held(numbers: Collection[int]) -> dict[int, Contribution]:
    """Contributions with everything that is shown as one with them, their rows held, lower numbers first.

    Raises `NotFound`, and `NotNow` where others bring these together at the same moment, again and again.
    """
    for _try in range(9):
        try:
            with transaction.atomic():  # rows that turn out to be too few are let go again
                return _held(numbers)
        except _Moved:
            continue
    raise NotNow(_("This is being brought together with others just now."), todo=_("Try again in a moment."))


def _held(numbers: Collection[int]) -> dict[int, Contribution]:
    held = {
        each.pk: each
        for each in Contribution.objects.select_for_update(no_key=True, of=("self",))
        .select_related("space", "challenge")
        .filter(pk__in=groups_of(numbers))
        .order_by("pk")
    }
    if not held.keys() >= {*numbers}:
        raise not_found()
    if groups_of(numbers) != held.keys():
        raise _Moved
    return held


def groups_of(numbers: Collection[int]) -> set[int]:
    """Some contributions with everything that is shown as one with them."""
    pairs = Contribution.objects.filter(pk__in=numbers).values_list("pk", "together_id")
    heads = {head or pk for pk, head in pairs}
    group = Contribution.objects.filter(Q(pk__in=heads) | Q(together__in=heads))
    return set(group.values_list("pk", flat=True))


def parents_of(numbers: Iterable[int]) -> dict[int, int]:
    """What each of some contributions went into, by the merges in force."""
    parts = MergePart.objects.filter(merge__state__in=IN_FORCE, contribution__in=numbers)
    return dict(parts.values_list("contribution_id", "merge__head_id"))


def root_of(number: int, parents: Mapping[int, int]) -> int:
    """Where a contribution is shown."""
    while number in parents:
        number = parents[number]
    return number


class Place(NamedTuple):
    """Where a contribution is shown, and what is counted over what it stands for."""

    together: int | None
    comments: int
    supports: int


def replant(held: Mapping[int, Contribution]) -> None:
    """Put whole groups, whose rows are held, where the merges in force say: `together`, and what is counted."""
    for pk, place in places(held, parents_of(held)).items():
        held[pk].together_id, held[pk].comments, held[pk].supports = place
    Contribution.objects.bulk_update(held.values(), ["together", "comments", "supports"])


def places(held: Mapping[int, Contribution], parents: Mapping[int, int]) -> dict[int, Place]:
    """Where each of whole groups stands by some merges, whatever stands now."""
    own = _own_comments(held)
    before = _groups({pk: one.together_id or pk for pk, one in held.items()})
    after = _groups({pk: root_of(pk, parents) for pk in held})
    told = {}
    for pk, one in held.items():
        root = root_of(pk, parents)
        supports = one.supports if before[pk] == after[pk] else people_of(after[pk])
        comments = sum(own[member] for member in after[pk])
        told[pk] = Place(root if root != pk else None, comments, supports)
    return told


def _own_comments(held: Mapping[int, Contribution]) -> dict[int, int]:
    """What stands below each by itself: a head counts what stands below its parts, too."""
    own = {pk: one.comments for pk, one in held.items()}
    for one in held.values():
        if one.together_id is not None:
            own[one.together_id] -= one.comments
    return own


def _groups(roots: Mapping[int, int]) -> dict[int, frozenset[int]]:
    """Over what each contribution counts: a head over its whole group, a part over itself."""
    members: dict[int, set[int]] = defaultdict(set)
    for pk, root in roots.items():
        members[root].add(pk)
    return {pk: frozenset(members[pk] if root == pk else (pk,)) for pk, root in roots.items()}


def people_of(group: Iterable[int]) -> int:
    """How many support any of some contributions, each once."""
    return Support.objects.filter(contribution__in=group).values("member").distinct().count()


def group_in(held: Mapping[int, Contribution], number: int) -> list[int]:
    """A contribution with what was brought together into it, of groups that are held."""
    return [number, *(pk for pk, one in held.items() if one.together_id == number)]


def below(number: int, members: Iterable[int], parents: Mapping[int, int]) -> list[int]:
    """A contribution with everything that went into it, at whatever depth: what it takes along when it goes."""

    def under(pk: int) -> bool:
        while pk != number and pk in parents:
            pk = parents[pk]
        return pk == number

    return [pk for pk in members if under(pk)]


def sides_of(by: Member, sides: Mapping[int, Collection[int]]) -> list[int]:
    """Of which sides somebody is an author; `sides`: each with everything that is in it."""
    numbers = [pk for group in sides.values() for pk in group]
    authored = set(
        Author.objects.filter(
            contribution__in=numbers, member=by, accepted__isnull=False, left=None
        ).values_list("contribution_id", flat=True)
    )
    return [side for side, group in sides.items() if authored & {*group}]


def answering_of(sides: Mapping[int, Collection[int]]) -> dict[int, set[int]]:
    """Who is asked of each side: its authors who can sign in, by their numbers; `sides`: as in `sides_of`."""
    where = {pk: side for side, group in sides.items() for pk in group}
    asked: dict[int, set[int]] = {side: set() for side in sides}
    authors = Author.objects.filter(
        contribution__in=where,
        accepted__isnull=False,
        left=None,
        member__erased=False,
        member__user__is_active=True,
    )
    for pk, member in authors.values_list("contribution_id", "member_id"):
        asked[where[pk]].add(member)
    return asked


def voted_on(numbers: Collection[int]) -> Poll | None:
    """The vote that runs about one of some contributions: what is being voted on keeps its words."""
    running = Poll.objects.filter(opened__isnull=False, closed=None, challenge__cancelled=None)
    return running.filter(options__contribution__in=numbers).order_by("closes").first()
