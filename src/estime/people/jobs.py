"""The work of people that is done in the background."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from estime.jobs.api import JSON, Later, Progress
from estime.kernel.clock import now
from estime.kernel.errors import EstimeError
from estime.people.actions.leave import leaving, login_erase
from estime.people.actions.tidy import tidy
from estime.people.mail import goodbye_send, mails_forget
from estime.people.models import User

REST = timedelta(days=1)
NOT_NOW = 3
"""The exit code of errors that pass by themselves: somebody else is writing what has to be written."""


def tidy_due() -> bool:
    """Whether a session ended more than a day ago: what else is over goes with it."""
    return Session.objects.filter(expire_date__lt=now() - REST).exists()


def tidy_job(data: dict[str, JSON], progress: Progress) -> object:
    """Forget what is over. Doing it twice changes nothing."""
    tidy()
    return _("Sessions and links that were over are gone")


def leave_due() -> bool:
    """Whether somebody has left who is not erased yet."""
    return leaving().exists()


def leave_job(data: dict[str, JSON], progress: Progress) -> object:
    """Erase those who have left, one by one; one who cannot be erased now keeps nobody else waiting.

    Every part that holds something of theirs comes first, in the order of `ESTIME_LOGIN_ERASED`, the login last: until
    then they are found by it. So a kill anywhere costs nothing but time; in the last moment, a second mail.
    """
    waiting = list(leaving())
    failed: EstimeError | None = None
    done = 0
    for place, user in enumerate(waiting, 1):
        try:
            _erase(user)
            done += 1
        except EstimeError as error:
            failed = error
        progress(place, len(waiting))
    if failed is not None:
        raise (Later(30) if failed.exit_code == NOT_NOW else failed) from failed
    return ngettext_lazy("%(count)s person erased.", "%(count)s people erased.", "count"), {"count": done}


def _erase(user: User) -> None:
    for path in settings.ESTIME_LOGIN_ERASED:
        import_string(path)(user)
    goodbye_send(user)
    mails_forget(user.email)
    login_erase(user)
