"""Ballots as forms: what the fields of a method are called, and what somebody chose by them.

A form holds plain fields for each option, so it works without JavaScript and by keyboard; `choice_sent` understands
them and checks nothing: what a ballot may hold is for the action to say.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from estime.cocreation.api import Option, Poll
from estime.web.vote_words import money, option_title


class Unreadable(ValueError):
    """A field holds something that its form never sends, or nothing where a choice is needed."""


def choice_sent(poll: Poll, form: QueryDict) -> Any:
    """What was chosen, in the shape that `ballot_cast` takes. Raises `Unreadable`."""
    try:
        return _READERS[poll.method](form)
    except (TypeError, ValueError) as error:
        raise Unreadable from error


def numbers_sent(form: QueryDict) -> list[int]:
    """What an answer is about, in a vote that is answered bit by bit. Raises `Unreadable`."""
    try:
        return [int(number) for number in form.getlist("about")]
    except ValueError as error:
        raise Unreadable from error


def rows_shown(
    poll: Poll, options: Sequence[Option], own: Any, form: QueryDict | None = None
) -> list[dict[str, Any]]:
    """A row of the form for each option, with what stands on the ballot, or was just sent and refused."""
    chosen = _sent(poll, form) if form is not None else _own(poll, own)
    unit = poll.parameters.get("unit", "")
    return [
        {
            "number": option.number,
            "title": option_title(option),
            "contribution": option.contribution_id
            if option.contribution and not option.contribution.hidden
            else None,
            "cost": money(option.cost, unit) if option.cost is not None else "",
            "amount": str(option.cost) if option.cost is not None else "",
            "value": chosen.get(option.number, ""),
        }
        for option in options
    ]


def sum_chosen(rows: Sequence[dict[str, Any]]) -> Decimal:
    """What everything ticked costs."""
    return sum((Decimal(row["amount"]) for row in rows if row["value"] and row["amount"]), Decimal(0))


def _ticked(form: QueryDict) -> list[int]:
    return [int(number) for number in form.getlist("o")]


def _points(form: QueryDict) -> dict[str, int]:
    return {str(number): int(value) for number, value in _fields(form, "s") if value}


def _places(form: QueryDict) -> list[list[int]]:
    """Numbers that people gave, whatever they are: 2, 2, 5 is an order as good as 1, 1, 2."""
    places: dict[int, list[int]] = defaultdict(list)
    for number, value in _fields(form, "r"):
        if value:
            places[int(value)].append(number)
    return [places[place] for place in sorted(places)]


def _pair(form: QueryDict) -> list[int]:
    return [int(_text(form, name)) for name in ("left", "right", "which")]


def _opinion(form: QueryDict) -> dict[str, int]:
    return {str(int(_text(form, "statement"))): int(_text(form, "vote"))}


def _text(form: QueryDict, name: str) -> str:
    return str(form.get(name, ""))


def _fields(form: QueryDict, kind: str) -> list[tuple[int, str]]:
    names = [name for name in form if name.startswith(f"{kind}-")]
    return [(int(name.removeprefix(f"{kind}-")), _text(form, name).strip()) for name in names]


_READERS = {
    "approval": _ticked,
    "budget": _ticked,
    "score": _points,
    "ranked": _places,
    "pairwise": _pair,
    "groups": _opinion,
}


def _sent(poll: Poll, form: QueryDict) -> dict[int, Any]:
    if poll.method in ("approval", "budget"):
        return {int(number): True for number in form.getlist("o") if number.isdecimal()}
    kind = "s" if poll.method == "score" else "r"
    return {int(n.removeprefix(f"{kind}-")): form[n] for n in form if n.removeprefix(f"{kind}-").isdecimal()}


def _own(poll: Poll, own: Any) -> dict[int, Any]:
    if own is None:
        return {}
    if poll.method == "score":
        return {int(number): str(points) for number, points in own.items()}
    if poll.method == "ranked":
        return {number: str(place) for place, group in enumerate(own, 1) for number in group}
    return dict.fromkeys(own, True)
