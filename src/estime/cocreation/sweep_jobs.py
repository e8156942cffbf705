"""Pictures and files that nothing refers to any more, and old files of digests, taken away once a day."""

from datetime import timedelta
from typing import Final

from django.utils.translation import ngettext_lazy

from estime.cocreation.delivery import letters_sweep
from estime.cocreation.files.taking import files_sweep
from estime.cocreation.models import Draft, Picture
from estime.cocreation.pictures.taking import pictures_sweep
from estime.cocreation.queries.files import files_known, pictures_known
from estime.jobs.api import JSON, Progress
from estime.kernel import clock
from estime.kernel.configuration import configuration

FORGOTTEN: Final = timedelta(days=30)
"""A picture that was brought and never published stays this long, and longer while a draft shows it."""


def sweep_job(data: dict[str, JSON], progress: Progress) -> object:
    """Forget pictures that were never published, contents that nothing refers to, and digests of long ago.

    Twice changes nothing.
    """
    for picture in Picture.objects.filter(published=False, at__lt=clock.now() - FORGOTTEN).iterator():
        if not Draft.objects.filter(member=picture.owner_id, body__contains=str(picture.pk)).exists():
            Picture.objects.filter(pk=picture.pk, published=False).delete()
    gone = pictures_sweep(pictures_known) + files_sweep(files_known)
    gone += letters_sweep(configuration().cocreation.digest_file_days)
    told = ngettext_lazy(
        "%(count)s file that nobody needs any more is gone.",
        "%(count)s files that nobody needs any more are gone.",
        "count",
    )
    return told, {"count": gone}
