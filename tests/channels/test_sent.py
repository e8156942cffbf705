"""Protects refused messages of what sends by itself: whoever sends beside whomever, each waits, once."""

from threading import Thread

import pytest
from django.db import connections

from estime.channels import api as channels
from estime.channels.models import Import
from estime.ledger.drafts import Reject


def rows() -> list[str]:
    records = Import.objects.filter(closed=None)
    return sorted(
        row.reject.raw for record in records for row in channels.refused_page(record, "", 0, 99).rows
    )


def told(name: str) -> Reject:
    return Reject(0, "bad-time", "?", f'{{"n": "{name}"}}')


@pytest.mark.usefixtures("installed")
def test_messages_of_many_at_once_are_all_kept():
    """Threads beside each other, on both databases. (On PostgreSQL two that come first at once begin a list each.)"""

    def keep(part: int) -> None:
        try:
            for n in range(5):
                channels.rejects_keep("shop", "Segment", "segment", [told(f"{part}-{n}")])
        finally:
            connections["default"].close()

    threads = [Thread(target=keep, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert rows() == sorted(told(f"{part}-{n}").raw for part in range(4) for n in range(5))
    assert sum(Import.objects.values_list("rejected", flat=True)) == 20


def test_what_is_put_aside_stays_so_and_the_next_waits(db):
    channels.rejects_keep("shop", "Segment", "segment", [told("a")])
    first = Import.objects.get()
    Import.objects.update(closed=first.started)
    channels.rejects_keep("shop", "Segment", "segment", [told("b")])
    channels.rejects_keep("shop", "Segment", "segment", [])
    assert (Import.objects.count(), rows()) == (2, [told("b").raw])
