"""Files of the *Coulisses*: taken in, kept beside an entry, and taken away again by whoever leads.

A picture is made anew like every picture here, and then stands among the pictures (`image/webp`); whatever else is kept
as it came, and only ever handed out to be saved (`files/taking.py`).
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from estime.cocreation.acts import act_write, object_id
from estime.cocreation.files.names import file_name_clean
from estime.cocreation.files.taking import FileTaken, attachment_take
from estime.cocreation.leading import challenge_held, check_leads
from estime.cocreation.models import Backstage, File, Member
from estime.cocreation.naming import voice
from estime.cocreation.storage import Readable
from estime.kernel import clock
from estime.kernel.ids import uuid7

PICTURE: Final = "image/webp"


def backstage_file_give(
    by: Member, entry: Backstage, stream: Readable, name: str, *, when: datetime | None = None
) -> File:
    """Put a file beside an entry; the same content twice is one. Raises `NotAllowed`, and as `attachment_take`."""
    at = when or clock.now()
    check_leads(by, entry.challenge)
    taken = attachment_take(stream, name)
    if isinstance(taken, FileTaken):
        called, kind = taken.name, taken.media_type
    else:
        called, kind = file_name_clean(name.rpartition(".")[0] + ".webp"), PICTURE
    with transaction.atomic():
        challenge = challenge_held(entry.challenge)
        check_leads(by, challenge)
        kept, fresh = File.objects.get_or_create(
            backstage=entry,
            sha256=taken.sha256,
            defaults={
                "id": uuid7(), "owner": by, "name": called, "media_type": kind, "size": taken.bytes, "at": at,
            },
        )  # fmt: skip
        if fresh and challenge.opened is not None:
            _tell(by, kept, "Add", at)
    return kept


def backstage_file_drop(by: Member, file: File, *, when: datetime | None = None) -> None:
    """Take a file away from an entry; twice is harmless. What others saved stays with them. Raises `NotAllowed`."""
    at = when or clock.now()
    with transaction.atomic():
        challenge = challenge_held(file.backstage.challenge)
        check_leads(by, challenge)
        gone, _rows = File.objects.filter(pk=file.pk).delete()
        if gone and challenge.opened is not None:
            _tell(by, file, "Remove", at)


def _tell(by: Member, file: File, type: str, at: datetime) -> None:
    challenge = file.backstage.challenge
    act_write(
        by,
        type,
        f"file/{file.pk}",
        at,
        object_type="Image" if file.media_type == PICTURE else "Document",
        context=object_id(challenge),
        on_behalf_of=voice() if challenge.by_brand else None,
    )
