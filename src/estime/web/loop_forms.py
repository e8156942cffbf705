"""What forms of co-creation share: days as they are typed, the deal that goes along, texts that are shown again."""

from datetime import date, datetime, time
from uuid import uuid4

from django.http import HttpRequest
from django.utils import timezone

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Deal, Member
from estime.kernel.errors import EstimeError
from estime.web.taking_part import told

END_OF_DAY = time(23, 59)


def typed(request: HttpRequest, *names: str) -> dict[str, str]:
    """The texts of a form, cut where nobody writes by hand."""
    return {name: request.POST.get(name, "")[:50_000] for name in names}


def once(request: HttpRequest) -> str:
    """The random word by which a form that is sent twice is known: the one that it has, or a new one."""
    known = request.POST.get("once", "")
    return (
        known if known.isascii() and known.replace("-", "").isalnum() and len(known) <= 40 else str(uuid4())
    )


def day_typed(text: str) -> date | None:
    """A day as a field for days sends it, or as people write it by hand; None for what is none."""
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007  a day, no moment
        except ValueError:
            continue
    return None


def end_of(day: date) -> datetime:
    """The last minute of a day where whoever writes lives: what is promised for a day has all of it."""
    return datetime.combine(day, END_OF_DAY, timezone.get_current_timezone())


def refused(error: EstimeError) -> dict[str, str]:
    """What went wrong, by field; "" where it is about no field."""
    if isinstance(error, cocreation.DealNotAccepted):
        return {"agreed": told(error)}
    return {str(error.data.get("field", "")): told(error)}


def deal_asked(member: Member, challenge: Challenge | None) -> Deal | None:
    """The deal that somebody agrees to with their first words for a challenge; None: they did, or there is none."""
    if challenge is None or cocreation.deal_accepted(member, challenge):
        return None
    return cocreation.deal_of(challenge)


def deal_ticked(request: HttpRequest) -> int:
    """The version of the deal that a form says was read and agreed to; 0: it says nothing of one."""
    return number(request.POST.get("deal", "")) if request.POST.get("agreed") else 0


def settled_words(request: HttpRequest) -> cocreation.Settled | None:
    """What somebody decided on where changes met, if a form says it."""
    if not request.POST.get("base"):
        return None
    words = request.POST.get("title", ""), request.POST.get("body", "")
    return cocreation.Settled(*words, number(request.POST["base"]), deal_ticked(request))


def number(text: str) -> int:
    """A number from an address or a form; 0 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0
