"""Somebody of a place, by the name that people know them under."""

from estime.cocreation.mentions import Spot, people_in
from estime.cocreation.models import Author, Member

MOST = 10


def people_find(where: Spot, name: str, handle: str = "") -> list[Member]:
    """People of the same challenge, or else space, who are called exactly this; `handle`: the one chosen."""
    told = " ".join(name.split())
    for place in (where, where.space):
        people = people_in(place)
        found = people.filter(handle=handle) if handle else people.filter(name__iexact=told)
        known = list(found.order_by("pk")[:MOST])
        if known:
            return known
    return []


def authors_all(contribution: int) -> list[Author]:
    """Everybody who writes a contribution, was asked to, or wrote it once; in the order in which they came."""
    return list(
        Author.objects.filter(contribution=contribution)
        .select_related("member", "invited_by")
        .order_by("number")
    )
