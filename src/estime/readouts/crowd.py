"""Which scopes hold too few people to be shown to strangers (`privacy.smallest_group`)."""

from estime.engagement import api


def scopes_of_few(fewest: int) -> frozenset[str]:
    """Scopes in which somebody acted, but fewer persons than `fewest` ever did.

    A page that gives totals only names nobody, and is not among them.
    """
    persons: dict[str, float] = {}
    for figure in api.figures_now(("presence",)):
        persons[figure.scope] = max(persons.get(figure.scope, 0.0), figure.d or 0.0)
    return frozenset(scope for scope, number in persons.items() if 0 < number < fewest)
