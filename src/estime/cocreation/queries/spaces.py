"""Spaces, and who may read in them."""

from typing import Final

from estime.cocreation.models import Space
from estime.cocreation.prepared import Prepared
from estime.people.api import User

_BY_SLUG: Final = Prepared(lambda slug: Space.objects.filter(slug=slug), plan_once=True)


def space_known(slug: str) -> Space | None:
    """A space by its name in addresses, whoever may read there."""
    return _BY_SLUG.first(slug)


def readable(user: User | None, space: Space) -> bool:
    """Whether somebody may read in a space: everybody where it is public, else whoever may take part."""
    return space.public or (user is not None and user.may("space.take_part"))
