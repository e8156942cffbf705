"""Which scopes hold too few people to be shown to strangers (`privacy.smallest_group`)."""

from collections.abc import Sequence
from typing import Final

from estime.engagement import api

PERSONS: Final = ("presence",)
"""The measures that tell it."""


def scopes_of_few(fewest: int, figures: Sequence[api.Figure]) -> frozenset[str]:
    """Scopes in which somebody acted, but fewer persons than `fewest` ever did; `figures`: current ones of all scopes.

    A page that gives totals only names nobody, and is not among them.
    """
    persons: dict[str, float] = {}
    for figure in figures:
        if figure.measure not in PERSONS:
            continue
        persons[figure.scope] = max(persons.get(figure.scope, 0.0), figure.d or 0.0)
    return frozenset(scope for scope, number in persons.items() if 0 < number < fewest)
