"""Whether saved searches, or the sums of targets, have something to do. Asked every minute: nothing heavy is loaded."""

from datetime import date, timedelta
from typing import Final

from estime.kernel import clock
from estime.listening.actions.alert_mail import alerts_unmailed
from estime.listening.actions.alerts import alerts_due
from estime.listening.models import Reading
from estime.listening.queries.marks import readings_mark
from estime.listening.queries.text_filter import EPOCH
from estime.listening.search_models import TargetsTold

REST: Final = timedelta(minutes=10)
"""What was counted stands so long at least."""


def searches_due() -> bool:
    """Whether a search may have something to tell, or a mail is to go."""
    return alerts_due() or alerts_unmailed().exists()


def targets_due() -> bool:
    """Whether the sums are older than the readings, and have stood a while."""
    told, mark = TargetsTold.objects.order_by("made").first(), readings_mark()
    if told is None:
        return mark > 0
    now = clock.now()
    return (told.mark != mark or told.until != last_day(now.date())) and told.made <= now - REST


def last_day(today: date) -> date:
    """The last day that is counted: that of the newest text, whatever comes from the future."""
    days = (
        Reading.objects.filter(day__lte=(today - EPOCH).days).order_by("-day").values_list("day", flat=True)
    )
    newest = days.first()
    return today if newest is None else EPOCH + timedelta(days=newest)
