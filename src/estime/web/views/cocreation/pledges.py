"""Promises: making one, and the page where one is settled: kept, given a new day, or taken back with a reason."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Contribution, Interpellation, Pledge
from estime.kernel import clock
from estime.kernel.errors import EstimeError
from estime.web.access import needs
from estime.web.answer_words import pledge_told
from estime.web.loop_forms import day_typed, end_of, refused, typed
from estime.web.taking_part import me, title_of, way_here

Place = Challenge | Contribution | Interpellation
DONE: Final = {
    "keep": gettext_lazy("Kept. Everybody it was made to is told."),
    "move": gettext_lazy("The promise has a new day; the old one stays beside it."),
    "waive": gettext_lazy("Taken back; your reason stands beside it for good."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("decision.write")
@never_cache
def pledge_new(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """Promise something about an idea, a question, or to all who took part in a challenge."""
    place = _place(request, kind, pk)
    fields, errors = typed(request, "what", "due"), {}
    if request.method == "POST":
        day = day_typed(fields["due"])
        if day is None:
            errors = {"due": _("Give the day, as in 2027-03-31.")}
        else:
            try:
                cocreation.pledge_make(
                    me(request), place, cocreation.PledgeWords(fields["what"], end_of(day))
                )
            except EstimeError as error:
                errors = refused(error)
            else:
                messages.success(request, _("Promised, in your name. It stands there for all to see."))
                return redirect(place_url(place))
    shown = {
        "place": place,
        "place_url": place_url(place),
        "space": place.space,
        "way": _way(place),
        "typed": fields,
        "errors": errors,
    }
    status = 422 if errors else 200
    return render(request, "cocreation/pledge-new.html", shown, using="jinja2", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("decision.write")
@never_cache
def pledge(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One promise, and what can be done with it."""
    found = (
        Pledge.objects.select_related("contribution__space", "challenge__space", "interpellation__space")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404(_("There is no such promise."))
    place = cocreation.pledge_place(found)
    fields, errors, do = typed(request, "words", "what", "due", "reason"), {}, request.POST.get("do", "")
    if request.method == "POST":
        errors = _settled(request, found, do, fields)
        if not errors:
            messages.success(request, DONE[do])
            return redirect(place_url(place))
    replaced = Pledge.objects.filter(replaces=found).first()
    shown: dict[str, Any] = {
        "one": pledge_told(found, clock.now()),
        "open": found.kept is None and found.waived is None and replaced is None,
        "newer": reverse("pledge", args=[replaced.pk]) if replaced else "",
        "place": place,
        "place_url": place_url(place),
        "space": place.space,
        "way": _way(place),
        "typed": fields if request.method == "POST" else {**fields, "what": found.what},
        "errors": errors,
        "do": do,
    }
    status = 422 if errors else 200
    return render(request, "cocreation/pledge.html", shown, using="jinja2", status=status)


def _settled(request: HttpRequest, found: Pledge, do: str, fields: dict[str, str]) -> dict[str, str]:
    """Do it; what stood against it, by field."""
    by, day = me(request), day_typed(fields["due"])
    if do == "move" and day is None:
        return {"due": _("Give the day, as in 2027-03-31.")}
    try:
        if do == "keep":
            cocreation.pledge_keep(by, found.pk, fields["words"])
        elif do == "move" and day is not None:
            cocreation.pledge_replace(by, found.pk, cocreation.PledgeWords(fields["what"], end_of(day)))
        elif do == "waive":
            cocreation.pledge_waive(by, found.pk, fields["reason"])
        else:
            return {"": _("Nothing was chosen.")}
    except EstimeError as error:
        return refused(error)
    return {}


def _place(request: HttpRequest, kind: str, pk: int) -> Place:
    """What the promise is about; 404 for what is not there for whoever asks."""
    models: dict[str, Any] = {"idea": Contribution, "question": Interpellation, "challenge": Challenge}
    place: Place | None = models[kind].objects.select_related("space").filter(pk=pk).first()
    if place is None or not cocreation.may_read(place.space, me(request)):
        raise Http404(_("There is nothing here."))
    if isinstance(place, Challenge) and place.opened is None:
        raise Http404(_("There is nothing here."))
    return place


def place_url(place: Place) -> str:
    """The page on which a promise stands."""
    if isinstance(place, Contribution):
        return reverse("idea", args=[place.pk])
    if isinstance(place, Interpellation):
        return reverse("interpellation", args=[place.pk])
    return reverse("challenge-decisions", args=[place.pk])


def _way(place: Place) -> list[tuple[str, str]]:
    challenge = place if isinstance(place, Challenge) else place.challenge
    return [*way_here(place.space, challenge), (place_url(place), title_of(place))]
