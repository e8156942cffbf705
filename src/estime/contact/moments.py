"""As of when each channel is told, and how long an answer may take.

A channel that has been silent for long is an archive: whoever asked there asked years ago, and nobody is waiting
today. Its open questions stand apart. A demonstration, and an installation that is told as of its last acts, shows
them as they stood on the day the record stopped.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from estime.contact.models import Watched
from estime.kernel.configuration import Configuration, configuration


class Moment(NamedTuple):
    """One channel, told as of `now`, of what was asked after `since` and up to `until`, where these are set.

    `archive`: nobody is waiting there today. `past`: it is shown as it stood when its record stopped.
    """

    channel: int
    name: str
    now: datetime
    since: datetime | None = None
    until: datetime | None = None
    archive: bool = False
    past: bool = False


def patience() -> timedelta:
    """After this a question without an answer is late."""
    return timedelta(days=configuration().contact.answer_within_days)


def moments(now: datetime) -> list[Moment]:
    """Every watched channel, by name; one query."""
    config = configuration()
    return [_moment(watched, config, now) for watched in Watched.objects.order_by("name")]


def _moment(watched: Watched, config: Configuration, now: datetime) -> Moment:
    last = watched.last_act or now
    span = timedelta(days=config.measures.archive_after_days)
    silent = now - last > span and config.measures.as_of != "now"
    past = config.measures.as_of == "last" or (silent and config.site.mode == "demo")
    if past:
        return Moment(watched.channel, watched.name, last, since=last - span, archive=True, past=True)
    return Moment(watched.channel, watched.name, now, archive=silent)
