"""The list that leads work through to answer what members gave, and the public list of what was answered."""

from typing import Final, NamedTuple

from django.db.models import Exists, OuterRef

from estime.cocreation.models import (
    Author,
    Challenge,
    Contribution,
    Decision,
    Option,
    Outcome,
    OutcomeSource,
)
from estime.cocreation.prepared import Prepared
from estime.cocreation.queries.lineage import Proposed, Source, sources_shown
from estime.cocreation.queries.numbers import number_of
from estime.cocreation.queries.owed import open_contributions, unanswered_counts

NEXT: Final = 10
PAGE: Final = 30
_EVERY: Final = Prepared(
    lambda challenge: (
        Challenge.objects.filter(pk=challenge)
        .annotate(
            n=number_of(
                Contribution.objects.filter(
                    challenge=OuterRef("pk"), together=None, hidden=False, withdrawn=None
                )
            )
        )
        .values_list("n")
    )
)


class Work(NamedTuple):
    """The one to answer now, those after it, and how many are left and were there."""

    now: Contribution | None
    authors: list[Author]
    parts: list[Contribution]
    next: list[Contribution]
    left: int
    all: int


def work_list(challenge: Challenge, after: int = 0) -> Work:
    """The first contribution without an answer that comes after one that was left for later; six queries."""
    rows = open_contributions(challenge)
    found = list(rows.filter(pk__gt=after).select_related("author", "space").order_by("pk")[: NEXT + 1])
    now = found[0] if found else None
    authors = Author.objects.filter(contribution=now, accepted__isnull=False, left=None).select_related(
        "member"
    )
    parts = Contribution.objects.filter(together=now).select_related("author").order_by("pk")
    every = _EVERY.first(challenge.pk) or (0,)
    return Work(
        now, list(authors.order_by("number")) if now else [], list(parts) if now else [], found[1:],
        unanswered_counts([challenge.pk]).get(challenge.pk, 0), every[0],
    )  # fmt: skip


def decisions_listed(challenge: Challenge, outcome: str = "", before: int = 0) -> tuple[list[Decision], int]:
    """The newest decision of each contribution, newest first; and where the next page begins (0: no more)."""
    newer = Decision.objects.filter(contribution=OuterRef("contribution"), number__gt=OuterRef("number"))
    rows = Decision.objects.filter(
        ~Exists(newer),
        contribution__challenge=challenge, contribution__hidden=False, contribution__erased=False,
        contribution__withdrawn=None,
    )  # fmt: skip
    rows = rows.filter(outcome=outcome) if outcome else rows
    rows = rows.filter(pk__lt=before) if before else rows
    found = list(rows.select_related("contribution").order_by("-pk")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0


class Made(NamedTuple):
    """An outcome with all that it came from. `options`: what members voted for and nobody had written as an idea."""

    outcome: Outcome
    sources: list[Proposed]
    options: list[Option]


def outcome_whole(number: int) -> Made | None:
    """An outcome as its page shows it; None where there is none."""
    found = (
        Outcome.objects.select_related("challenge__space", "by")
        .prefetch_related("pictures")
        .filter(pk=number)
        .first()
    )
    if found is None:
        return None
    rows = OutcomeSource.objects.filter(outcome=found).order_by("pk")
    sources = [Source(row.words or "taken", row.contribution_id or 0, row.comment_id or 0) for row in rows]
    options = (
        found.options.filter(hidden=False).exclude(title="").select_related("poll").order_by("poll", "number")
    )
    return Made(found, sources_shown(sources), list(options))


def outcomes_of(challenge: Challenge) -> list[Outcome]:
    """What was made of a challenge, newest first."""
    return list(
        Outcome.objects.filter(challenge=challenge).prefetch_related("pictures").order_by("-made", "-pk")
    )
