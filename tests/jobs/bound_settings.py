"""Estime's settings with the handlers of the tests, for processes of their own."""

from jobs.kinds import JOBS

from estime.config.settings import *  # noqa: F403

ESTIME_JOBS = JOBS
ESTIME_SCHEDULE = {}
