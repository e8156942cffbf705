"""Erase an account everywhere below: ledger, lake, and the figures that it went into."""

from typing import Any

from django.db.models import QuerySet

from estime.cocreation import api as cocreation
from estime.contact import api as contact
from estime.engagement.actions.hear import READINGS
from estime.engagement.actions.lease import lease
from estime.engagement.actions.refresh import installed_lake
from estime.engagement.actions.remember import PERSONS
from estime.engagement.models import Contested, Edition, Objection, PersonDigest, Place, ValidityReport
from estime.kernel.erasures import erasure_remember
from estime.ledger import api as ledger
from estime.listening import api as listening
from estime.people.api import User


def erase_person(channel: str, handle: str) -> ledger.Erased:
    """Erase the account of this handle, and have the next refresh compute every figure again.

    Raises `UnknownAccount`, and `RefreshRunning` while a refresh is reading what would go: its figures would still
    count the person, unmarked. The figures are marked before the ledger changes, so a process killed in between cannot
    leave figures that still count an erased person as good, and the next refresh completes the erasure. What was read
    in their texts goes last: once the ledger has no words of theirs, nobody can read them again.
    """
    with lease("refresh"), installed_lake().in_use():
        key = ledger.account_key(channel, handle)
        cocreation.forget_accounts([key])
        return _erased(key)


def erase_login(user: User) -> None:
    """Erase all that somebody with this login did here; the login itself is for people to erase.

    Raises `RefreshRunning`, as above; then their names and words are blank already. They are found by their login until
    all is done, so after a kill anywhere the next run completes it.
    """
    listening.searches_forget(_named(user.name))
    member = cocreation.member_known(user)
    if member is not None:
        cocreation.forget_login(user, last=False)
        if member.account is not None:
            erasure_remember()
            with lease("refresh"), installed_lake().in_use():
                _erased(member.account)
        cocreation.forget_login(user, last=True)  # and what a request wrote that was under way meanwhile
    listening.forget_login(user.pk)


def _named(name: str) -> list[str]:
    """What somebody is called, as searches look for them: a first name alone may be anybody, and any word."""
    return [name] if len(name.split()) > 1 else []


def _erased(key: int) -> ledger.Erased:
    newest = Edition.objects.order_by("-pk").first()
    if newest is not None:
        Edition.objects.filter(pk=newest.pk).update(stale=True)
    ValidityReport.objects.update(stale=True)
    for kept in (PersonDigest.objects.filter(pk=key), *about_person(key)):
        kept.delete()
    contact.forget_accounts([key])
    listening.names_forget([key])
    erased = ledger.erase_accounts([key], installed_lake(), tables=[PERSONS, READINGS])
    listening.forget_accounts([key])
    return erased


def about_person(key: int) -> tuple[QuerySet[Any], ...]:
    """What the map keeps of one account: its place, what it contested, whether it objects."""
    return (
        Place.objects.filter(pk=key),
        Contested.objects.filter(account=key),
        Objection.objects.filter(pk=key),
    )


def forget_lake() -> None:
    """The lake and the figures come from another ledger (a restore): have the next refresh make both anew."""
    installed_lake().drop()
    Edition.objects.update(stale=True)
    ValidityReport.objects.update(stale=True)
