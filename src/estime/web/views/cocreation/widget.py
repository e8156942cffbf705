"""A challenge on other people's pages: the picture beside a link, and a small page for a frame.

The widget is the one page here that others may frame: it holds no form, sets no cookie, runs no script, and is the same
for everybody.
"""

from typing import Final

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge
from estime.cocreation.wording import POWER_NAMES
from estime.web.access import open_to_all
from estime.web.brand import accents, brand_name
from estime.web.challenge_words import card, phase_words
from estime.web.colours import PAPERS, is_colour, nearest_legible

KEPT: Final = 300
ACCENT: Final = "#1f5c4d"
FRAMED: Final = {
    "default-src": [NONE],
    "style-src": [SELF],
    "font-src": [SELF],
    "img-src": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": ["*"],
}


def _public(pk: int) -> Challenge:
    """A challenge that everybody may see; nobody is asked who they are."""
    found = cocreation.challenge_seen(pk, None)
    if found is None:
        raise Http404(_("There is no such challenge."))
    return found


@require_safe
@open_to_all
def challenge_card(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The picture of a challenge."""
    one = _public(pk)
    told = accents().get("light", ACCENT)
    accent = nearest_legible(told if is_colour(told) else ACCENT, PAPERS["light"])
    shown = cocreation.Card(
        one.space.title, one.title, str(POWER_NAMES[one.power]), phase_words(one), brand_name(), accent
    )
    headers = {
        "ETag": f'"{cocreation.card_tag(shown)}"',
        "Cache-Control": f"public, max-age={KEPT}",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(cocreation.card_png(shown), content_type="image/png", headers=headers)


@require_safe
@open_to_all
@xframe_options_exempt
@csp_replace(FRAMED)  # type: ignore[untyped-decorator]  # of django-csp
def widget(request: HttpRequest, pk: int) -> HttpResponse:
    """A challenge in a frame: what is asked, what members may do, how many take part, and the way there."""
    one = _public(pk)
    shown = {"one": card(one), "challenge": one, "space": one.space}
    response = render(request, "cocreation/widget.html", shown, using="jinja2")
    response["Cache-Control"] = f"public, max-age={KEPT}"
    return response
