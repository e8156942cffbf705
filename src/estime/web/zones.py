"""Times are UTC inside; a person reads them in their own zone, else in the brand's."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from estime.kernel.configuration import configuration
from estime.web.frame import viewer


class PersonZoneMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(None):
            timezone.activate(_zone(request))
            return self._get_response(request)


def _zone(request: HttpRequest) -> ZoneInfo:
    # Asking for the user reads the session: a stranger, who has none, shall not pay for that.
    user = viewer(request) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    for name in (user.timezone if user else "", configuration().brand.timezone):
        try:
            if name:
                return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            continue
    return ZoneInfo("UTC")
