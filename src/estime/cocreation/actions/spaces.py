"""Make a space, and change what is said of it. It is never deleted: what people gave there stays to be read."""

import re
import unicodedata
from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from estime.cocreation.acts import act_write
from estime.cocreation.checks import check_may, check_words
from estime.cocreation.errors import Taken
from estime.cocreation.models import Member, Space
from estime.kernel import clock
from estime.kernel.configuration import configuration

LONGEST_TITLE, LONGEST_ABOUT = 120, 4_000
_TAKEN_ADDRESSES = frozenset({"new", "all", "power"})


class SpaceWords(NamedTuple):
    """What is said of a space. `threshold`: how many people make a question owed an answer; 0: as set up."""

    title: str
    about: str = ""
    language: str = ""
    public: bool = True
    fictional: bool = False
    attribution: str = ""
    threshold: int = 0


def space_make(by: Member, words: SpaceWords, *, slug: str = "", when: datetime | None = None) -> Space:
    """Make a space. Raises `NotAllowed`, `WordsMissing`, `WordsTooMany`, `Taken` (a wished address that exists)."""
    check_may(by, "space.manage")
    at = when or clock.now()
    fields = _checked(words)
    try:
        with transaction.atomic():
            space = Space(**fields, slug=_address(slug, str(fields["title"])), created=at)
            space.save(force_insert=True)
            act_write(by, "Create", space, at, object_type="Group", content=space.title)
    except IntegrityError as error:  # two at once
        raise _taken() from error
    return space


def space_change(by: Member, space: Space, words: SpaceWords, *, when: datetime | None = None) -> Space:
    """Say something else of a space; its address stays. Raises as `space_make`."""
    check_may(by, "space.manage")
    at = when or clock.now()
    fields = _checked(words)
    with transaction.atomic():
        held = Space.objects.select_for_update().get(pk=space.pk)
        changed = [name for name, value in fields.items() if getattr(held, name) != value]
        if changed:
            for name in changed:
                setattr(held, name, fields[name])
            held.save(update_fields=changed)
            act_write(by, "Update", held, at, object_type="Group", content=held.title)
    return held


def _checked(words: SpaceWords) -> dict[str, object]:
    return {
        "title": check_words(words.title, "title", LONGEST_TITLE),
        "about": check_words(words.about, "about", LONGEST_ABOUT, needed=False),
        "language": check_words(words.language, "language", 12, needed=False),
        "public": words.public,
        "fictional": words.fictional,
        "attribution": check_words(words.attribution, "attribution", LONGEST_ABOUT, needed=False),
        "threshold": max(words.threshold, 0) or configuration().cocreation.interpellation_supporters,
    }


def _taken() -> Taken:
    return Taken(_("This address is taken."), todo=_("Choose another one."), field="slug")


def slug_of(title: str, most: int) -> str:
    """A title as part of an address: small letters and figures, without accents."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:most].strip("-")


def _address(wished: str, title: str) -> str:
    """The address wished for, or one from the title that nobody has yet."""
    if wished:
        slug = slug_of(wished, 64)
        if not slug or slug in _TAKEN_ADDRESSES or Space.objects.filter(slug=slug).exists():
            raise _taken()
        return slug
    base = slug_of(title, 56) or "space"
    known = set(Space.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | _TAKEN_ADDRESSES
    return next(
        slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(known) + 3))) if slug not in known
    )
