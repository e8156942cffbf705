"""Errors of the ledger."""

from estime.kernel.errors import EstimeError


class BadChannelName(EstimeError):
    """A channel's name is not a short word of letters, digits, `-` and `_`."""

    code = "bad-channel-name"


class UnknownAccount(EstimeError):
    """No account has this key, or this handle on this channel."""

    code = "unknown-account"


class KeyTaken(EstimeError):
    """An export was brought into an installation where its account keys or act ids mean something else."""

    code = "key-taken"
