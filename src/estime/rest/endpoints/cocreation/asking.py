"""Who asks, in co-creation: a member behind a token, or a stranger who reads what is public. And what they may see.

Whether they may do something to an object is checked by the action itself; what they may not see is a 404 here, as if
it were not there.
"""

from typing import Annotated, Final

from django.http import HttpRequest
from ninja import Field, Path

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Interpellation, Member, Poll, Space
from estime.kernel import clock
from estime.people.api import User
from estime.rest.auth import STRANGER, Token, bearer_here, reached
from estime.rest.errors import NotThere

READ: Final = Token("spaces:read", strangers=True)
OWN: Final = Token("spaces:read")
TAKE_PART: Final = Token("spaces:write", writes=True)
CAST: Final = Token("votes:cast", writes=True)
OWN_BALLOT: Final = Token("votes:cast")
LEAD: Final = Token("spaces:lead", writes=True)
LEADING: Final = Token("spaces:lead")
LEAVE: Final = Token("me:leave", writes=True)
MODERATE: Final = Token("spaces:moderate", writes=True)
MODERATION: Final = Token("spaces:moderate")

MOST_NUMBER: Final = (1 << 63) - 1
Number = Path[Annotated[int, Field(ge=1, le=MOST_NUMBER)]]
Slug = Path[Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[-a-zA-Z0-9_]+$")]]


def actor(request: HttpRequest) -> Member:
    """The member whose token this is; made if this is their first time. One query."""
    bearer = bearer_here(request)
    reached(bearer, cocreation.CHANNEL)
    found = Member.objects.select_related("user").filter(user=bearer.owner).first()
    if found is None:
        found = cocreation.member_of(User.objects.get(pk=bearer.owner))
    found.address = cocreation.address_hash(request.META.get("REMOTE_ADDR", ""))
    return found


def reader(request: HttpRequest) -> Member | None:
    """The member who reads; None for a stranger."""
    return None if bearer_here(request) is STRANGER else actor(request)


def space_seen(slug: str, member: Member | None) -> Space:
    """A space that somebody may read. Raises `NotThere`."""
    found = Space.objects.filter(slug=slug).first()
    if found is None or not cocreation.may_read(found, member):
        raise nothing()
    return found


def challenge_seen(number: int, member: Member | None) -> Challenge:
    """A challenge that somebody may look at: a draft only if they lead it. One query. Raises `NotThere`."""
    found = Challenge.objects.select_related("space", "owner").filter(pk=number).first()
    if found is None or not cocreation.challenge_readable(found, member):
        raise nothing()
    return found


def challenge_open_seen(number: int, member: Member | None) -> Challenge:
    """The same, of those that are open or over. Raises `NotThere`."""
    found = challenge_seen(number, member)
    if found.opened is None:
        raise nothing()
    return found


def question_seen(number: int, member: Member | None) -> Interpellation:
    """A question to the brand that somebody may look at. Raises `NotThere`."""
    found = Interpellation.objects.select_related("space", "challenge", "author").filter(pk=number).first()
    if found is None or not cocreation.may_read(found.space, member):
        raise nothing()
    return found


def poll_seen(number: int, member: Member | None) -> Poll:
    """A vote that somebody may look at. Raises `NotThere`."""
    found = cocreation.poll_seen(number, member)
    if found is None:
        raise nothing()
    if cocreation.poll_due(found, clock.now()):
        found.opened = cocreation.poll_begin(found.pk)
    return found


def nothing() -> NotThere:
    return NotThere("There is nothing here that this token may see.", todo="Check the number.")
