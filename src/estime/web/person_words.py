"""A person's figures in words, each with the address of the acts that made it."""

from datetime import timedelta
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.engagement.api import PersonMeasures
from estime.ledger.api import Exchange, Tally
from estime.readouts import wording
from estime.web.act_filters import acts_url
from estime.web.act_words import account_name, kind_name
from estime.web.moments import day


class BehaviourRow(NamedTuple):
    """What one kind of act adds to B."""

    kind: str
    acts: str
    url: str
    decayed: str
    weight: str
    part: str


class PartnerRow(NamedTuple):
    """Somebody with whom answers went both ways."""

    name: str
    url: str
    given: str
    given_url: str
    received: str
    received_url: str


def address(account: int | None, **fields: str) -> str:
    """The list of an account's acts, narrowed."""
    return acts_url(account=account, **fields)


def acts_words(acts: int) -> str:
    return ngettext("%(count)s act", "%(count)s acts", acts) % {"count": wording.count(acts)}


def spontaneous_words(account: int, tally: Tally) -> tuple[str, str]:
    """The share of active acts that nothing prompted, and the address of those; unknown without any."""
    if not tally.active:
        return _("unknown: no active act yet"), ""
    free = tally.active - tally.prompted
    told = _("%(share)s (%(free)s of %(all)s)") % {
        "share": wording.percent(free / tally.active),
        "free": wording.count(free),
        "all": wording.count(tally.active),
    }
    return told, address(account, active="1", incentive="0")


def presence_words(found: PersonMeasures) -> str:
    """How present somebody is, in words, with the window it is told for."""
    if not found.known:
        return _("There are very many acts: how present they are is computed apart, with the next refresh.")
    told = {
        "days": wording.count(found.window),
        "day": day(found.as_of),
        "silence": wording.count(found.silence),
    }
    return {
        "newcomer": _("New: their first active act lies in the %(days)s days before %(day)s."),
        "continuing": _(
            "Continuing: active in the %(days)s days before %(day)s, and in the %(silence)s days before those."
        ),
        "returning": _(
            "Returning: active in the %(days)s days before %(day)s, after at least %(silence)s silent days."
        ),
        "lapsing": _(
            "Slipping away: not active in the %(days)s days before %(day)s, but less than %(silence)s days ago."
        ),
        "gone": _("Gone: not active in the %(silence)s days before %(day)s."),
        "": _(
            "Not active for themselves so far: views, joinings and leavings, "
            "or what was said for the brand, do not count."
        ),
    }[found.presence] % told


def behaviour_rows(account: int, found: PersonMeasures) -> list[BehaviourRow]:
    """What each kind of act adds to B, each with the address of the acts counted: those up to the as-of."""
    # The measure counts whole seconds, and up to and including the moment it is told as of.
    until = (found.as_of.replace(microsecond=0) + timedelta(seconds=1)).isoformat()
    return [
        BehaviourRow(
            kind_name(part.kind),
            wording.count(part.acts),
            address(account, active="1", brand="0", type=part.kind, until=until),
            wording.number(part.decayed, 2),
            wording.number(part.weight, 0 if part.weight == int(part.weight) else 1),
            wording.number(part.part, 2),
        )
        for part in found.parts
    ]


def exchange_rows(account: int, found: Exchange) -> list[PartnerRow]:
    since = found.since.isoformat() if found.since else ""
    return [
        PartnerRow(
            partner.handle or account_name(partner.account),
            reverse("person", args=[partner.account]),
            wording.count(partner.given),
            address(account, active="1", answers_to=str(partner.account), since=since),
            wording.count(partner.received),
            address(partner.account, active="1", answers_to=str(account), since=since),
        )
        for partner in found.partners
    ]
