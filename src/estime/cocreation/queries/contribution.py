"""One contribution as its page shows it, with everything that belongs to it; and who may see what of it."""

from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q

from estime.cocreation.models import Author, Comment, Contribution, Edit, Follow, Member, Support, Version
from estime.cocreation.standing import group_of, may_read, not_found

BUILT: Final = 30
"""What was built on it, so many at once."""
_LOOKED_AT: Final = 1_000


@dataclass(slots=True)
class Whole:
    """A contribution and what stands around it. `group`: its own number, and those of its parts."""

    contribution: Contribution
    group: list[int]
    authors: list[Author]
    parts: list[Contribution] = field(default_factory=list)
    part_authors: dict[int, list[Member]] = field(default_factory=dict)
    newest: Version | None = None
    contributors: list[Member] = field(default_factory=list)
    built: list[Contribution] = field(default_factory=list)
    disowned: list[Version] = field(default_factory=list)
    supported: bool = False
    follows: bool = False
    me: Author | None = None
    writes: bool = False

    @property
    def words_shown(self) -> bool:
        """Whether its words are to be read: not where they were withdrawn, hidden or erased, but by its authors."""
        one = self.contribution
        return not one.erased and ((one.withdrawn is None and not one.hidden) or self.writes)


def contribution_seen(number: int, member: Member | None) -> Contribution:
    """A contribution that somebody may look at, whatever became of it. Raises `NotFound`."""
    found = (
        Contribution.objects.select_related("space", "challenge", "author", "together", "built_on__author")
        .filter(pk=number)
        .first()
    )
    if found is None or not may_read(found.space, member):
        raise not_found()
    return found


def contribution_whole(number: int, member: Member | None) -> Whole:
    """Everything its page shows but the discussion: a fixed number of queries. Raises `NotFound`.

    Of what is hidden, strangers learn that it is; its authors and moderators read it, to be able to answer.
    """
    found = contribution_seen(number, member)
    parts = list(
        Contribution.objects.filter(together=found).select_related("author").defer("body").order_by("pk")
    )
    whole = Whole(found, [found.pk, *(part.pk for part in parts)], [], parts)
    _people(whole, member)
    _versions(whole)
    whole.built = _built(whole.group)
    if member is not None:
        whole.supported = Support.objects.filter(contribution__in=whole.group, member=member).exists()
        whole.follows = Follow.objects.filter(contribution=found, member=member).exists()
        whole.writes = whole.writes or (found.hidden and member.may("moderation.act"))
    return whole


def _built(group: list[int]) -> list[Contribution]:
    """What was built on any of some contributions, newest first; found by its index, then sorted."""
    found = Contribution.objects.filter(built_on__in=group, hidden=False, withdrawn=None).values_list("pk")
    newest = sorted((pk for (pk,) in found[:_LOOKED_AT]), reverse=True)[:BUILT]
    if not newest:
        return []
    shown = Contribution.objects.filter(pk__in=newest).select_related("author").defer("body")
    return sorted(shown, key=lambda each: -each.pk)


def _people(whole: Whole, member: Member | None) -> None:
    standing = Q(accepted__isnull=False, left=None)
    mine = Q(member=member) if member is not None else Q(pk=None)
    for author in (
        Author.objects.filter(standing | mine, contribution__in=whole.group)
        .select_related("member")
        .order_by("contribution_id", "number")
    ):
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
    told = (
        Version.objects.filter(contribution=whole.contribution)
        .select_related("by", "contributor")
        .prefetch_related("disownings__member")
        .defer("body")
        .order_by("-number")[:100]
    )
    seen: set[int] = {author.member_id for author in whole.authors}
    for version in told:
        whole.newest = whole.newest or version
        if version.contributor is not None and version.contributor_id not in seen:
            seen.add(version.contributor_id or 0)
            whole.contributors.append(version.contributor)
        if version.number == whole.contribution.version and version.disownings.all():
            whole.disowned.append(version)


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
