"""One job from its adoption to its end, in the process that does it."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import Error as DatabaseFault
from django.db import connections

from estime.jobs.actions import finish
from estime.jobs.actions.claim import adopt
from estime.jobs.errors import Later
from estime.jobs.handlers import handler_of
from estime.jobs.holders import new_holder
from estime.jobs.keeper import Keeper
from estime.jobs.models import Job
from estime.kernel.errors import EstimeError

_LOG = logging.getLogger("estime.jobs")
STOPPED_BY_HAND = 130
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0, 15.0)
"""Seconds between tries to write how a job ended."""


def run(job_id: UUID, before: str, settle: Callable[[], None] = lambda: None) -> str:
    """Do a job that `before` holds; returns how it ended: done, failed, waiting, or lost (to another process).

    However often this is interrupted, the job ends the same way: the handler is idempotent, and a run that is no
    longer the holder's changes nothing here. `settle` is called once the handler has ended: stopping it is too late.
    """
    holder = str(new_holder())
    job = adopt(job_id, before, holder)
    if job is None:
        return "lost"
    began = time.monotonic()
    keeper = Keeper(job.pk, holder)
    keeper.start()
    told: object = ""
    ended: BaseException | None = None
    try:
        told = handler_of(job.kind)(job.data, keeper.progress)
    except (Exception, KeyboardInterrupt) as error:
        ended = error
    settle()
    status = _settled(keeper, job, holder, told, ended)
    _tell(job, status, ended, time.monotonic() - began)
    return status


def _settled(keeper: Keeper, job: Job, holder: str, told: object, ended: BaseException | None) -> str:
    """Write how it ended; a database that is away is waited for, almost as long as the job is ours."""
    for pause in (*PAUSES, None):
        connections.close_all()  # an error may have left a transaction in pieces
        try:
            return _settle(job, holder, told, ended) if keeper.stop() else "lost"
        except DatabaseFault:
            if pause is None:
                _LOG.exception(
                    "the end of a job could not be written", extra={"fields": {"job": str(job.pk)}}
                )
                break
            time.sleep(pause)
    return "lost"  # whoever comes next finds it left behind, and does it again


def _settle(job: Job, holder: str, told: object, ended: BaseException | None) -> str:
    if ended is None:
        return "done" if finish.succeed(job, holder, told) else "lost"
    if isinstance(ended, Later):
        again = timedelta(seconds=ended.seconds)
        return "waiting" if finish.give_back(job, holder, after=again) else "lost"
    if _by_hand(ended) or not isinstance(ended, Exception):
        return "waiting" if finish.give_back(job, holder) else "lost"
    return finish.fail(job, holder, ended) or "lost"


def _by_hand(ended: BaseException) -> bool:
    if isinstance(ended, EstimeError):
        return ended.exit_code == STOPPED_BY_HAND
    return isinstance(ended, KeyboardInterrupt)


def _tell(job: Job, status: str, ended: BaseException | None, seconds: float) -> None:
    fields = {
        "job": str(job.pk),
        "kind": job.kind,
        "status": status,
        "attempt": job.attempts,
        "seconds": round(seconds, 3),
    }
    if isinstance(ended, EstimeError):
        fields["code"] = ended.code
    if ended is None or isinstance(ended, Later) or _by_hand(ended):
        _LOG.info("a job ended", extra={"fields": fields})
    else:  # what an EstimeError says is known; of anything else the place is needed
        known = isinstance(ended, EstimeError)
        _LOG.warning("a job ended by an error", extra={"fields": fields}, exc_info=None if known else ended)
