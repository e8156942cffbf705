"""Errors of engagement."""

from estime.kernel.errors import EstimeError


class RefreshRunning(EstimeError):
    """Another process is refreshing the figures at this moment."""

    code = "refresh-running"
    exit_code = 3
