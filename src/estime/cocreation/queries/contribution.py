"""One contribution as its page shows it, with everything that belongs to it; and who may see what of it."""

from dataclasses import dataclass, field
from typing import Final

from django.db.models import Exists, OuterRef, Q

from estime.cocreation.models import (
    Author,
    Comment,
    Contribution,
    Disowning,
    Edit,
    Follow,
    Member,
    Support,
    Version,
)
from estime.cocreation.prepared import Prepared
from estime.cocreation.standing import group_of, may_read, not_found

BUILT: Final = 30
"""What was built on it, so many at once."""
_LOOKED_AT: Final = 1_000
_ONE: Final = Prepared(
    lambda number: Contribution.objects.filter(pk=number).select_related(
        "space", "challenge", "author", "together", "built_on__author"
    ),
    plan_once=True,
)
_PARTS: Final = Prepared(
    lambda head: (
        Contribution.objects.filter(together=head).select_related("author").defer("body").order_by("pk")
    ),
    plan_once=True,
)
_BUILT: Final = Prepared(
    lambda group: Contribution.objects.filter(built_on__in=group, hidden=False, withdrawn=None).values_list(
        "pk"
    )[:_LOOKED_AT],
    plan_once=True,
)
_SHOWN: Final = Prepared(
    lambda numbers: Contribution.objects.filter(pk__in=numbers).select_related("author").defer("body"),
    plan_once=True,
)
_AUTHORS: Final = Prepared(
    lambda group, member: (
        Author.objects.filter(Q(accepted__isnull=False, left=None) | Q(member=member), contribution__in=group)
        .select_related("member")
        .order_by("contribution_id", "number")
    )
)
_VERSIONS: Final = Prepared(
    lambda number: (
        Version.objects.filter(contribution=number)
        .annotate(disowned=Exists(Disowning.objects.filter(version=OuterRef("pk"))))
        .select_related("by", "contributor")
        .defer("body")
        .order_by("-number")[:100]
    ),
    plan_once=True,
)
_SUPPORTS: Final = Prepared(
    lambda group, member: Support.objects.filter(contribution__in=group, member=member).values_list("pk")[:1]
)
_FOLLOWS: Final = Prepared(
    lambda number, member: Follow.objects.filter(contribution=number, member=member).values_list("pk"),
    plan_once=True,
)


@dataclass(slots=True)
class Whole:
    """A contribution and what stands around it. `group`: its own number, and those of its parts; `contributors`: whose
    improvements were adopted (whoever proposed to bring something together is named by that, and improved nothing)."""

    contribution: Contribution
    group: list[int]
    authors: list[Author]
    parts: list[Contribution] = field(default_factory=list)
    part_authors: dict[int, list[Member]] = field(default_factory=dict)
    newest: Version | None = None
    contributors: list[Member] = field(default_factory=list)
    built: list[Contribution] = field(default_factory=list)
    disowned: list[Disowning] = field(default_factory=list)
    supported: bool = False
    follows: bool = False
    me: Author | None = None
    writes: bool = False

    @property
    def everybody(self) -> list[Member]:
        """Who wrote it: its own authors, then those of what was brought together into it, each once."""
        own = [author.member for author in self.authors] or [self.contribution.author]
        parts = [each for part in self.parts for each in self.part_authors.get(part.pk) or [part.author]]
        return list({each.pk: each for each in (*own, *parts)}.values())

    @property
    def words_shown(self) -> bool:
        """Whether its words are to be read: not where they were withdrawn, hidden or erased, but by its authors."""
        one = self.contribution
        return not one.erased and ((one.withdrawn is None and not one.hidden) or self.writes)


def contribution_seen(number: int, member: Member | None) -> Contribution:
    """A contribution that somebody may look at, whatever became of it. Raises `NotFound`."""
    found = _ONE.first(number)
    if found is None or not may_read(found.space, member):
        raise not_found()
    return found


def contribution_whole(number: int, member: Member | None) -> Whole:
    """Everything its page shows but the discussion: a fixed number of queries. Raises `NotFound`.

    Of what is hidden, strangers learn that it is; its authors and moderators read it, to be able to answer.
    """
    found = contribution_seen(number, member)
    parts = _PARTS.all(found.pk)
    whole = Whole(found, [found.pk, *(part.pk for part in parts)], [], parts)
    _people(whole, member)
    _versions(whole)
    whole.built = _built(whole.group)
    if member is not None:
        whole.supported = bool(_SUPPORTS.all(whole.group, member.pk))
        whole.follows = bool(_FOLLOWS.all(found.pk, member.pk))
        whole.writes = whole.writes or (found.hidden and member.may("moderation.act"))
    return whole


def _built(group: list[int]) -> list[Contribution]:
    """What was built on any of some contributions, newest first; found by its index, then sorted."""
    newest = sorted((pk for (pk,) in _BUILT.all(group)), reverse=True)[:BUILT]
    return sorted(_SHOWN.all(newest), key=lambda each: -each.pk) if newest else []


def _people(whole: Whole, member: Member | None) -> None:
    for author in _AUTHORS.all(whole.group, member.pk if member is not None else 0):
        stands = author.accepted is not None and author.left is None
        own = member is not None and author.member_id == member.pk
        if author.contribution_id == whole.contribution.pk:
            if stands:
                whole.authors.append(author)
            if own:
                whole.me = author
        elif stands:
            whole.part_authors.setdefault(author.contribution_id, []).append(author.member)
        whole.writes = whole.writes or (own and stands)


def _versions(whole: Whole) -> None:
    seen: set[int] = {each.pk for each in whole.everybody}
    for version in _VERSIONS.all(whole.contribution.pk):
        whole.newest = whole.newest or version
        improved = version.contributor if version.edit_id is not None else None
        if improved is not None and improved.pk not in seen:
            seen.add(improved.pk)
            whole.contributors.append(improved)
        if version.number == whole.contribution.version and version.disowned:
            whole.disowned += list(version.disownings.select_related("member"))


def edit_seen(number: int, member: Member | None) -> tuple[Edit, Contribution]:
    """An improvement, and what it was offered to. Raises `NotFound`."""
    edit = Edit.objects.select_related("comment__by").filter(pk=number, comment__hidden=False).first()
    if edit is None or edit.comment.withdrawn is not None or edit.comment.contribution_id is None:
        raise not_found()
    return edit, contribution_seen(edit.comment.contribution_id, member)


def comment_seen(number: int, member: Member | None) -> Comment:
    """A comment that somebody may look at. Raises `NotFound`."""
    found = (
        Comment.objects.select_related(
            "by", "contribution__space", "challenge__space", "interpellation__space", "root", "quoted"
        )
        .filter(pk=number)
        .first()
    )
    where = (found.contribution or found.challenge or found.interpellation) if found is not None else None
    if found is None or where is None or not may_read(where.space, member):
        raise not_found()
    return found


__all__ = [
    "Whole",
    "comment_seen",
    "contribution_seen",
    "contribution_whole",
    "edit_seen",
    "group_of",
]
