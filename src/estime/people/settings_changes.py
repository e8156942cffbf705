"""Who changed which setting, when, from what to what: written in one transaction with the change itself."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from estime.people.models import SettingsChange

Changes = Mapping[str, tuple[Any, Any]]
"""Key to what it was and what it is now, as JSON can hold it."""


@contextmanager
def settings_change_record(by: int | None, changes: Changes) -> Iterator[None]:
    """Record changes around the body that makes them: if it fails, nothing is recorded. What stays is left out."""
    with transaction.atomic():
        SettingsChange.objects.bulk_create(
            [
                SettingsChange(by_id=by, key=key[:100], before=before, after=after)
                for key, (before, after) in changes.items()
                if before != after
            ]
        )
        yield


def settings_changes(limit: int, before: int | None = None) -> list[SettingsChange]:
    """Changes, newest first; the page after the one that ended with `before`."""
    rows = SettingsChange.objects.select_related("by").order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows[:limit])
