"""Who takes part, on pages of co-creation: the member behind a request, and what they may not see told as 404."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Contribution, Interpellation, Member, NotFound, Space
from estime.kernel.errors import EstimeError
from estime.web.access import signed_in
from estime.web.addresses import numbered
from estime.web.frame import viewer


def me(request: HttpRequest) -> Member:
    """The member who acts, in a view that `needs` a permission."""
    member = cocreation.member_of(signed_in(request))
    member.address = cocreation.address_hash(request.META.get("REMOTE_ADDR", ""))
    return member


def looking(request: HttpRequest) -> Member | None:
    """The member who looks: None for a stranger, and for a login that may not take part."""
    user = viewer(request)
    if user is None or not user.may("space.take_part"):
        return None
    return cocreation.member_of(user)


@contextmanager
def found() -> Iterator[None]:
    """What is not there, or not for whoever asks, is 404: both look alike."""
    try:
        yield
    except NotFound as error:
        raise Http404(error.message) from error


def told(error: EstimeError) -> str:
    """What went wrong and what to do, as one text."""
    return f"{error.message} {error.todo}".strip()


def address(name: str, *args: object) -> str:
    """The address of a page of another part of co-creation; empty where it is not offered."""
    try:
        if len(args) == 1 and isinstance(args[0], int):
            return numbered(name, args[0])
        return reverse(name, args=args or None)
    except NoReverseMatch:
        return ""


def way_here(space: Space, challenge: Challenge | None) -> list[tuple[str, str]]:
    """The pages above: the space, the challenge."""
    way = [(address("space", space.slug), space.title)]
    if challenge is not None:
        title = _("A challenge that is hidden") if challenge.hidden else challenge.title
        way.append((address("challenge", challenge.pk), title))
    return [(url, title) for url, title in way if url]


def title_of(thing: Contribution | Challenge | Interpellation) -> str:
    """What something is called where it is only named: nothing of what is hidden, taken back or erased."""
    gone = getattr(thing, "hidden", False) or thing.erased or getattr(thing, "withdrawn", None) is not None
    return _("Something that is not shown any more") if gone or not thing.title else thing.title


def idea_url(contribution: Contribution | int) -> str:
    return numbered("idea", contribution if isinstance(contribution, int) else contribution.pk)
