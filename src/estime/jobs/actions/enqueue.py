"""Ask for a job, in the caller's transaction: no job without its cause, and no cause without its job."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from estime.jobs.handlers import JSON, check_kind
from estime.jobs.models import Job
from estime.jobs.moments import moment


def enqueue(
    kind: str,
    data: dict[str, JSON],
    *,
    key: str = "",
    by: int | None = None,
    after: datetime | None = None,
) -> UUID:
    """A job that does `kind` with `data`, not before `after`; returns its id.

    With a `key`, a job of the same kind and key that waits already is returned instead of a second one. It is locked
    until the caller's transaction ends, so that no worker begins it before what the caller wrote can be read.
    Raises `UnknownJobKind`.
    """
    check_kind(kind)
    while True:
        with transaction.atomic():
            waiting = _waiting(kind, key)
            if waiting is not None:
                return waiting
            made = _made(kind, data, key, by, after)
        if made is not None:
            return made


def _waiting(kind: str, key: str) -> UUID | None:
    if not key:
        return None
    rows = Job.objects.select_for_update().filter(kind=kind, slot=key)
    return rows.values_list("pk", flat=True).first()


def _made(kind: str, data: dict[str, JSON], key: str, by: int | None, after: datetime | None) -> UUID | None:
    """The id of a new job; None if another transaction was quicker with this key."""
    now = moment()
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind, data=data, key=key, slot=key or None, by=by, made=now, due=after or now
            )
    except IntegrityError:
        if not key:
            raise
        return None
    return job.pk
