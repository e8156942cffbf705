"""Votes as open data: the result as it was told, options, and ballots once nothing says whose they are.

A ballot has no time and no voter. Where the rules did not promise to publish each, kinds of ballots that fewer than
five people cast are left out, and how many they are is told.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

import orjson

from estime.cocreation import api as cocreation
from estime.cocreation.api import LEAST_COUNTED, Option, Poll


class VoteTold(NamedTuple):
    """One vote. `ballots`: (content, how many cast it); `others`: ballots that are not told one by one."""

    poll: Poll
    options: list[Option]
    result: dict[str, Any] | None
    ballots: list[tuple[str, int]]
    others: int


def votes_told(challenge: int) -> list[VoteTold]:
    """Every vote that began, with what may be given away of it."""
    told = []
    for poll in cocreation.polls_of(challenge, drafts=False):
        if poll.opened is None:
            continue
        newest = cocreation.result_newest(poll)
        result = newest.body if newest is not None and newest.final else None
        ballots, others = _ballots(poll)
        told.append(VoteTold(poll, cocreation.options_of(poll), result, ballots, others))
    return told


def _ballots(poll: Poll) -> tuple[list[tuple[str, int]], int]:
    if poll.sealed is None:
        return [], 0
    kinds = Counter(cocreation.contents_published(poll))
    whole = cocreation.rules_read(poll).publish == "ballots" or not poll.secret
    shown = sorted((text, many) for text, many in kinds.items() if whole or many >= LEAST_COUNTED)
    return shown, sum(kinds.values()) - sum(many for _text, many in shown)


def pabulib_text(vote: VoteTold, titles: Mapping[int, str]) -> str:
    """A budget as a `.pb` file; voters are numbered in the order of their ballots' texts, which tells nothing."""
    import numpy as np

    from estime.cocreation.tally.ballots import Kind, Money, ballots_of
    from estime.cocreation.tally.formats.pabulib import Pabulib, written

    order = {option.number: place for place, option in enumerate(vote.options)}
    marks = np.zeros((len(vote.ballots), len(order)), dtype=np.bool_)
    for row, (text, _many) in enumerate(vote.ballots):
        for number in orjson.loads(text):
            marks[row, order[number]] = True
    counts = np.array([many for _text, many in vote.ballots], dtype=np.int64)
    ballots = ballots_of(Kind.APPROVAL, marks, [str(number) for number in order], counts=counts)
    named = {str(number): " ".join(titles.get(number, "").split()) for number in order}
    rules = cocreation.rules_read(vote.poll)
    meta = {
        "description": " ".join(vote.poll.title.split()),
        "currency": rules.unit,
        "vote_type": "approval",
        "rule": "equalshares/add1u",
        "date_begin": vote.poll.opens.date().isoformat(),
        "date_end": vote.poll.closes.date().isoformat(),
    }
    if vote.others:
        meta["comment"] = (
            f"{vote.others} ballots of kinds that fewer than {LEAST_COUNTED} people cast are left out"
        )
    money = Money(tuple(Fraction(option.cost or 0) for option in vote.options), Fraction(str(rules.budget)))
    return written(Pabulib(replace(ballots, names=named), money, (), meta))
