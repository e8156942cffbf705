"""A picture that somebody brings: made anew from its pixels, theirs alone until what shows it is published."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from estime.cocreation.checks import check_may, check_words
from estime.cocreation.errors import SlowDown
from estime.cocreation.limits import check_limits
from estime.cocreation.models import Member, Picture, Space
from estime.cocreation.pictures.taking import picture_take
from estime.cocreation.standing import may_read, not_found
from estime.cocreation.storage import Readable
from estime.kernel import clock
from estime.kernel.ids import uuid7

LONGEST_ALT: Final = 300
WAITING: Final = 100
"""Pictures of one member that nothing published shows."""


def picture_add(
    by: Member, space: Space, stream: Readable, alt: str = "", *, when: datetime | None = None
) -> Picture:
    """Take a picture in. `alt`: what it shows, for who cannot see it.

    Raises what `picture_take` raises, `SlowDown` where too many wait to be published, `NotFound`, `NotAllowed`.
    """
    check_may(by, "space.take_part")
    if not may_read(space, by):
        raise not_found()
    shows = " ".join(check_words(alt, "alt", LONGEST_ALT, needed=False).split())
    if Picture.objects.filter(owner=by, published=False)[WAITING - 1 : WAITING].exists():
        raise SlowDown(
            _("You brought many pictures that nothing shows yet."),
            todo=_("Publish what they belong to first."),
        )
    at = when or clock.now()
    check_limits(by, "pictures", at)
    taken = picture_take(stream)
    return Picture.objects.create(
        id=uuid7(),
        owner=by,
        space=space,
        sha256=taken.sha256,
        width=taken.width,
        height=taken.height,
        size=taken.bytes,
        alt=shows,
        at=at,
    )


def picture_markdown(picture: Picture) -> str:
    """How a text shows a picture."""
    alt = picture.alt.replace("[", "(").replace("]", ")")
    return f"![{alt}](picture:{picture.pk})"
