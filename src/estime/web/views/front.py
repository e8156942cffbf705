"""The first page: each is led to what is theirs."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from estime.cocreation import api as cocreation
from estime.people.models import User
from estime.web.access import open_to_all
from estime.web.addresses import in_language
from estime.web.frame import language, spaces_in_public, viewer
from estime.web.views.overview import overview


@require_safe
@open_to_all
def front(request: HttpRequest) -> HttpResponseBase:
    """The brand's people get what they have to keep; members what they gave, and the spaces before that. Strangers get
    the spaces where one is public, else the overview where that is, and are asked to sign in where nothing is."""
    user = viewer(request)
    if user is not None:
        return _led(request, user)
    return redirect("spaces") if spaces_in_public() else overview(request)


@never_cache
def _led(request: HttpRequest, user: User) -> HttpResponseBase:
    """An address without a language leads on in the language of whoever asks."""
    named = request.path.strip("/") != ""
    with translation.override(language() if named else user.language or language()):
        return redirect(in_language(_first(user), language()))


def _takes_part(user: User) -> bool:
    member = cocreation.member_known(user)
    return member is not None and member.spoke is not None


def _first(user: User) -> str:
    if not user.is_staff:
        return reverse("mine" if _takes_part(user) else "spaces")
    try:
        return reverse("desk" if user.may("desk.see") else "overview")
    except NoReverseMatch:
        return reverse("overview")
