"""The vote that an import brings: its options, one ballot of each voter, its rules. In the transaction of the import.

Who chose what is public in the source, so the vote is an open one: links stay. What is asked twice of somebody counts
as they answered last.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from estime.cocreation.actions.opening import FEWEST, poll_open
from estime.cocreation.actions.polls import SEED_BITS
from estime.cocreation.bringing import About, Brings, Brought, Choosable, Chosen
from estime.cocreation.choices import Choice, content_of
from estime.cocreation.models import Ballot, Challenge, Contribution, Link, Member, Option, Poll, Voter
from estime.cocreation.parameters import GAINING, rules_checked

LONGEST_TITLE: Final = 1_000
AT_ONCE: Final = 1_000
People = Mapping[str | None, Member]
Answers = dict[str, list[tuple[int, Chosen]]]


def votes_bring(
    challenge: Challenge, about: About, rows: Sequence[Brings], people: People, told: Brought
) -> Poll | None:
    """The vote with everything that was cast, still open; None where nothing was voted on."""
    if not about.method:
        return None
    poll = Poll.objects.select_for_update().filter(channel=challenge.channel, source=about.source).first()
    poll = poll or _drafted(challenge, about)
    numbers = _options(poll, rows, people, told)
    if poll.opened is None:
        if len(numbers) < FEWEST.get(poll.method, 1):
            return None
        poll = poll_open(poll, when=poll.opens)
    _cast(poll, _ballots(poll, numbers, rows, told), people, told)
    return poll


def _drafted(challenge: Challenge, about: About) -> Poll:
    assert about.opens is not None  # noqa: S101  `challenge_bring` dates it
    assert about.closes is not None  # noqa: S101
    parameters = {"publish": "ballots", "objection_days": 1, **about.parameters}
    if about.method in GAINING:
        parameters = {"propose": False, **parameters}
    return Poll.objects.create(
        challenge=challenge, title=about.title[:200], method=about.method,
        parameters=rules_checked(about.method, parameters), ties="older" if about.method == "budget" else "shared",
        seed=secrets.randbits(SEED_BITS), who="members", binding=False, secret=False, opens=about.opens,
        closes=about.closes, locked=about.opens, channel=challenge.channel, source=about.source,
    )  # fmt: skip


def _options(poll: Poll, rows: Sequence[Brings], people: People, told: Brought) -> dict[str, int]:
    """Name in the source → number here, with those that are new and may still come in."""
    numbers = dict(Option.objects.filter(poll=poll).values_list("source", "number"))
    last = max(numbers.values(), default=0)
    wanted = {row.thing.source: (row.line, row.thing) for row in rows if isinstance(row.thing, Choosable)}
    given = dict(
        Contribution.objects.filter(challenge=poll.challenge_id).values_list("source", "pk")
        if any(one.of for _line, one in wanted.values())
        else ()
    )
    closed = poll.closed is not None or (poll.opened is not None and poll.method not in GAINING)
    made = []
    for source, (line, one) in wanted.items():
        if source in numbers:
            continue
        if closed:
            told.refuse(line, "vote-closed", one.title)
            continue
        last += 1
        numbers[source] = last
        title = " ".join(one.title.split()) or source.rpartition("/")[2]
        made.append(
            Option(
                poll=poll, number=last, title=title[:LONGEST_TITLE], by=people[one.by] if one.by else None,
                at=one.at or poll.opens, hidden=one.hidden, source=source[:200], contribution_id=given.get(one.of),
                cost=Decimal(one.cost) if one.cost is not None else None,
            )
        )  # fmt: skip
    Option.objects.bulk_create(made, batch_size=AT_ONCE)
    return numbers


def _ballots(poll: Poll, numbers: Mapping[str, int], rows: Sequence[Brings], told: Brought) -> Answers:
    """What each voter answered, in the order in which they did."""
    found: Answers = {}
    for row in rows:
        if not isinstance(row.thing, Chosen):
            continue
        if any(name not in numbers for name in row.thing.of):
            told.refuse(row.line, "option-missing", row.thing.of)
        else:
            found.setdefault(row.thing.by, []).append((row.line, row.thing))
    for answers in found.values():
        answers.sort(key=lambda answer: answer[1].at)
    return {by: [(line, _numbered(one, numbers)) for line, one in answers] for by, answers in found.items()}


def _numbered(one: Chosen, numbers: Mapping[str, int]) -> Chosen:
    return one._replace(of=tuple(str(numbers[name]) for name in one.of))


def _cast(poll: Poll, ballots: Answers, people: People, told: Brought) -> None:
    """One ballot for each voter who has none, a changed one where the vote still runs."""
    links = dict(Link.objects.filter(poll=poll).values_list("member_id", "ballot"))
    stands = dict(Ballot.objects.filter(poll=poll).values_list("pk", "content")) if links else {}
    voted = set(Voter.objects.filter(poll=poll).values_list("member_id", flat=True))
    fresh: list[tuple[Member, str, Any]] = []
    for by, answers in ballots.items():
        member, content = people[by], content_of(_CONTENTS[poll.method]([one for _line, one in answers]))
        ballot = links.get(member.pk)
        if ballot is not None and stands.get(ballot) == content:
            continue
        if poll.closed is not None:
            told.refuse(answers[-1][0], "vote-closed", by)
        elif ballot is not None:
            Ballot.objects.filter(pk=ballot).update(content=content)
            Voter.objects.filter(poll=poll, member=member).update(last=answers[-1][1].at)
        else:
            fresh.append((member, content, answers[-1][1].at))
    keys = [secrets.randbits(63) or 1 for _each in fresh]
    Voter.objects.bulk_create(
        [
            Voter(poll=poll, member=member, last=at)
            for member, _content, at in fresh
            if member.pk not in voted
        ],
        batch_size=AT_ONCE,
    )
    Ballot.objects.bulk_create(
        [
            Ballot(id=key, poll=poll, content=content)
            for key, (_m, content, _at) in zip(keys, fresh, strict=True)
        ],
        batch_size=AT_ONCE,
    )
    Link.objects.bulk_create(
        [
            Link(poll=poll, member=member, ballot=key)
            for key, (member, _c, _at) in zip(keys, fresh, strict=True)
        ],
        batch_size=AT_ONCE,
    )


def _approved(answers: Sequence[Chosen]) -> list[Any]:
    last = {one.of[0]: one.mark for one in answers}
    return sorted(int(number) for number, mark in last.items() if mark > 0)


def _marked(answers: Sequence[Chosen]) -> dict[str, int]:
    return {one.of[0]: one.mark for one in answers}


def _ranked(answers: Sequence[Chosen]) -> list[Any]:
    ranks: dict[int, list[int]] = {}
    for number, rank in _marked(answers).items():
        if rank > 0:
            ranks.setdefault(rank, []).append(int(number))
    return [sorted(ranks[rank]) for rank in sorted(ranks)]


def _paired(answers: Sequence[Chosen]) -> list[Any]:
    last = {}
    for one in answers:
        left, right = int(one.of[0]), int(one.of[1])
        which = one.mark
        if left > right:
            left, right, which = right, left, -which
        last[left, right] = which
    return sorted([left, right, which] for (left, right), which in last.items())


_CONTENTS: Final[Mapping[str, Callable[[Sequence[Chosen]], Choice]]] = {
    "approval": _approved,
    "budget": _approved,
    "score": _marked,
    "ranked": _ranked,
    "pairwise": _paired,
    "groups": _marked,
}
