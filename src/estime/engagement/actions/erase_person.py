"""Erase an account everywhere below: ledger, lake, and the figures that it went into."""

from estime.engagement.actions.refresh import installed_lake
from estime.engagement.models import Edition
from estime.ledger import api as ledger


def erase_person(channel: str, handle: str) -> ledger.Erased:
    """Erase the account of this handle, and have the next refresh compute every figure again.

    Raises `UnknownAccount`. The figures are marked before the lake changes, so a process killed in between
    cannot leave figures that still count an erased person as good.
    """
    key = ledger.account_key(channel, handle)
    newest = Edition.objects.order_by("-pk").first()
    if newest is not None:
        Edition.objects.filter(pk=newest.pk).update(stale=True)
    return ledger.erase_accounts([key], installed_lake())


def forget_lake() -> None:
    """The lake and the figures come from another ledger (a restore): have the next refresh make both anew."""
    installed_lake().drop()
    Edition.objects.update(stale=True)
