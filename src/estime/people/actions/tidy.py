"""Forget what is over: sessions that have ended, links that open nothing, attempts that are no longer counted."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from estime.kernel.clock import now
from estime.people.models import StaffLink


def tidy() -> int:
    """Delete it; returns how many rows there were. May run at any time, by any number of processes."""
    gone = Session.objects.filter(expire_date__lt=now()).delete()[0]
    alive = Session.objects.values("session_key")
    gone += UserSession.objects.exclude(session_key__in=alive).delete()[0]
    gone += StaffLink.objects.filter(expires__lt=now() - timedelta(days=1)).delete()[0]
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    with connection.cursor() as cursor:
        when = connection.ops.adapt_datetimefield_value(now().replace(microsecond=0))
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [when])  # noqa: S608  a name of our own
        return int(gone + max(cursor.rowcount, 0))
