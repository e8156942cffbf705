"""Whether texts are being read again, as they are once the list of targets is another one; and how many name each."""

from typing import Final

from estime.kernel.configuration import configuration
from estime.listening.models import BEGINNING, Followed
from estime.listening.queries.targets_told import WINDOWS, targets_told
from estime.listening.targets.listed import targets_installed
from estime.listening.version import model_there, reader_version

YEAR: Final = max(WINDOWS)


def reading_anew() -> float | None:
    """Which part of the texts was read by the reader of now, from 0 to 1; None once all of them are.

    By places in the ledger, so a hundredth more or less.
    """
    followed = Followed.objects.first()
    if followed is None or followed.position == BEGINNING or not model_there():
        return None
    if followed.reader != reader_version():
        return 0.0
    if followed.again == followed.until:
        return None
    return min(1.0, followed.again[1] / max(1, followed.until[1]))


def targets_named() -> dict[str, int] | None:
    """How many texts of members were about each target in the last 365 days of texts, by its name, as far as that may
    be told; None before they were counted."""
    page = targets_told(YEAR)
    if page is None:
        return None
    listed = targets_installed(configuration()).by_identity
    return {
        listed[one.target_id].name: one.now.texts
        for one in page.targets
        if one.target_id in listed and one.now.people
    }
