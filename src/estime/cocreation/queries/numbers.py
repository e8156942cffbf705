"""How many there are, for each row of something else: counted along an index, without looking at the rows."""

from typing import Any

from django.db.models import Func, IntegerField, QuerySet, Subquery


def number_of(rows: QuerySet[Any]) -> Subquery:
    """How many of these rows there are; they are named by an `OuterRef`, and by what the index is of.

    `COUNT(*)`, since of a column PostgreSQL would look at each row whether it is null.
    """
    counted = Func(function="COUNT", template="COUNT(*)", output_field=IntegerField())
    return Subquery(rows.order_by().annotate(n=counted).values("n"))
