"""The door of jobs: what other parts may call."""

from estime.jobs.actions.enqueue import enqueue
from estime.jobs.actions.settle import retry, set_aside
from estime.jobs.debts import failed_debts
from estime.jobs.errors import JobNotFailed, Later, UnknownJob, UnknownJobKind
from estime.jobs.handlers import JSON, Progress, kinds
from estime.jobs.queries import JobInfo, counts, failed_open, find, last_look, queue, recent, runs
from estime.jobs.wording import kind_in_words
from estime.jobs.worker import Worker

__all__ = [
    "JSON",
    "JobInfo",
    "JobNotFailed",
    "Later",
    "Progress",
    "UnknownJob",
    "UnknownJobKind",
    "Worker",
    "counts",
    "enqueue",
    "failed_debts",
    "failed_open",
    "find",
    "kind_in_words",
    "kinds",
    "last_look",
    "queue",
    "recent",
    "retry",
    "runs",
    "set_aside",
]
