"""Once a day: hints for moderators, and the removal of what limits and repetition checks need no more."""

from django.utils.translation import ngettext_lazy

from estime.cocreation.actions.hints import hints_look
from estime.cocreation.limits import allowances_sweep
from estime.cocreation.models import Hint, Space
from estime.cocreation.repetition import echoes_sweep
from estime.jobs.api import JSON, Progress
from estime.kernel import clock


def hints_job(data: dict[str, JSON], progress: Progress) -> object:
    """Look for groups in each space. Doing it twice hints at nobody twice; nothing but hints changes."""
    at = clock.now()
    allowances_sweep(at)
    echoes_sweep(at)
    spaces = list(Space.objects.order_by("pk"))
    for number, space in enumerate(spaces, 1):
        hints_look(space, at)
        progress(number, len(spaces))
    waiting = Hint.objects.filter(seen=None).count()
    return ngettext_lazy(
        "%(count)s hint waits for a moderator.", "%(count)s hints wait for a moderator.", "count"
    ), {"count": waiting}
