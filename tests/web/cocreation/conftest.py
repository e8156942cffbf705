"""Pages of co-creation on a place of `tests/cocreation/places.py`."""

from collections.abc import Callable

import pytest
from cocreation.places import Place, place_made
from django.test import Client

from estime.cocreation.models import Member


@pytest.fixture
def place(db: None) -> Callable[..., Place]:
    return place_made


@pytest.fixture
def browser() -> Callable[[Member | None], Client]:
    """A client signed in as a member; a stranger's without one."""

    def signed(member: Member | None = None) -> Client:
        client = Client()
        if member is not None and member.user is not None:
            client.force_login(member.user)
        return client

    return signed
