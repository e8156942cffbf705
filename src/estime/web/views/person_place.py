"""Where one person stands on the engagement map, explained by their texts: only where the brand may, and each look
kept.
"""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from estime.engagement import api as engagement
from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.people import api as people
from estime.readouts import wording
from estime.web.access import needs
from estime.web.frame import viewer
from estime.web.moments import day
from estime.web.person_words import exchange_rows
from estime.web.place_words import place_sentence, quotes_shown

QUOTES: Final = 5
LOOKED_AT: Final = 25
PARTNERS: Final = 5


@require_safe
@needs("persons.see")
@never_cache
def person_place(request: HttpRequest, key: int) -> HttpResponse:
    """One person's place. While it is told of nobody, the page says so and looks at nobody."""
    card = ledger.account_card(key) if 0 < key < 1 << 63 else None
    if card is None or card.handle is None:
        raise Http404(_("There is no account of this number."))
    shown = {"who": card.handle, "person_url": reverse("person", args=[key]), "on": engagement.places_on()}
    if not engagement.places_on():
        return render(request, "pages/person-place.html", {"request": request, **shown})
    user = viewer(request)
    if user is not None:
        people.look_record(user, key, "place")
    place, privacy = engagement.person_place(key), configuration().privacy
    objection, acts = engagement.objection_of(key), ledger.OfAccount(key)
    texts = [] if place is None else engagement.weightiest(key, LOOKED_AT, place.as_of)
    shown |= {
        "place": place,
        "sentence": _("{who}: the place is not known.").format(who=card.handle)
        if place is None
        else f"{card.handle}. {place_sentence(place)}",
        "lead": "" if place is None else _evidence(place),
        "objection": objection,
        "quotes": quotes_shown(texts, QUOTES, sensitive=privacy.sensitive_topics),
        "partners": acts.settled(lambda: exchange_rows(key, ledger.exchange(acts, PARTNERS))),
        "purpose": privacy.purpose,
        "basis": privacy.legal_basis,
    }
    return render(request, "pages/person-place.html", {"request": request, **shown})


def _evidence(place: engagement.PersonPlace) -> str:
    return ngettext(
        "Estimated as of {day} from {n} text or answer.",
        "Estimated as of {day} from {n} texts and answers.",
        place.pieces,
    ).format(day=day(place.as_of), n=wording.count(place.pieces))
