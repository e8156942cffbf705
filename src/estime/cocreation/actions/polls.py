"""Prepare a vote: its rules before the challenge opens, what is up for the vote before the vote begins.

1. Rules are those of the opening for good; the seed of draws and resamples is drawn then, by nobody, and shown.
2. A binding vote belongs to a challenge whose members choose or decide, and takes place in its phase of voting. After
   the opening only votes that bind nobody can be added (`guards.py`).
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from estime.cocreation.checks import check_words
from estime.cocreation.errors import NotFound, NotNow, PollInvalid, RulesLocked
from estime.cocreation.leading import challenge_held, check_leads
from estime.cocreation.models import Challenge, Member, Option, Phase, Poll
from estime.cocreation.parameters import LEAST_TOLD, rules_checked
from estime.cocreation.vocabulary import ELIGIBLE, METHODS, TIES
from estime.kernel import clock

BINDING: Final = ("choose", "decide")
LONGEST_TITLE: Final = 200
SEED_BITS: Final = 53
"""A number that every reader of JSON gives back exactly."""


@dataclass(frozen=True)
class PollRules:
    """What a vote is. `parameters`: of its method (`parameters.py`). `opens`, `closes`: None for the phase of voting.

    `ties` empty: all that are equal win; in a budget, which may not be exceeded, what was proposed first. `threshold`:
    with fewer voters it decides nothing; None: `LEAST_TOLD` where it binds, else 0.
    """

    title: str
    method: str = "approval"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    ties: str = ""
    threshold: int | None = None
    who: str = "members"
    binding: bool = True
    secret: bool = True
    opens: datetime | None = None
    closes: datetime | None = None


def poll_draft(by: Member, challenge: Challenge, rules: PollRules, *, when: datetime | None = None) -> Poll:
    """Prepare a vote. Raises `NotAllowed`, `NotNow`, `PollInvalid`, `WordsMissing`."""
    at = when or clock.now()
    with transaction.atomic():
        held = challenge_held(challenge)
        check_leads(by, held)
        fields = _checked(held, rules, at)
        return Poll.objects.create(challenge=held, seed=0, **fields)


def poll_change(by: Member, poll: Poll, rules: PollRules, *, when: datetime | None = None) -> Poll:
    """Write its rules anew, before they are locked. Raises as `poll_draft`, and `RulesLocked`."""
    with transaction.atomic():
        held = poll_held(poll)
        check_leads(by, held.challenge)
        check_unlocked(held)
        fields = _checked(held.challenge, rules, when or clock.now())
        if fields["parameters"]["options"] == "all" and Option.objects.filter(poll=held).exists():
            raise PollInvalid(
                _("Options were chosen for this vote already."),
                todo=_("Take them away first, or leave it to its lead to choose."),
                field="options",
            )
        for name, value in fields.items():
            setattr(held, name, value)
        held.save()
    return held


def poll_discard(by: Member, poll: Poll) -> None:
    """Throw a vote away that was prepared. Raises `RulesLocked` once its rules are locked."""
    with transaction.atomic():
        held = poll_held(poll)
        check_leads(by, held.challenge)
        check_unlocked(held)
        Option.objects.filter(poll=held).delete()
        held.delete()


def polls_lock(challenge: Challenge, at: datetime) -> None:
    """The challenge opens: the rules of its votes are locked as they stand. Called in the opening's transaction.

    Raises `PollInvalid` where a binding vote would have to end before it begins.
    """
    for poll in Poll.objects.select_for_update().filter(challenge=challenge, locked=None).order_by("pk"):
        _lock(poll, challenge, at)


def poll_lock(by: Member, poll: Poll, *, when: datetime | None = None) -> Poll:
    """Lock a vote that was added to a challenge after its opening; it binds nobody. Twice is harmless."""
    with transaction.atomic():
        held = poll_held(poll)
        check_leads(by, held.challenge)
        if held.challenge.opened is None:
            raise NotNow(
                _("The rules of this vote are locked when its challenge opens."),
                todo=_("Open the challenge."),
            )
        if held.locked is None:
            _lock(held, held.challenge, when or clock.now())
    return held


def poll_held(poll: Poll) -> Poll:
    """The poll with its challenge as they stand now, both rows held (in this order). Raises `NotFound`."""
    challenge = challenge_held(Challenge(pk=poll.challenge_id))
    held = Poll.objects.select_for_update().filter(pk=poll.pk).first()
    if held is None:
        raise NotFound(_("There is no such vote."), todo=_("Look at the list of challenges."))
    held.challenge = challenge
    return held


def check_unlocked(poll: Poll) -> None:
    """Raises `RulesLocked` once the rules of a vote are those that hold."""
    if poll.locked is not None:
        raise RulesLocked(
            _("The rules of this vote are locked: they hold for everybody, from the opening to the end."),
            todo=_("You can make the vote longer, or call the challenge off; both with a reason."),
        )


def _checked(challenge: Challenge, rules: PollRules, at: datetime) -> dict[str, Any]:
    parameters = rules_checked(rules.method, rules.parameters)
    ties = rules.ties or ("older" if rules.method == "budget" else "shared")
    for name, value, known in (
        ("method", rules.method, METHODS),
        ("ties", ties, TIES[1:] if rules.method == "budget" else TIES),
        ("who", rules.who, ELIGIBLE),
    ):
        if value not in known:
            raise _invalid(name)
    threshold = _threshold(rules)
    if rules.method == "budget" and parameters["options"] == "all":
        raise PollInvalid(
            _("Each option of a budget needs its cost, so the options have to be chosen."),
            todo=_("Choose them before the vote begins, each with what it costs."),
            field="options",
        )
    _check_binding(challenge, rules)
    opens, closes = _moments(challenge, rules)
    if closes <= opens or closes <= at:
        raise _invalid("closes")
    title = check_words(rules.title, "title", LONGEST_TITLE)
    return {
        "title": title, "method": rules.method, "parameters": parameters, "ties": ties,
        "threshold": threshold, "who": rules.who, "binding": rules.binding, "secret": rules.secret,
        "opens": opens, "closes": closes,
    }  # fmt: skip


def _threshold(rules: PollRules) -> int:
    """Of fewer than three voters nothing can be told, so nothing that binds can hang on them."""
    least = LEAST_TOLD if rules.binding else 0
    told = least if rules.threshold is None else rules.threshold
    if not 0 <= told <= 10**7:
        raise _invalid("threshold")
    if told < least:
        raise PollInvalid(
            _("Fewer than %(least)s voters are too few to bind the brand.") % {"least": least},
            todo=_("Ask for at least %(least)s voters, or let the vote bind nobody.") % {"least": least},
            field="threshold",
        )
    return told


def _check_binding(challenge: Challenge, rules: PollRules) -> None:
    if not rules.binding:
        return
    if challenge.opened is not None:
        raise PollInvalid(
            _("This challenge is open: a vote that binds the brand had to be there at its opening."),
            todo=_("Add a vote that binds nobody, and say so."),
            field="binding",
        )
    if challenge.power not in BINDING:
        raise PollInvalid(
            _("Here members neither choose nor decide, so no vote can bind the brand."),
            todo=_("Change “Your say here”, or let the vote bind nobody."),
            field="binding",
        )
    if rules.method == "groups":
        raise PollInvalid(
            _("Agreeing and disagreeing shows who thinks alike; it decides nothing."),
            todo=_("Choose another method, or let the vote bind nobody."),
            field="method",
        )


def _moments(challenge: Challenge, rules: PollRules) -> tuple[datetime, datetime]:
    phase = Phase.objects.filter(challenge=challenge, kind="vote").first()
    if phase is not None and (rules.binding or rules.opens is None or rules.closes is None):
        return phase.starts, phase.ends
    if rules.opens is None or rules.closes is None:
        raise PollInvalid(
            _("When does this vote begin and end?"),
            todo=_("Say it, or give the challenge a phase of voting."),
            field="opens",
        )
    return rules.opens, rules.closes


def _lock(poll: Poll, challenge: Challenge, at: datetime) -> None:
    """Draws the seed; a binding vote takes the dates that the phase of voting has by now."""
    poll.parameters = rules_checked(poll.method, poll.parameters)
    phase = Phase.objects.filter(challenge=challenge, kind="vote").first()
    if poll.binding and phase is not None:
        poll.opens, poll.closes = phase.starts, phase.ends
    if poll.closes <= max(poll.opens, at):
        raise _invalid("closes")
    poll.seed = secrets.randbits(SEED_BITS)
    poll.locked = at
    poll.save()


def _invalid(name: str) -> PollInvalid:
    words = {
        "method": _("There is no such way of deciding."),
        "ties": _("There is no such rule for ties."),
        "who": _("There is no such rule of who may vote."),
        "threshold": _("The number of voters that it takes is a whole number, 0 or more."),
        "closes": _("A vote has to end after it begins, and not before now."),
    }
    return PollInvalid(words[name], todo=_("Correct it, and save again."), field=name)
