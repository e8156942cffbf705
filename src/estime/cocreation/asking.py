"""What a member is asked next, in votes that are answered one by one.

What was learnt so far is counted now and then, not for each question: a process keeps it for as long as counting it
took fifty times over, at least twenty seconds. Chance comes from the system, never from who is asked: nobody who reads
the database later could find out whom a row of answers would have been asked of.
"""

import secrets
import time
from collections import Counter
from typing import Any, Final, NamedTuple

import orjson

from estime.cocreation.models import Ballot, Member, Option, Poll
from estime.cocreation.queries.votes import ballot_own

FRESH: Final = 20.0
_KEPT: Final = 64
_STATES: dict[tuple[int, int], tuple[float, Any]] = {}


class PairAsked(NamedTuple):
    """Two options, and how many pairs this member has answered."""

    left: Option
    right: Option
    answered: int


class StatementAsked(NamedTuple):
    """A statement, and of how many this member has answered how many."""

    option: Option
    answered: int
    there: int


def pair_next(poll: Poll, member: Member, held: tuple[int, int] | None = None) -> PairAsked | None:
    """The two options to compare next; None when this member has compared all. `held`: asked already, not answered."""
    options = _options(poll)
    place = {option.number: at for at, option in enumerate(options)}
    judged = [(left, right) for left, right, _which in ballot_own(poll, member) or []]
    known = {frozenset(pair) for pair in judged}
    shown = {option.number for option in options if not option.hidden}
    if held is not None and {*held} <= shown and frozenset(held) not in known:
        pair: tuple[int, int] | None = (place[held[0]], place[held[1]])
    else:
        pair = _pair_drawn(poll, options, [(place[left], place[right]) for left, right in judged])
    return None if pair is None else PairAsked(options[pair[0]], options[pair[1]], len(judged))


def statement_next(poll: Poll, member: Member, wanted: int = 0) -> StatementAsked | None:
    """The statement to answer next: one of those that fewest have answered; None when this member has answered all.

    `wanted`: the number of one that they would rather answer (again).
    """
    options = {option.number: option for option in _options(poll) if not option.hidden}
    own = ballot_own(poll, member) or {}
    answered = {int(number) for number in own} & {*options}
    if wanted in options:
        return StatementAsked(options[wanted], len(answered), len(options))
    left = sorted({*options} - answered)
    if not left:
        return None
    seen = _remembered(poll, _seen)
    left.sort(key=lambda number: (seen.get(number, 0), number))
    fewest = left[: max(3, len(left) // 3)]
    return StatementAsked(options[secrets.choice(fewest)], len(answered), len(options))


def _options(poll: Poll) -> list[Option]:
    """All of them, in their order; what came from a contribution that is hidden now is not asked about either."""
    found = list(Option.objects.filter(poll=poll).select_related("contribution").order_by("number"))
    for option in found:
        option.hidden = option.hidden or (option.contribution is not None and option.contribution.hidden)
    return found


def _pair_drawn(poll: Poll, options: list[Option], judged: list[tuple[int, int]]) -> tuple[int, int] | None:
    import numpy as np

    from estime.cocreation.tally.pairwise_next import joined, next_pair

    state = _remembered(poll, _pairs)
    state = joined(state, max(len(options) - len(state.strength), 0))
    hidden = [place for place, option in enumerate(options) if option.hidden]
    return next_pair(state, judged, np.random.default_rng(secrets.randbits(64)), left_out=hidden)


def _remembered(poll: Poll, count: Any) -> Any:
    key = (poll.pk, poll.seed)
    kept = _STATES.get(key)
    if kept is not None and kept[0] > time.monotonic():
        return kept[1]
    begun = time.monotonic()
    found = count(poll)
    now = time.monotonic()
    if len(_STATES) >= _KEPT:
        _STATES.clear()
    _STATES[key] = (now + max(FRESH, 50 * (now - begun)), found)
    return found


def _pairs(poll: Poll) -> Any:
    """What the comparisons so far tell. An option joins at the end: places are those of the numbers' order."""
    from estime.cocreation.tally.pairwise import comparisons
    from estime.cocreation.tally.pairwise_next import pair_state

    numbers = Option.objects.filter(poll=poll).order_by("number").values_list("number", flat=True)
    place = {number: at for at, number in enumerate(numbers)}
    answers = [answer for content in _contents(poll) for answer in content if answer[2]]
    better = [place[left if which < 0 else right] for left, right, which in answers]
    worse = [place[right if which < 0 else left] for left, right, which in answers]
    return pair_state(comparisons(better, worse, len(place)))


def _seen(poll: Poll) -> Counter[int]:
    """How many have answered each statement."""
    return Counter(int(number) for content in _contents(poll) for number in content)


def _contents(poll: Poll) -> list[Any]:
    return [
        orjson.loads(content)
        for content in Ballot.objects.filter(poll=poll).values_list("content", flat=True)
    ]
