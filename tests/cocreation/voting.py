"""Votes of tests: a challenge whose vote runs, members by the dozen, and a vote lived to its end."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import orjson

from estime.cocreation.actions.ballots import ballot_cast
from estime.cocreation.actions.closing import poll_close
from estime.cocreation.actions.counting import poll_count
from estime.cocreation.actions.opening import poll_open
from estime.cocreation.actions.options import option_add
from estime.cocreation.actions.polls import PollRules, poll_draft
from estime.cocreation.models import Ballot, Contribution, Member, Poll, Result
from estime.kernel import clock
from estime.people.api import User

Factory = Callable[..., Any]
BUDGET = {"budget": "30", "unit": "EUR"}
AGO = timedelta(days=60)
"""Votes of tests run so long ago that they are over by now: the ledger takes in no act of the future."""


def voting(
    place: Factory, method: str = "approval", options: int = 4, *, rules: dict[str, Any] | None = None,
    costs: Sequence[str] = (), run: bool = True, **parameters: Any,
) -> tuple[Any, Poll]:  # fmt: skip
    """A challenge whose vote runs (or only `run=False` waits to begin), closing in five days."""
    binding = method != "groups"
    power, at = "choose" if binding else "answer", clock.now().replace(microsecond=0) - AGO
    made = place("vote", power, opened=False, at=at)
    if method == "budget":
        parameters = {**BUDGET, **parameters}
    told = PollRules("Which?", method, parameters, **{"binding": binding, **(rules or {})})
    poll = poll_draft(made.lea, made.challenge, told, when=made.at - timedelta(30))
    for number in range(options):
        cost = (costs[number] if costs else "10") if method == "budget" else None
        option_add(made.lea, poll, f"Lid {number + 1}", cost=cost)
    made.open()
    poll.refresh_from_db()
    return made, poll_open(poll, when=made.at - timedelta(days=1)) if run else poll


def crowd(many: int, *, before: timedelta = timedelta(days=90)) -> list[Member]:
    """Members with a login, made without their passwords' cost; members since `before` the middle of the vote."""
    since = clock.now() - AGO - before
    first = User.objects.count()
    users = User.objects.bulk_create(
        User(
            email=f"voter-{first + n}@example.org", name=f"Voter {first + n}", password="!", date_joined=since
        )
        for n in range(many)
    )
    return Member.objects.bulk_create(
        Member(user=user, channel="estime", handle=f"v-{user.pk}", name=user.name, joined=since)
        for user in users
    )


def cast_all(
    poll: Poll, members: Sequence[Member], choices: Sequence[Any], *, start: Any, step: timedelta
) -> None:
    """One ballot each, one after the other."""
    for place, (member, choice) in enumerate(zip(members, choices, strict=True)):
        ballot_cast(poll, member, choice, when=start + place * step)


def counted(poll: Poll) -> Result:
    """Closed at its time, and counted."""
    poll_close(poll, when=poll.closes)
    return poll_count(poll, when=poll.closes)


def idea(made: Any, title: str) -> Contribution:
    """Something given to the challenge, to be voted on."""
    return Contribution.objects.create(
        space=made.space, challenge=made.challenge, kind="idea", title=title, author=made.anna, at=made.at,
        changed=made.at, channel="estime", source=f"test/{title}",
    )  # fmt: skip


def the_content(poll: Poll) -> Any:
    """What its one ballot holds."""
    return orjson.loads(Ballot.objects.get(poll=poll).content)
