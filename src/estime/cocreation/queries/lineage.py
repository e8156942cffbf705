"""What something came from, followed as far as it goes (W3C PROV: wasDerivedFrom, transitively).

From each contribution lead on: those that were brought together into it, the one that it was built on, and the members'
improvements that it adopted. A fixed number of queries per step back; a circle ends where it began.
"""

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from django.db.models import Q

from estime.cocreation.models import Comment, Contribution, Version

RELATIONS: Final = ("taken", "part", "together", "built_on", "adopted")
"""How something is part of what was made: taken up itself, in part without having been taken up, brought together with,
built on, an improvement adopted."""
MOST: Final = 5_000


class Source(NamedTuple):
    """One thing that it came from. `to`: the contribution through which it is part of it, 0 for the first ones."""

    relation: str
    contribution: int = 0
    comment: int = 0
    to: int = 0


def lineage(seeds: Iterable[int]) -> list[Source]:
    """All that these contributions came from, themselves first; each thing once, by its shortest way.

    What was withdrawn, hidden or erased is in it too: it is a fact that it was used. Stops at `MOST`.
    """
    found: dict[tuple[int, int], Source] = {}
    step = {pk: Source("taken", contribution=pk) for pk in sorted(set(seeds))}
    while step and len(found) < MOST:
        found.update({(pk, 0): source for pk, source in step.items()})
        for source in _adopted(step):
            found.setdefault((0, source.comment), source)
        step = {pk: source for pk, source in _before(step).items() if (pk, 0) not in found}
    return list(found.values())[:MOST]


def _before(step: Collection[int]) -> dict[int, Source]:
    """What lies one step back of some contributions."""
    rows = Contribution.objects.filter(Q(pk__in=step) | Q(together__in=step))
    told: dict[int, Source] = {}
    for pk, together, built_on in rows.order_by("pk").values_list("pk", "together_id", "built_on_id"):
        if pk not in step and together is not None:
            told.setdefault(pk, Source("together", contribution=pk, to=together))
        if pk in step and built_on is not None:
            told.setdefault(built_on, Source("built_on", contribution=built_on, to=pk))
    return told


def _adopted(step: Collection[int]) -> list[Source]:
    rows = Version.objects.filter(contribution__in=step, edit__isnull=False).order_by(
        "contribution", "number"
    )
    return [
        Source("adopted", comment=comment, to=contribution)
        for contribution, comment in rows.values_list("contribution_id", "edit__comment_id")
    ]


def relation_now(source: Source, contribution: Contribution | None) -> Source:
    """A source with what its answer says: “taken” is said of what was taken up, whoever named it as a source."""
    if contribution is None or source.relation not in ("taken", "part"):
        return source
    if contribution.decision == "taken":
        return source._replace(relation="taken")
    return source._replace(relation="part" if contribution.together_id is None else "together")


class Proposed(NamedTuple):
    """A source with what a page shows of it."""

    source: Source
    contribution: Contribution | None
    comment: Comment | None


def sources_proposed(challenge: int, seeds: Iterable[int] = ()) -> list[Proposed]:
    """What an outcome of a challenge may have come from, for a lead to confirm: from `seeds`, else all taken up."""
    chosen = list(seeds) or list(
        Contribution.objects.filter(challenge=challenge, decision="taken").values_list("pk", flat=True)[:MOST]
    )
    return sources_shown(lineage(chosen))


def sources_shown(found: list[Source]) -> list[Proposed]:
    """Sources with their rows: two queries, however many they are."""
    contributions = (
        Contribution.objects.select_related("author")
        .defer("body")
        .in_bulk([s.contribution for s in found if s.contribution])
    )
    comments = Comment.objects.select_related("by", "contribution").in_bulk(
        [s.comment for s in found if s.comment]
    )
    return [
        Proposed(
            relation_now(source, contributions.get(source.contribution)),
            contributions.get(source.contribution),
            comments.get(source.comment),
        )
        for source in found
        if source.contribution in contributions or source.comment in comments
    ]
