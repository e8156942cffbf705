"""Votes in the installation of the browser tests: one that is prepared, some that run, some that are counted."""

from datetime import datetime, timedelta
from typing import Any

from cocreation.voting import crowd

from estime.cocreation import api
from estime.cocreation.api import Challenge, Member, Poll, PollRules, Space
from estime.kernel import clock

DAY = timedelta(days=1)
PHASES = ("propose", "vote", "decide")
DEAL = api.DealWords("À vous.", "Pour nous servir.", "Merci.", "Rien.", "Tant pis.", "Dites-le.")
PARAMETERS: dict[str, dict[str, Any]] = {"budget": {"budget": "30"}}


def votes_filled(lead: Member, member: Member, space: Space) -> dict[str, str]:
    """Ids of votes by what they are."""
    now = clock.now()
    people = crowd(24, before=400 * DAY)
    running = _challenge(lead, space, "Vote 31", now - 15 * DAY)
    polls = {method: _poll(lead, running, method) for method in ("ranked", "budget", "pairwise", "groups")}
    api.challenge_open(lead, running, when=now - 15 * DAY)
    for poll in polls.values():
        api.poll_open(_fresh(poll))
    api.ballot_cast(polls["ranked"], member, [[1], [2]])
    over = _challenge(lead, space, "Vote 32", now - 24 * DAY)
    counted = {method: _poll(lead, over, method) for method in ("budget", "ranked", "groups")}
    api.challenge_open(lead, over, when=now - 24 * DAY)
    for method, poll in counted.items():
        _lived(_fresh(poll), method, [member, *people], now - 10 * DAY)
    api.poll_object(member, counted["budget"], "Objection 33.")
    draft = _poll(lead, over, "budget")
    old = _challenge(lead, space, "Vote 33", now - 60 * DAY)
    sealed = _poll(lead, old, "budget")
    api.challenge_open(lead, old, when=now - 60 * DAY)
    _lived(_fresh(sealed), "budget", people, now - 45 * DAY)
    api.poll_seal(sealed, when=now - 20 * DAY)
    return {
        **{method: str(poll.pk) for method, poll in polls.items()},
        **{f"{method}_counted": str(poll.pk) for method, poll in counted.items()},
        "draft": str(draft.pk),
        "sealed": str(sealed.pk),
        "challenge": str(running.pk),
        "objection": str(api.objections_of(counted["budget"])[0].pk),
    }


def _challenge(lead: Member, space: Space, title: str, start: datetime) -> Challenge:
    words = api.ChallengeWords(
        title, problem="Un souci.", known="Trois essais.", decided="Le moule.", off_table="Le plastique.",
        decider="Malo Roux", resources="3 000 €", answer_by=start + 70 * DAY,
    )  # fmt: skip
    challenge = api.challenge_draft(lead, space, words, when=start)
    api.phases_set(
        lead,
        challenge,
        {kind: (start + 10 * n * DAY, start + 10 * (n + 1) * DAY) for n, kind in enumerate(PHASES)},
    )
    api.deal_write(lead, challenge, DEAL, when=start)
    return challenge


def _poll(lead: Member, challenge: Challenge, method: str) -> Poll:
    late = challenge.opened is not None
    moments = {"opens": clock.now() + DAY, "closes": clock.now() + 9 * DAY} if late else {}
    rules = PollRules(f"Question {method}", method, PARAMETERS.get(method, {}), binding=False, **moments)
    poll = api.poll_draft(lead, challenge, rules, when=challenge.created)
    for number in range(4):
        cost = f"{8 + 3 * number}" if method == "budget" else None
        api.option_add(lead, poll, f"Bouchon {chr(65 + number)}", cost=cost)
    return poll


def _fresh(poll: Poll) -> Poll:
    poll.refresh_from_db()
    return poll


def _lived(poll: Poll, method: str, people: list[Member], at: datetime) -> None:
    api.poll_open(poll, when=poll.opens)
    for place, member in enumerate(people):
        side = 1 if place % 2 else -1
        choice: Any = {
            "budget": [1, 2] if place % 3 else [3],
            "ranked": [[1], [2, 3]] if place % 3 else [[4], [1]],
            "groups": {"1": side, "2": -side, "3": side, "4": 1},
        }[method]
        api.ballot_cast(poll, member, choice, when=at + place * timedelta(hours=1))
    api.poll_close(poll, when=poll.closes)
    api.poll_count(poll)
