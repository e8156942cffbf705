"""Alerts that are looked for and mailed by children that SIGKILL ends, before and after each commit and each mail.

Not a test: a program. Each deed is done by a child forked from a parent that never touches the database. Prints what
came of it.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.core.mail.backends import filebased
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F
from ledger.acts import act, rows
from listening.plain import PlainReader

from estime.kernel.home import home
from estime.ledger import api as ledger
from estime.listening import api as listening
from estime.listening.actions.listen import listen
from estime.people.models import User

NEVER = (None, "", 0, False)


def life(
    body: Callable[[], object], owner: Any = None, name: str = "", number: int = 0, after: bool = False
) -> bool:
    """Do something in a child that ends at one call of a function; whether it came to its own end."""
    child = os.fork()
    if child:
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if ended not in (0, -signal.SIGKILL):
            sys.exit(f"{body} ended by {ended}")
        return ended == 0
    code = 1
    try:
        if owner is not None:
            _wrap(owner, name, number, after)
        body()
        code = 0
    finally:
        sys.stdout.flush()
        os._exit(code)


def _wrap(owner: Any, name: str, number: int, after: bool) -> None:
    original, calls = getattr(owner, name), iter(range(999))

    def boundary(*args: Any, **named: Any) -> Any:
        at = next(calls) == number
        if at and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        done = original(*args, **named)
        if at:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(owner, name, boundary)


def begin() -> None:
    owner = User.objects.create(email="lea@example.org", role="lead", name="Lea")
    listening.search_save(owner, listening.SearchDraft("Bad", "", {"polarity": "negative"}, alert="each"))


def came_in(first: int) -> None:
    """Four texts, of which two are negative, read and in the index."""
    said = ("Bad -", "Good +", "Worse -", "So so")
    ledger.append(
        "forum", rows(*(act(first + n, content=f"{words} {first + n}") for n, words in enumerate(said)))
    )
    listen(reader=PlainReader(), processes=1)
    ledger.index_acts()


def look() -> None:
    listening.alerts_look()
    listening.alerts_mail()


def later() -> None:
    """A day on: a search may tell again, and claims are over."""
    listening.SearchAlert.objects.exclude(claimed=None).update(claimed=F("claimed") - timedelta(days=1))
    for search in listening.SavedSearch.objects.exclude(looked=None):
        listening.SavedSearch.objects.filter(pk=search.pk).update(looked=search.looked - timedelta(days=1))


def tell() -> None:
    alerts = listening.SearchAlert.objects.order_by("pk")
    mails = [path.read_text() for path in (home() / "mail").glob("*.log")]
    numbers = [line for mail in mails for line in mail.splitlines() if line.lower().startswith("message-id:")]
    print(json.dumps({
        "texts": [alert.texts for alert in alerts],
        "steps": [[alert.after, alert.upto] for alert in alerts],
        "mailed": [alert.mailed is not None for alert in alerts],
        "mails": len(numbers),
        "different": len(set(numbers)),
    }))  # fmt: skip


def main() -> None:
    life(begin)
    rounds = 0
    for owner, name in ((BaseDatabaseWrapper, "_commit"), (filebased.EmailBackend, "write_message")):
        for after in (False, True):
            for number in range(2):
                rounds += 1
                life(lambda first=rounds * 10: came_in(first))  # type: ignore[misc]
                life(look, owner, name, number, after)
                life(later)
                life(look)
                life(later)
    life(look)
    life(tell)


main()
