"""Refusals that members got, and whether they said why: numbers for measures, no words."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from estime.cocreation.models import Decision
from estime.cocreation.reasons import reason_doubts


class Refused(NamedTuple):
    """A contribution of this account was not taken up; `bare`: the reason is none, or a formula of thanks."""

    account: int
    channel: str
    at: datetime
    bare: bool


def refusals_each() -> Iterator[Refused]:
    """Every refusal whose author has an account in the ledger and was not erased."""
    rows = Decision.objects.filter(
        outcome="not_taken", contribution__author__account__isnull=False, contribution__author__erased=False
    ).values_list("contribution__author__account", "contribution__author__channel", "at", "reason")
    for account, channel, at, reason in rows.iterator(chunk_size=2000):
        if account is not None:
            yield Refused(account, channel, at, bool(reason_doubts(reason)))
