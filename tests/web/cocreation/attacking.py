"""What the attacks on pages share: every address of a world, who asks, and what stands in the tables."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from web.cocreation.attacked import ADDRESSES, World, filled

from estime.cocreation import models as m
from estime.kernel.home import make_home
from estime.web import idea_urls, loop_urls, moderation_urls, space_urls, vote_urls

NAMES = {
    one.name: one
    for urls in (idea_urls, loop_urls, moderation_urls, space_urls, vote_urls)
    for one in urls.PATHS
}
OURS = ("cocreation_", "ledger_act")
BY_TOKEN = {"digest-stop"}
"""Mail programs post there by themselves: the address itself is the permission."""
NOT_DEEDS = {"cocreation_allowance", "cocreation_echo", "cocreation_member"}
"""Tables that somebody’s visit may touch: what they spent, who they are."""


@pytest.fixture(autouse=True)
def at_home(settings: LazySettings, _home: Path) -> Path:
    settings.ALLOWED_HOSTS = ["testserver"]
    make_home()
    cache.clear()
    return _home


def as_(member: m.Member | None, **options: Any) -> Client:
    client = Client(**options)
    if member is not None and member.user is not None:
        client.force_login(member.user)
    return client


def told(there: World) -> Iterator[tuple[str, str]]:
    """Every address of this world."""
    for name, one in ADDRESSES.items():
        if name in NAMES:
            yield (
                name,
                "/en" + reverse(name, args=[filled(there, arg) for arg in one.args]).removeprefix("/en"),
            )


def rows() -> dict[str, Any]:
    """What stands in every table: the same before and after means that nothing was done."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(OURS) and table not in NOT_DEEDS:
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = cursor.fetchall()
    return found


def text_of(answer: Any) -> str:
    """What an answer holds, a file or a page."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "replace")


def changed(before: dict[str, Any]) -> list[str]:
    after = rows()
    return [table for table in before if sorted(map(repr, before[table])) != sorted(map(repr, after[table]))]
