"""Alerts by mail, to whoever saved the search. An alert is claimed, handed over and marked.

A fall before the mark has it handed over again some minutes later as the same mail: under the same Message-ID, which
mail programs show once; where mails are files, one that is there already is not written again.
"""

from datetime import timedelta
from typing import Final

from django.db.models import Q, QuerySet

from estime.kernel import clock
from estime.kernel.configuration import configuration
from estime.listening.search_models import RISE, SearchAlert
from estime.people import api as people

CLAIM: Final = timedelta(minutes=5)
TEMPLATE: Final = "listening/email/alert"
_LOCAL: Final = "http://127.0.0.1:8000"


def alerts_unmailed() -> QuerySet[SearchAlert]:
    """Alerts that nobody hands over just now, the first first."""
    free = Q(claimed=None) | Q(claimed__lte=clock.now() - CLAIM)
    return SearchAlert.objects.filter(free, mailed=None).order_by("made", "pk")


def alerts_mail() -> int:
    """Hand over what is not mailed yet; returns how many mails went. One that nobody takes is tried again."""
    sent = 0
    for alert in alerts_unmailed().select_related("search", "search__owner"):
        again = alert.claimed is not None
        if not SearchAlert.objects.filter(pk=alert.pk, mailed=None, claimed=alert.claimed).update(
            claimed=clock.now()
        ):
            continue
        done = _hand_over(alert, again)
        if done is not None:
            SearchAlert.objects.filter(pk=alert.pk).update(mailed=clock.now())
            sent += done
    return sent


def _hand_over(alert: SearchAlert, again: bool) -> bool | None:
    """Whether a mail went; False if none has to; None if nobody took it."""
    owner, search = alert.search.owner, alert.search
    if not owner.is_active or not owner.may("listening.see"):
        return False
    number = f"alert-{alert.pk}.{int(alert.made.timestamp())}"
    if again and people.mail_written(number):
        return True
    language = owner.language or configuration().site.languages[0]
    told = {
        "name": owner.name,
        "search": search.name,
        "texts": alert.texts,
        "people": alert.people,
        "before": alert.before,
        "days": search.days,
        "rise": alert.kind == RISE,
        "address": f"{configuration().site.address or _LOCAL}/{language}/listening/searches/alerts/{alert.pk}/",
    }
    return True if people.mail_send(TEMPLATE, owner.email, language, told, number=number) else None
