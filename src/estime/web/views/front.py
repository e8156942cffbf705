"""The first page: each is led to what is theirs."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from estime.web.access import open_to_all
from estime.web.views.overview import overview


@require_safe
@open_to_all
def front(request: HttpRequest) -> HttpResponseBase:
    """Strangers get the overview where it is public, and are asked to sign in where it is not."""
    return overview(request)
