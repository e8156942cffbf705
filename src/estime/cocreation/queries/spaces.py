"""Spaces, and who may read in them."""

from estime.cocreation.models import Space
from estime.people.api import User


def readable(user: User | None, space: Space) -> bool:
    """Whether somebody may read in a space: everybody where it is public, else whoever may take part."""
    return space.public or (user is not None and user.may("space.take_part"))
