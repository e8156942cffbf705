"""What may be wrong with a job, or with what is asked of it."""

from typing import ClassVar

from estime.kernel.errors import EstimeError


class UnknownJob(EstimeError):
    """There is no job with this id (any more)."""

    code = "unknown-job"


class UnknownJobKind(EstimeError):
    """No handler is bound to this kind of job."""

    code = "unknown-job-kind"


class JobNotFailed(EstimeError):
    """Only a failed job can be run again or set aside."""

    code = "job-not-failed"


class JobLost(EstimeError):
    """The job ended without a word too often: killed, out of memory, or the machine went away."""

    code = "job-lost"
    exit_code: ClassVar[int] = 3


class JobBroke(EstimeError):
    """A job ended by a mistake in Estime, or by something that its handler did not foresee."""

    code = "job-broke"
    exit_code: ClassVar[int] = 3


class DatabaseAway(EstimeError):
    """The database went away in the middle of a job, or refused to do more."""

    code = "job-database-away"
    exit_code: ClassVar[int] = 3


class Later(Exception):  # no error: a handler says "not now"
    """Raised by a handler that cannot work now, through nobody's fault: the job waits, and no attempt is counted."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds
