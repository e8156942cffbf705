"""Who may open a page: every view names its permission here, and a test walks all addresses as every role."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from estime.people.models import User
from estime.web.frame import may, viewer
from estime.web.kept_words import signed_out

View = Callable[..., HttpResponseBase]


def needs(permission: str) -> Callable[[View], View]:
    """Let in those who have a permission; strangers are asked to sign in, others are refused."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refused = refusal(request, permission)
            return view(request, *args, **kwargs) if refused is None else refused

        guarded.needs = permission  # type: ignore[attr-defined]  # read by the test that walks all addresses
        return guarded

    return decorate


def open_to_all(view: View) -> View:
    """A page for everybody: said, so that none is open by oversight."""
    view.needs = None  # type: ignore[attr-defined]  # as above
    return view


def signed_in(request: HttpRequest) -> User:
    """Who is asking, in a view that `needs` a permission: somebody is."""
    user = viewer(request)
    if user is None:
        raise PermissionDenied
    return user


def refusal(request: HttpRequest, permission: str) -> HttpResponseBase | None:
    """None when this permission is held; raises PermissionDenied when somebody signed in lacks it."""
    if may(request, permission):
        return None
    if viewer(request) is None:
        return signed_out(request)
    raise PermissionDenied
