"""What may stand on a ballot, by method: understood, checked against the options, and written in one way only.

The same choice is always the same text (`content_of`), so that equal ballots are equal and a digest over them says
something. Nothing in it tells in which order or when somebody answered.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import orjson
from django.utils.translation import gettext as _

from estime.cocreation.errors import BallotInvalid

Choice = list[Any] | dict[str, int]


@dataclass(frozen=True)
class Asked:
    """What a ballot is about: the numbers of the options, what they cost, those that are not asked about any more."""

    method: str
    rules: Any
    numbers: frozenset[int]
    costs: Mapping[int, Decimal] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()


def choice_checked(asked: Asked, choice: object) -> Choice:
    """What somebody chose, in the one form that is kept. Raises `BallotInvalid`.

    approval, budget: numbers of options. score: {number: points}, 0 left out. ranked: [[numbers], …] best first.
    pairwise: one answer, [left, right, -1 | 0 | 1]. groups: {number: 1 | 0 | -1}, one or several.
    """
    return _CHECKS[asked.method](asked, choice)


def content_of(choice: Choice) -> str:
    """A choice as it stands in the database: canonical JSON without a line break."""
    return orjson.dumps(choice, option=orjson.OPT_SORT_KEYS).decode()


def merged(method: str, before: str, choice: Choice) -> Choice:
    """One more answer of a vote that is answered bit by bit; the same question answered again is answered anew."""
    old = orjson.loads(before)
    if method == "groups":
        return {**old, **choice}  # type: ignore[dict-item]
    left, right, which = choice
    kept = [each for each in old if {each[0], each[1]} != {left, right}]
    return sorted([*kept, [left, right, which]])


def about_checked(method: str, numbers: Collection[int]) -> frozenset[int]:
    """What one answer is about: the numbers of the two options, or of the statement. Raises `BallotInvalid`."""
    about = frozenset(numbers)
    if len(about) != {"pairwise": 2, "groups": 1}.get(method) or len(numbers) != len(about):
        raise _unclear()
    return about


def without(method: str, before: str, about: frozenset[int]) -> Choice:
    """A ballot that is answered bit by bit, less one answer; the same if that is not on it."""
    old = orjson.loads(before)
    if method == "groups":
        return {number: vote for number, vote in old.items() if {int(number)} != about}
    return [each for each in old if {each[0], each[1]} != about]


def _approval(asked: Asked, choice: object) -> Choice:
    numbers = _numbers(asked, choice)
    most = asked.rules.most
    if most is not None and len(numbers) > most:
        raise BallotInvalid(
            _("You chose %(chosen)s, and at most %(most)s are possible.")
            % {"chosen": len(numbers), "most": most},
            todo=_("Take some away, and send your vote again."),
            most=most,
        )
    return sorted(numbers)


def _budget(asked: Asked, choice: object) -> Choice:
    numbers = _numbers(asked, choice)
    cost = sum((asked.costs[number] for number in numbers), Decimal(0))
    if asked.rules.within and cost > asked.rules.budget:
        raise BallotInvalid(
            _("What you chose costs more than the budget."),
            todo=_("Take something away, and send your vote again."),
            cost=str(cost),
        )
    return sorted(numbers)


def _score(asked: Asked, choice: object) -> Choice:
    points = _by_number(asked, choice)
    for number, given in points.items():
        if not 0 <= given <= asked.rules.top:
            raise BallotInvalid(
                _("Points go from 0 to %(top)s.") % {"top": asked.rules.top},
                todo=_("Correct them, and send your vote again."),
                field=number,
            )
    return {str(number): given for number, given in points.items() if given}  # none given counts as 0


def _ranked(asked: Asked, choice: object) -> Choice:
    if not isinstance(choice, list) or not all(isinstance(place, list) and place for place in choice):
        raise _unclear()
    flat = [number for place in choice for number in place]
    _numbers(asked, flat)
    return [sorted(place) for place in choice]


def _pairwise(asked: Asked, choice: object) -> Choice:
    if (
        not isinstance(choice, list | tuple)
        or len(choice) != 3
        or not all(type(each) is int for each in choice)
    ):
        raise _unclear()
    left, right, which = choice
    if left == right or which not in (-1, 0, 1):
        raise _unclear()
    _known(asked, (left, right), visible=True)
    return [left, right, which] if left < right else [right, left, -which]


def _groups(asked: Asked, choice: object) -> Choice:
    votes = _by_number(asked, choice, visible=True)
    if not votes or not set(votes.values()) <= {-1, 0, 1}:
        raise _unclear()
    return {str(number): vote for number, vote in votes.items()}


def _numbers(asked: Asked, choice: object) -> list[int]:
    if not isinstance(choice, list | tuple | set | frozenset) or not all(
        type(each) is int for each in choice
    ):
        raise _unclear()
    numbers = list(choice)
    if len(set(numbers)) != len(numbers):
        raise BallotInvalid(
            _("Something stands on this ballot twice."), todo=_("Choose each once, and send your vote again.")
        )
    _known(asked, numbers)
    return numbers


def _by_number(asked: Asked, choice: object, *, visible: bool = False) -> dict[int, int]:
    if not isinstance(choice, dict):
        raise _unclear()
    try:
        found = {int(number): given for number, given in choice.items()}
    except (TypeError, ValueError) as error:
        raise _unclear() from error
    if len(found) != len(choice) or not all(type(given) is int for given in found.values()):
        raise _unclear()
    _known(asked, found, visible=visible)
    return found


def _known(asked: Asked, numbers: Collection[int], *, visible: bool = False) -> None:
    unknown = set(numbers) - asked.numbers
    if unknown or (visible and set(numbers) & asked.hidden):
        raise BallotInvalid(
            _("Something on this ballot is not up for the vote."),
            todo=_("Open the page of the vote again: it shows what is."),
            field=min(unknown, default=0),
        )


def _unclear() -> BallotInvalid:
    return BallotInvalid(
        _("This ballot cannot be read."), todo=_("Open the page of the vote again, and choose there.")
    )


_CHECKS = {
    "approval": _approval,
    "budget": _budget,
    "score": _score,
    "ranked": _ranked,
    "pairwise": _pairwise,
    "groups": _groups,
}
