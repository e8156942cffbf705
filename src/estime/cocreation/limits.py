"""How much one account, and one address, may do in a time; and how many links a new account may write.

One number per key says until when its allowance is used up (GCRA, the generic cell rate algorithm): a deed moves it on
by one step, and is refused if that would take it further ahead of the present than the whole window. One statement on
one row, so all processes and machines count together, and two deeds at once never count as one. A deed that fails takes
its count back with it.

To be called first in a deed's transaction: everybody of one address waits for that address's row, and must hold nothing
that others wait for. Addresses that are not public (this machine, a proxy that ESTIME_PROXY does not name) stand for
nobody knows how many people, and are not counted. No address is kept: a keyed hash of it, for a day.
"""

import re
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.cocreation.eligibility import known_since
from estime.cocreation.errors import LinksMany, SlowDown
from estime.cocreation.models import Allowance, Member
from estime.kernel import clock
from estime.kernel.configuration import Limits, configuration
from estime.kernel.home import secret
from estime.kernel.ids import keyed_hash

HOUR, DAY = 3_600, 86_400
KINDS: Final = {
    name.rpartition("_per_")[0]: (name, HOUR if name.endswith("hour") else DAY)
    for name in Limits.model_fields
    if "_per_" in name
}
"""What is counted → the setting that says how much, and the window in seconds."""

_TAKE: Final = """
    INSERT INTO cocreation_allowance (key, until) VALUES (%(key)s, %(now)s + %(step)s)
    ON CONFLICT (key) DO UPDATE SET until = %(step)s + CASE
        WHEN cocreation_allowance.until > %(now)s + %(window)s THEN %(now)s
        WHEN cocreation_allowance.until > %(now)s THEN cocreation_allowance.until ELSE %(now)s END
    WHERE cocreation_allowance.until > %(now)s + %(window)s
        OR cocreation_allowance.until + %(step)s <= %(now)s + %(window)s
    RETURNING until
"""
# A link as our Markdown makes them, and what people type for one. One pass, whatever the text.
_LINK: Final = re.compile(r"https?://|mailto:|(?<![/\w.])www\.", re.IGNORECASE)


def young(member: Member, at: datetime | None = None) -> bool:
    """Whether this account is younger than the settings ask (`cocreation.young_days`). The brand's people never are."""
    if member.user is not None and member.user.is_staff:
        return False
    age = (at or clock.now()) - known_since(member)
    return age < timedelta(days=configuration().cocreation.young_days)


def check_limits(by: Member, what: str, at: datetime | None = None) -> None:
    """Count one deed of a kind (`KINDS`). Raises `SlowDown`, with `seconds`, after too many."""
    limits = configuration().cocreation.limits
    name, window = KINDS[what]
    number: int = getattr(limits, name)
    if not number:
        return
    now = at or clock.now()
    fresh = young(by, now)
    own = max(1, number // limits.young_part) if fresh else number
    _take(f"{what}:m{by.pk}", own, window, now, fresh=fresh)
    if by.address and limits.address_times:
        _take(f"{what}:a{by.address}", number * limits.address_times, window, now, fresh=False)


def _take(key: str, number: int, window: int, at: datetime, *, fresh: bool) -> None:
    now, whole = round(at.timestamp() * 1_000_000), window * 1_000_000
    step = whole // number
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"key": key, "now": now, "step": step, "window": whole})
        if cursor.fetchone() is not None:
            return
    until = Allowance.objects.filter(key=key).values_list("until", flat=True).first() or now
    seconds = max(1, ceil((until + step - now - whole) / 1_000_000))
    raise SlowDown(
        _("New accounts can do this a few times only in the beginning, so that nobody floods the place.")
        if fresh
        else _("This was done very often in a short time."),
        todo=_in_words(seconds),
        seconds=seconds,
    )


def _in_words(seconds: int) -> str:
    if seconds < 90:
        return _("Go on in a minute; what you wrote stays here.")
    if seconds < 2 * HOUR:
        minutes = ceil(seconds / 60)
        told = ngettext("Go on in %(n)s minute.", "Go on in %(n)s minutes.", minutes)
        return told % {"n": minutes}
    hours = ceil(seconds / HOUR)
    return ngettext("Go on in %(n)s hour.", "Go on in %(n)s hours.", hours) % {"n": hours}


def check_links(by: Member, text: str, field: str, at: datetime | None = None) -> None:
    """Raises `LinksMany` where a new account writes more links than it may. They are counted, and never fetched."""
    if not young(by, at):
        return
    most = configuration().cocreation.limits.young_links
    if sum(1 for _found in _LINK.finditer(text)) > most:
        told = ngettext(
            "In its first days an account can write %(n)s link into a text.",
            "In its first days an account can write %(n)s links into a text.",
            most,
        )
        raise LinksMany(
            told % {"n": most},
            todo=_("Leave some of them out; you can add them later."),
            field=field,
            most=most,
        )


def address_hash(address: str) -> str:
    """What stands for an address in the table of allowances; empty for one that is not public. Of IPv6, its network."""
    try:
        told = ip_address(address)
    except ValueError:
        return ""
    if isinstance(told, IPv6Address):
        told = told.ipv4_mapped or told
    if not told.is_global:
        return ""
    whole = str(ip_network(f"{told}/64", strict=False)) if isinstance(told, IPv6Address) else str(told)
    return keyed_hash(secret(), "cocreation.limits", whole)[:32]


def allowances_sweep(at: datetime | None = None) -> int:
    """Forget allowances that are not used up any more; how many there were."""
    now = round((at or clock.now()).timestamp() * 1_000_000)
    gone, _rows = Allowance.objects.filter(until__lt=now).delete()
    return gone
