"""Estime's addresses, and one for tests: let time pass, and have done what a worker would have done meanwhile."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import path

from browser.lived_settings import move_to
from estime.cocreation.jobs import digests_job
from estime.cocreation.vote_jobs import votes_job
from estime.config.urls import handler403, handler404, handler500
from estime.config.urls import urlpatterns as estime
from estime.kernel import clock

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]


def later(request: HttpRequest) -> HttpResponse:
    """So many days later, at noon. Jobs have their turn before and after, as each minute a worker gives it to them."""
    _jobs()
    day = clock.now() + timedelta(days=int(request.GET["days"]))
    move_to(day.replace(hour=12, minute=0, second=0, microsecond=0))
    _jobs()
    return HttpResponse(clock.now().isoformat())


def now(request: HttpRequest) -> HttpResponse:
    return HttpResponse(clock.now().isoformat())


def _jobs() -> None:
    for job in (votes_job, digests_job):
        job({}, lambda done, total: None)


urlpatterns = [path("lived/later", later), path("lived/now", now), *estime]
