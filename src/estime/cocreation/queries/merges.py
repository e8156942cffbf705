"""Bringing together, as pages tell it: what could go together, a proposal with its sides, what undoing it would do."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch, Q

from estime.cocreation.leading import leads_place
from estime.cocreation.models import (
    Author,
    Comment,
    Consent,
    Contest,
    Contribution,
    Member,
    Merge,
    MergePart,
    Poll,
    Support,
    Version,
)
from estime.cocreation.prepared import Prepared
from estime.cocreation.queries.contribution import contribution_seen
from estime.cocreation.queries.contributions import Wanted, contributions_listed
from estime.cocreation.similar.find import similar
from estime.cocreation.standing import may_read, not_found
from estime.cocreation.texts.diffs import Difference, difference
from estime.cocreation.together import (
    IN_FORCE,
    REGRET,
    SILENT,
    Place,
    below,
    parents_of,
    places,
    root_of,
    voted_on,
)
from estime.cocreation.whole_words import Words, words_agreed, words_suggested, words_without
from estime.cocreation.writerless import ALL, writerless

CANDIDATES = 12
_CONCERNED = Prepared(
    lambda group: (
        Merge.objects.filter(head__in=group)
        .values_list("pk")
        .union(MergePart.objects.filter(contribution__in=group).values_list("merge"))
    )
)
_LEAST = 0.3


@dataclass(slots=True)
class MergeSide:
    """One side of a proposal. `yes`: authors who agreed; `mine`: whether whoever looks is an author of it; `asked`:
    authors who can answer."""

    one: Contribution
    authors: list[Member]
    yes: list[Consent] = field(default_factory=list)
    mine: bool = False
    asked: list[Member] = field(default_factory=list)

    @property
    def missing(self) -> list[Member]:
        """Authors who can answer, and have not said yes."""
        said = {each.member_id for each in self.yes}
        return [each for each in self.asked if each.pk not in said]

    @property
    def waits(self) -> bool:
        """Whether it takes more to carry the proposal out."""
        return not self.yes or bool(self.missing)

    @property
    def shown(self) -> bool:
        """Whether its words are to be read."""
        return not (self.one.hidden or self.one.erased or self.one.withdrawn is not None)


@dataclass(slots=True)
class MergeTold:
    """A proposal, or what became of it. `can`: what whoever looks can do now; `outdated`: what was written since does
    not go together with its words; `silent`: a lead is to decide."""

    merge: Merge
    sides: list[MergeSide]
    contests: list[Contest]
    refusal: Consent | None
    can: frozenset[str]
    what: Difference | None = None
    outdated: bool = False
    silent: bool = False
    until: datetime | None = None


def merge_told(number: int, member: Member | None, at: datetime) -> MergeTold:
    """A merge as its page shows it: a fixed number of queries. Raises `NotFound`."""
    merge = merge_seen(number, member)
    sides = _sides(merge, member)
    contests = list(
        Contest.objects.filter(merge=merge).select_related("member", "answered_by").order_by("at", "pk")
    )
    consents = list(Consent.objects.filter(merge=merge).select_related("member").order_by("at", "pk"))
    for side in sides:
        side.yes = [each for each in consents if each.agrees and each.contribution_id == side.one.pk]
    told = MergeTold(
        merge, sides, contests, next((each for each in consents if not each.agrees), None), frozenset()
    )
    words = (
        words_agreed(merge, {side.one.pk: side.one for side in sides}) if merge.state == "proposed" else None
    )
    told.outdated = words is not None and bool(words.conflicts)
    told.what = _difference(merge, sides[0].one, words)
    told.silent = merge.state == "proposed" and (
        at >= merge.at + SILENT or any(not side.asked and not side.yes for side in sides)
    )
    if merge.state == "agreed" and merge.settled is not None:
        told.until = merge.settled + REGRET
    told.can = _can(told, member, at)
    return told


def merge_seen(number: int, member: Member | None) -> Merge:
    """A merge that somebody may look at. Raises `NotFound`."""
    found = (
        Merge.objects.select_related("head__space", "head__challenge", "by", "settled_by", "undone_by")
        .filter(pk=number)
        .first()
    )
    if found is None or not may_read(found.head.space, member):
        raise not_found()
    return found


def _sides(merge: Merge, member: Member | None) -> list[MergeSide]:
    parts = Contribution.objects.filter(pk__in=merge.parts.values("contribution")).select_related("author")
    sides = {one.pk: MergeSide(one, []) for one in (merge.head, *parts.order_by("pk"))}
    groups = _groups(merge, sides)
    found = Author.objects.filter(contribution__in=groups, accepted__isnull=False, left=None)
    for author in found.select_related("member__user").order_by("contribution_id", "number"):
        side = sides[groups[author.contribution_id]]
        if author.member not in side.authors:
            side.authors.append(author.member)
            if author.member.user is not None and author.member.user.is_active:
                side.asked.append(author.member)
        side.mine = side.mine or (member is not None and author.member_id == member.pk)
    return list(sides.values())


def _groups(merge: Merge, sides: Collection[int]) -> dict[int, int]:
    """What stands on which side: each part with what it took along, the head with the rest of its own."""
    roots = {one.together_id or one.pk for one in Contribution.objects.filter(pk__in=sides).only("together")}
    group = Contribution.objects.filter(Q(pk__in=roots) | Q(together__in=roots))
    numbers = list(group.values_list("pk", flat=True))
    parents = parents_of(numbers)
    told = dict.fromkeys(below(merge.head_id, numbers, parents), merge.head_id)
    for pk in sides:
        if pk != merge.head_id:
            told |= dict.fromkeys(below(pk, numbers, parents), pk)
    return told


def _difference(merge: Merge, head: Contribution, words: Words | None) -> Difference | None:
    """What the head's words become, or became."""
    if head.erased or not merge.title:
        return None
    if words is not None:
        after = (merge.title, merge.body) if words.conflicts else (words.title.text, words.body.text)
        return difference((head.title, head.body), after)
    if merge.before is None:
        return None
    versions = Version.objects.filter(contribution=head, number__gte=merge.before)
    before = versions.filter(number=merge.before).first()
    made = versions.filter(merge=merge).order_by("number").first()
    if before is None or made is None:
        return None
    if not before.title or not made.title:  # words that went with whoever wrote them
        return None
    return difference((before.title, before.body), (made.title, made.body))


def _can(told: MergeTold, member: Member | None, at: datetime) -> frozenset[str]:
    merge, can = told.merge, set[str]()
    if member is None or not member.may("space.take_part"):
        return frozenset()
    mine = any(side.mine for side in told.sides)
    lead = leads_place(member, merge.head)
    if merge.state == "proposed":
        can |= {"refuse"} if mine else set()
        can |= {"agree"} if mine and _agrees(told.sides, member) else set()
        can |= {"withdraw", "reword"} if merge.by_id == member.pk else set()
        can |= {"decide"} if lead else set()
    elif merge.state in IN_FORCE:
        alone = told.until is not None and at < told.until
        can |= {"undo"} if lead or (mine and alone) else set()
        can |= {"answer"} if lead else set()
        contested = any(each.member_id == member.pk for each in told.contests)
        can |= {"contest"} if mine and not alone and not contested else set()
    return frozenset(can)


def _agrees(sides: Sequence[MergeSide], member: Member) -> bool:
    """Whether an author's yes is missing, or carries out what nobody's is missing for (whoever was asked left)."""
    said = [side for side in sides if member in (each.member for each in side.yes)]
    return any(side.mine and side not in said for side in sides) or not any(side.waits for side in sides)


@dataclass(slots=True)
class MergeBeside:
    """What an idea's page tells of bringing together. `whole`: what it is made of; `proposals`: what waits."""

    whole: list[Merge]
    proposals: list[Merge]
    past: list[Merge]


def merges_beside(group: Sequence[int]) -> MergeBeside:
    """The merges of a contribution and of what went into it, newest first; one query where there is none, else two."""
    numbers = [number for (number,) in _CONCERNED.all(group)]
    if not numbers:
        return MergeBeside([], [], [])
    parts = Prefetch("parts", MergePart.objects.select_related("contribution").order_by("contribution"))
    rows = Merge.objects.filter(pk__in=numbers).exclude(state="declined").defer("title", "body")
    found = list(
        rows.select_related("head", "by", "settled_by", "undone_by").prefetch_related(parts).order_by("-pk")
    )
    return MergeBeside(
        [each for each in found if each.state in IN_FORCE],
        [each for each in found if each.state == "proposed"],
        [each for each in found if each.state == "undone"],
    )


def merge_candidates(
    one: Contribution, words: str, member: Member | None
) -> list[tuple[Contribution, Sequence[Member]]]:
    """What could go together with something, with its authors: what the words find, else titles like its own."""
    if words.strip():
        listed = contributions_listed(
            one.challenge or one.space, Wanted(words=words), member, size=CANDIDATES + 1
        )
        rows = [(row.contribution, row.authors) for row in listed.rows if row.contribution.pk != one.pk]
        return list(rows[:CANDIDATES])
    near = similar(
        one.space_id, one.title, CANDIDATES, challenge=one.challenge_id, leave_out=[one.pk], least=_LEAST
    )
    numbers = [each.contribution for each in near]
    found = Contribution.objects.select_related("author").defer("body").filter(challenge=one.challenge_id)
    stand = found.filter(together=None, hidden=False, withdrawn=None, erased=False).in_bulk(numbers)
    authors: dict[int, list[Member]] = {}
    wrote = Author.objects.filter(contribution__in=stand, accepted__isnull=False, left=None)
    for author in wrote.select_related("member").order_by("contribution_id", "number"):
        authors.setdefault(author.contribution_id, []).append(author.member)
    return [(stand[pk], authors.get(pk, ())) for pk in numbers if pk in stand]


@dataclass(slots=True)
class MergeBeginning:
    """What a proposal begins from. `body`: every side's words; `voted`: a vote that keeps the words as they are."""

    sides: list[MergeSide]
    title: str
    body: str
    voted: Poll | None


def merge_beginning(head: int, parts: Sequence[int], member: Member | None) -> MergeBeginning:
    """The sides of a proposal to be, the head first, and a suggestion for the words. Raises `NotFound`."""
    ones = [contribution_seen(pk, member) for pk in dict.fromkeys((head, *parts))]
    group = Contribution.objects.filter(Q(pk__in=[one.pk for one in ones]) | Q(together__in=ones))
    heads = {pk: together or pk for pk, together in group.values_list("pk", "together_id")}
    sides = {one.pk: MergeSide(one, []) for one in ones}
    found = Author.objects.filter(contribution__in=heads, accepted__isnull=False, left=None)
    for author in found.select_related("member").order_by("contribution_id", "number"):
        side = sides.get(heads[author.contribution_id])
        if side is not None and author.member not in side.authors:
            side.authors.append(author.member)
    voted = voted_on(heads)
    named = {
        pk: [f"@[{each.handle}]" for each in side.authors if each.channel == "estime" and each.name]
        for pk, side in sides.items()
    }
    wholes = {together for pk, together in heads.items() if pk != together}
    body = ones[0].body if voted is not None else words_suggested(ones, named, wholes)
    return MergeBeginning(list(sides.values()), ones[0].title, body, voted)


@dataclass(slots=True)
class MergeBack:
    """What one contribution has once a merge is undone. `place` None: it is not touched."""

    one: Contribution
    before: Place
    after: Place


@dataclass(slots=True)
class MergeUndoing:
    """What undoing would do, told before it is done. `since`: supports and comments given to the head itself since;
    `root`: a whole that the head stands in, whose words stay; `words` None: nobody is left who wrote the head, and its
    words go."""

    merge: Merge
    head: Contribution
    rows: list[MergeBack]
    words: Words | None
    what: Difference | None
    since: tuple[int, int]
    root: Contribution | None
    voted: Poll | None


def undo_told(number: int, member: Member | None) -> MergeUndoing:
    """What undoing a merge does, exactly: computed as the undoing itself does. Raises `NotFound`."""
    merge = merge_seen(number, member)
    if merge.state not in IN_FORCE:
        raise not_found()
    head = merge.head
    top = head.together_id or head.pk
    whole = Contribution.objects.filter(Q(pk=top) | Q(together=top)).select_related("author").order_by("pk")
    held = {one.pk: one for one in whole}
    parts = set(merge.parts.values_list("contribution_id", flat=True))
    parents = parents_of(held)
    without = {pk: up for pk, up in parents.items() if pk not in parts}
    after = places(held, without)
    touched = {top, *parts, *_moved(held, after)}
    rows = [MergeBack(held[pk], _place(held[pk]), after[pk]) for pk in held if pk in touched]
    gone = writerless(held, without, undone=merge.pk).get(head.pk) == ALL
    words = None if gone else words_without(merge, head)
    told = None
    if words is not None and not words.conflicts:
        told = difference((head.title, head.body), (words.title.text, words.body.text))
    changes = not head.erased if words is None else words.conflicts or (told is not None and told.changed)
    return MergeUndoing(
        merge,
        head,
        sorted(rows, key=lambda row: (row.one.pk != root_of(head.pk, parents), row.one.pk)),
        words,
        told,
        _since(merge),
        held[top] if top != head.pk else None,
        voted_on(held) if changes else None,
    )


def _moved(held: Mapping[int, Contribution], after: Mapping[int, Place]) -> set[int]:
    return {pk for pk, one in held.items() if one.together_id != after[pk].together}


def _place(one: Contribution) -> Place:
    return Place(one.together_id, one.comments, one.supports)


def _since(merge: Merge) -> tuple[int, int]:
    if merge.settled is None:
        return 0, 0
    given = Support.objects.filter(contribution=merge.head, at__gte=merge.settled).count()
    said = Comment.objects.filter(
        contribution=merge.head, at__gte=merge.settled, withdrawn=None, hidden=False
    ).count()
    return given, said
