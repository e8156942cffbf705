"""How often one address may ask for what guards a secret. Counted in the database, by all processes together."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from allauth.core.internal.ratelimit import consume, respond_429
from django.http import HttpRequest, HttpResponseBase

RATES: Final = {
    "invitation": "60/m/ip",
    "staff_link": "30/m/ip",
    "paragraph": "6/m/user",
    "own_code": "30/h/user",
}

View = Callable[..., HttpResponseBase]


def limited(action: str) -> Callable[[View], View]:
    """Answer 429 to whoever asks too often."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not consume(request, app="estime", action=action, config=RATES, limit_get=True):
                return respond_429(request)  # type: ignore[no-any-return]  # allauth has no types
            return view(request, *args, **kwargs)

        return guarded

    return decorate
