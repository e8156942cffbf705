"""Which function does a kind of job: named in `config/settings.py`, imported where the job runs and nowhere else."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from estime.jobs.errors import UnknownJobKind
from estime.jobs.wording import in_words

JSON = None | bool | int | float | str | list["JSON"] | dict[str, "JSON"]
Progress = Callable[[int, int], None]
Handler = Callable[[dict[str, JSON], Progress], object]
"""Does a job, and tells in a few words what came of it: a text, a lazy translation, or one and its numbers by name."""


def kinds() -> list[str]:
    """Every kind that this version knows."""
    return sorted(settings.ESTIME_JOBS)


def check_kind(kind: str) -> None:
    """Raises `UnknownJobKind` if no handler is bound."""
    if kind not in settings.ESTIME_JOBS:
        raise UnknownJobKind(
            in_words(
                format_lazy(_("This version of Estime knows no job of the kind “{kind}”."), kind=kind[:40])
            ),
            todo=in_words(_("Run the same version of Estime on every machine, then run the job again.")),
        )


def handler_of(kind: str) -> Handler:
    """The function that does jobs of this kind."""
    check_kind(kind)
    return cast(Handler, import_string(settings.ESTIME_JOBS[kind]))
