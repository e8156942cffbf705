"""One's own answers in a vote that is answered bit by bit: for oneself alone, when one asks for them."""

from typing import NamedTuple

from estime.cocreation.models import Member, Option, Poll
from estime.cocreation.queries.votes import ballot_own, options_of


class OwnAnswer(NamedTuple):
    """One answer. `options`: the two that were compared, or the statement. `said`: −1 the first or disagree, 1 the
    second or agree, 0 neither. `asked`: whether it may still be answered otherwise (nothing of it was taken out).
    """

    options: tuple[Option, ...]
    said: int
    asked: bool


def answers_own(poll: Poll, member: Member) -> list[OwnAnswer]:
    """All of them, in the order of the options, which says nothing about when they were given."""
    known = {option.number: option for option in options_of(poll)}
    return [
        OwnAnswer(options, said, not any(map(_gone, options)))
        for numbers, said in _answers(poll.method, ballot_own(poll, member))
        if len(options := tuple(known[each] for each in numbers if each in known)) == len(numbers)
    ]


def pair_answered(poll: int, member: Member, numbers: set[int]) -> bool:
    """Whether this member compared these two already: then they were asked about them, and may answer otherwise."""
    return any({left, right} == numbers for left, right, _which in ballot_own(Poll(pk=poll), member) or ())


def _answers(method: str, ballot: object) -> list[tuple[tuple[int, ...], int]]:
    if isinstance(ballot, dict) and method == "groups":
        return sorted(((int(number),), vote) for number, vote in ballot.items())
    if isinstance(ballot, list) and method == "pairwise":
        return sorted(((left, right), which) for left, right, which in ballot)
    return []


def _gone(option: Option) -> bool:
    return option.hidden or (option.contribution is not None and option.contribution.hidden)
