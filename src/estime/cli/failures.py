"""What no command foresaw, said in a way that a person can act on."""

import os

from estime.kernel.errors import EstimeError, StorageFull, disk_full


class DatabaseFailed(EstimeError):
    """The database refused in the middle of the work: it is locked, shut down, or may not be written."""

    code = "database-failed"
    exit_code = 3


class SystemRefused(EstimeError):
    """The operating system refused: a file may not be read or written, or is not there."""

    code = "system-refused"


class Unexpected(EstimeError):
    """A mistake in Estime itself."""

    code = "unexpected"


def explained(error: Exception) -> EstimeError:
    """The error that tells what happened. With ESTIME_DEBUG=1 a mistake of ours is raised as it is."""
    from django.db import DatabaseError

    if isinstance(error, EstimeError):
        return error
    if disk_full(error):
        return StorageFull(
            "The disk is full.", todo="Make room, and run the same again: what was done stays done."
        )
    if isinstance(error, DatabaseError):
        return DatabaseFailed(
            f"The database refused: {first_line(error)}.",
            todo="Run the same again: what was done stays done. If it refuses again, run `estime doctor`.",
        )
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        return SystemRefused(f"{place}{error.strerror}.", todo="Check the path, and that you may use it.")
    if os.environ.get("ESTIME_DEBUG") == "1":
        raise error
    return Unexpected(
        f"A mistake in Estime: {type(error).__name__}: {first_line(error)}",
        todo="Run it again with ESTIME_DEBUG=1, and report what it prints.",
    )


def first_line(error: Exception) -> str:
    """The first line of an error's text, without its full stop; the lines below may hold data."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
