"""Files of the *Coulisses*: for whoever may have them, and for whoever sweeps their folders."""

from uuid import UUID

from estime.cocreation.actions.backstage_files import PICTURE
from estime.cocreation.models import File, Member, Picture
from estime.cocreation.queries.challenges import challenge_readable


def files_known(digests: list[str]) -> set[str]:
    """Which of some contents of the folder of files something refers to: for `files_sweep`."""
    return set(
        File.objects.filter(sha256__in=digests).exclude(media_type=PICTURE).values_list("sha256", flat=True)
    )


def pictures_known(digests: list[str]) -> set[str]:
    """The same for the folder of pictures, where pictures of the *Coulisses* lie too: for `pictures_sweep`."""
    found = set(Picture.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
    return found | set(
        File.objects.filter(sha256__in=digests, media_type=PICTURE).values_list("sha256", flat=True)
    )


def file_seen(number: UUID, member: Member | None) -> File | None:
    """A file for whoever may read its space; of a draft, for whoever leads it."""
    found = File.objects.select_related("backstage__challenge__space").filter(pk=number).first()
    if found is None or not challenge_readable(found.backstage.challenge, member):
        return None
    return found
