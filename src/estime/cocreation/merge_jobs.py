"""Now and then: proposals to bring together that wait for nobody but people whose login is closed."""

from django.utils.translation import ngettext_lazy

from estime.cocreation.actions.merge_leaving import proposals_sweep
from estime.jobs.api import JSON, Progress


def proposals_job(data: dict[str, JSON], progress: Progress) -> object:
    """Carry out what nobody's yes is missing for; most times there is nothing. Twice changes nothing.

    Whoever shuts somebody out does it at once (`login_closed`); this is for a process that died in between.
    """
    settled = proposals_sweep(progress)
    told = ngettext_lazy(
        "%(count)s proposal that everybody had agreed to is carried out.",
        "%(count)s proposals that everybody had agreed to are carried out.",
        "count",
    )
    return told, {"count": settled}
