"""Which texts tell a topic best: central ones, short, of different people, that reveal nothing sensitive."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from estime.listening.topics.cleaning import shown
from estime.listening.topics.groups import Groups
from estime.listening.topics.result import Quote, Texts
from estime.listening.topics.sensitive import revealed
from estime.listening.topics.vectors import Floats
from estime.listening.topics.words import Ints

_LOOKED_AT: Final = 60
_BEGIN: Final = 40
"""Letters that two quotes do not begin with alike: the second is the first, written again at more length."""
_SHORTEST: Final = 30
_LONGEST: Final = 600
"""Longer texts are quoted only where nothing shorter is there: what is cut is not what was said."""


def quotes(
    texts: Texts, groups: Groups, mine: Ints, near: Floats, asked: tuple[int, bool]
) -> tuple[Quote, ...]:
    """`mine`: the topic's texts in the window; `near`: how central each is. `asked`: how many, and whether
    what is sensitive may be shown."""
    many, sensitive = asked
    out: list[Quote] = []
    for at in _candidates(texts, groups, mine, near):
        if len(out) == many:
            break
        told = shown(texts.text[at])
        again = any(told[:_BEGIN] == quote.text[:_BEGIN] for quote in out)
        if told and not again and (sensitive or not revealed(texts.text[at][:2_000])):
            seq = at if texts.seq is None else int(texts.seq[at])
            out.append(Quote(seq, told, int(groups.size[groups.of[at]])))
    return tuple(out)


def _candidates(texts: Texts, groups: Groups, mine: Ints, near: Floats) -> Iterator[int]:
    lengths = np.array([len(texts.text[at]) for at in mine])
    penalty = 0.3 * (lengths < _SHORTEST) + 0.3 * (lengths > _LONGEST)
    if texts.brand is not None:
        penalty = penalty + 0.5 * texts.brand[mine]
    last = mine if texts.seq is None else texts.seq[mine]
    order = np.lexsort((last, groups.of[mine], lengths, -np.round(near - penalty, 6)))
    seen_people: set[int] = set()
    seen_groups: set[int] = set()
    for at in mine[order][: _LOOKED_AT * 5].tolist():
        group = int(groups.of[at])
        who = int(texts.person[at]) if texts.person is not None else -1 - at
        if who in seen_people or group in seen_groups:
            continue
        seen_people.add(who)
        seen_groups.add(group)
        yield at
