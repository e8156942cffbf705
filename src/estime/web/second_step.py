"""Where administrators must use a second step: whoever has none sets one up before anything else.

The step itself is asked for by allauth as soon as there is one. A program with an access token is none of this: it
cannot administer.
"""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from estime.kernel.configuration import BadConfiguration, configuration
from estime.people import api as people
from estime.web.frame import viewer

OPEN: Final = frozenset(
    (
        "second-step",
        "account_logout",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "brand-css",
    )
)
"""Pages on which it is set up, shown who one is for that, and signed out."""
MACHINES: Final = ("/api/", "/v1/")


class SecondStepMiddleware:
    """Stands inside of whatever says who is asking."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Lead to the set-up, whatever was asked for. Nothing is asked of the database where it is switched off."""
        if not _wanted() or request.path_info.startswith(MACHINES):
            return None
        match = request.resolver_match
        user = viewer(request)
        if user is None or (match is not None and match.url_name in OPEN):
            return None
        if not people.second_step_missing(user):
            return None
        return redirect("second-step")


def _wanted() -> bool:
    try:
        return configuration().site.administrators_second_step
    except BadConfiguration:  # said by whatever needs the file; what it asked for cannot be known
        return False
