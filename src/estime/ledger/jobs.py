"""The work of the ledger that is done in the background."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from estime.ledger.search.fill import index_acts


def search_job(data: dict[str, object], progress: Callable[[int, int], None]) -> object:
    """Bring the index that acts are searched by up to date with the ledger. Doing it twice changes nothing."""
    done = index_acts(lambda acts: progress(acts, 0))
    if done.busy:
        return _("Another process is at it.")
    words = ngettext_lazy("%(count)s act can now be found.", "%(count)s acts can now be found.", "count")
    return words, {"count": done.acts}
