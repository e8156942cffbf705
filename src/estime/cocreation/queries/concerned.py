"""Who is concerned by an answer of the brand, and how much was answered: for whoever asks people how they are treated.

Fits the ports of `estime.listening.ports`, which config/settings.py binds. Whoever gave words is concerned: authors,
whose improvement was adopted, who asked a question alone or with others. The brand's own people are asked nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from django.db.models import Count, F, Q

from estime.cocreation.models import (
    Answer,
    Author,
    Contribution,
    Decision,
    Interpellation,
    Joining,
    Member,
    Option,
    Outcome,
    OutcomeSource,
    Version,
)
from estime.people.roles import Role


class ConcernedMember(NamedTuple):
    """A member who can sign in, by their account in the ledger and their login."""

    account: int
    user: int


class Concerned(NamedTuple):
    """Whom an act of the brand is about, and in which space."""

    space: int
    people: list[ConcernedMember]


class Given(NamedTuple):
    """How much members gave in a span of time, and how much of that was answered by the end of it."""

    given: int
    answered: int


def concerned_by(objects: Sequence[str]) -> dict[str, Concerned]:
    """Whom decisions, answers and outcomes are about, by the id of each in the ledger; unknown ones are left out."""
    told: dict[str, Concerned] = {}
    for kind, find in _KINDS.items():
        ids = [one for one in objects if one.startswith(f"{kind}/")]
        for name, (space, members) in find(ids).items() if ids else ():
            told[name] = Concerned(space, _people(members))
    return told


Found = dict[str, tuple[int, set[int]]]


def _decisions(ids: Sequence[str]) -> Found:
    rows = Decision.objects.filter(pk__in=_numbers(ids)).select_related("contribution")
    givers = _givers(row.contribution_id for row in rows)
    return {
        f"decision/{row.pk}": (row.contribution.space_id, givers[row.contribution_id])
        for row in rows
        if row.contribution.withdrawn is None and not row.contribution.erased
    }


def _answers(ids: Sequence[str]) -> Found:
    rows = list(Answer.objects.filter(pk__in=_numbers(ids)).select_related("interpellation"))
    joined: dict[int, set[int]] = defaultdict(set)
    questions = {row.interpellation_id for row in rows}
    for question, member in Joining.objects.filter(interpellation__in=questions).values_list(
        "interpellation_id", "member_id"
    ):
        joined[question].add(member)
    return {
        f"answer/{row.pk}": (row.interpellation.space_id, joined[row.interpellation_id])
        for row in rows
        if row.interpellation.withdrawn is None
    }


def _outcomes(ids: Sequence[str]) -> Found:
    rows = {row.pk: row for row in Outcome.objects.filter(source__in=ids).select_related("challenge")}
    sources = list(OutcomeSource.objects.filter(outcome__in=rows).select_related("comment"))
    givers = _givers(row.contribution_id for row in sources if row.contribution_id is not None)
    members: dict[int, set[int]] = defaultdict(set)
    for row in sources:
        if row.contribution_id is not None:
            members[row.outcome_id] |= givers[row.contribution_id]
        elif row.comment is not None:
            members[row.outcome_id].add(row.comment.by_id)
    options = Option.objects.filter(outcomes__in=rows, by__isnull=False)
    for outcome, by in options.values_list("outcomes", "by_id"):
        members[outcome].add(by)
    return {row.source: (row.challenge.space_id, members[row.pk]) for row in rows.values()}


_KINDS: Final[dict[str, Callable[[Sequence[str]], Found]]] = {
    "decision": _decisions,
    "answer": _answers,
    "outcome": _outcomes,
}


def _numbers(ids: Iterable[str]) -> list[int]:
    told = (one.partition("/")[2] for one in ids)
    return [int(one) for one in told if one.isdecimal() and len(one) < 19]


def _givers(contributions: Iterable[int]) -> dict[int, set[int]]:
    """Whose words contributions hold: of authors, of what was brought together into them, of improvements."""
    wanted = {*contributions}
    parts = Contribution.objects.filter(together__in=wanted).values_list("pk", "together")
    head = {**dict.fromkeys(wanted, 0), **dict(parts)}
    found: dict[int, set[int]] = defaultdict(set)

    def add(contribution: int, member: int) -> None:
        for place in {contribution, head[contribution] or contribution} & wanted:
            found[place].add(member)

    authors = Author.objects.filter(contribution__in=head, accepted__isnull=False, left=None)
    for contribution, member in authors.values_list("contribution_id", "member_id"):
        add(contribution, member)
    adopted = Version.objects.filter(contribution__in=head, contributor__isnull=False)
    for contribution, member in adopted.values_list("contribution_id", "contributor_id"):
        add(contribution, member)
    return found


def _people(members: Iterable[int]) -> list[ConcernedMember]:
    rows = Member.objects.filter(
        pk__in=[*members],
        erased=False,
        user__is_active=True,
        user__role=Role.MEMBER.value,
    )
    told = rows.order_by("pk").values_list("account", "user_id")
    return [ConcernedMember(account, user) for account, user in told if account is not None]


def given_answered(since: datetime, until: datetime) -> Mapping[int, Given]:
    """By space: contributions and questions of members from one moment to before another, and how many had an answer
    before the second one. What was withdrawn or hidden is left out, and what was brought together into another one.
    """
    sums: dict[int, Given] = {}
    contributions = Contribution.objects.filter(
        at__gte=since, at__lt=until, together=None, withdrawn=None, hidden=False
    )
    questions = Interpellation.objects.filter(at__gte=since, at__lt=until, withdrawn=None, hidden=False)
    for rows in (contributions, questions):
        told = rows.values("space").annotate(
            given=Count("pk"), answered=Count("pk", filter=Q(answered__lt=until))
        )
        for space, given, answered in told.order_by().values_list(F("space"), "given", "answered"):
            before = sums.get(space, Given(0, 0))
            sums[space] = Given(before.given + given, before.answered + answered)
    return sums
