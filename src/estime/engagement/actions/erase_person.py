"""Erase an account everywhere below: ledger, lake, and the figures that it went into."""

from estime.cocreation import api as cocreation
from estime.contact import api as contact
from estime.engagement.actions.lease import lease
from estime.engagement.actions.refresh import installed_lake
from estime.engagement.actions.remember import PERSONS
from estime.engagement.models import Edition, PersonDigest
from estime.ledger import api as ledger


def erase_person(channel: str, handle: str) -> ledger.Erased:
    """Erase the account of this handle, and have the next refresh compute every figure again.

    Raises `UnknownAccount`, and `RefreshRunning` while a refresh is reading what would go: its figures would still
    count the person, unmarked. The figures are marked before the ledger changes, so a process killed in between cannot
    leave figures that still count an erased person as good, and the next refresh completes the erasure.
    """
    lake = installed_lake()
    with lease("refresh"), lake.in_use():
        key = ledger.account_key(channel, handle)
        newest = Edition.objects.order_by("-pk").first()
        if newest is not None:
            Edition.objects.filter(pk=newest.pk).update(stale=True)
        PersonDigest.objects.filter(pk=key).delete()
        contact.forget_accounts([key])
        cocreation.forget_accounts([key])
        return ledger.erase_accounts([key], lake, tables=[PERSONS])


def forget_lake() -> None:
    """The lake and the figures come from another ledger (a restore): have the next refresh make both anew."""
    installed_lake().drop()
    Edition.objects.update(stale=True)
