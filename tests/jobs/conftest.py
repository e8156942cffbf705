"""Fixtures of the jobs' tests."""

from datetime import UTC, datetime, timedelta

import pytest
from jobs.kinds import JOBS

from estime.jobs.actions import recover
from estime.jobs.models import Job
from estime.kernel import clock


@pytest.fixture
def bound(settings):
    """The handlers of tests/jobs/work.py."""
    settings.ESTIME_JOBS = JOBS
    settings.ESTIME_SCHEDULE = {}
    return JOBS


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.at, self.ticks = datetime(2026, 3, 1, 12, tzinfo=UTC), 1000.0

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **span: float) -> None:
        """Time passes."""
        self.at += timedelta(**span)
        self.ticks += timedelta(**span).total_seconds()

    def jump(self, **span: float) -> None:
        """No time passes, and the clock says it did."""
        self.at += timedelta(**span)


@pytest.fixture
def time_(monkeypatch):
    """The time, for an embedded database (PostgreSQL has a clock of its own)."""
    told = Clock()
    monkeypatch.setattr(clock, "now", told)
    monkeypatch.setattr(recover, "elapsed", lambda: told.ticks)
    monkeypatch.setattr(recover, "_watch", recover.Watch())
    return told


def the_job() -> Job:
    return Job.objects.get()
