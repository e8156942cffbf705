"""Jobs: what runs, what waits, what failed and what to do about it, and what was done."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from estime.channels import api as channels
from estime.jobs import api as jobs
from estime.kernel import clock
from estime.kernel.errors import EstimeError
from estime.people import api as people
from estime.readouts.wording import count
from estime.web.access import needs, refusal
from estime.web.frame import may
from estime.web.import_words import error_words, told
from estime.web.settings_tabs import tabs

PAGE = 25


@require_safe
@needs("jobs.see")
@never_cache
def jobs_page(request: HttpRequest) -> HttpResponse:
    """What runs, what failed, what waits, and the newest of all."""
    before = _uuid(request.GET.get("before", ""))
    found = jobs.recent(PAGE + 1, before)
    numbers = jobs.counts()
    failed = [] if before else jobs.failed_open(PAGE)
    names = _names([*found, *failed])
    shown = {
        "sentence": _sentence(numbers, len(failed)),
        "failed": [_row(job, names) for job in failed],
        "jobs": [_row(job, names) for job in found[:PAGE]],
        "next": f"?before={found[PAGE - 1].id}" if len(found) > PAGE else "",
        "first": reverse("jobs") if before else "",
        "live": bool(numbers["running"] or numbers["waiting"]) and not before,
        "quiet": _worker_quiet(numbers),
        "may_retry": may(request, "jobs.retry"),
        "tabs": tabs(request, "jobs"),
    }
    return render(request, "pages/jobs.html", shown)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _sentence(numbers: dict[str, int], failed: int) -> str:
    running, waiting = numbers["running"], numbers["waiting"]
    if failed:
        words = ngettext("%(n)s job failed and asks for you.", "%(n)s jobs failed and ask for you.", failed)
        return words % {"n": count(failed)}
    if running:
        words = ngettext("%(n)s job is running.", "%(n)s jobs are running.", running)
        return words % {"n": count(running)}
    if waiting:
        words = ngettext("%(n)s job waits for its turn.", "%(n)s jobs wait for their turn.", waiting)
        return words % {"n": count(waiting)}
    return _("Everything that was asked for is done.")


def _worker_quiet(numbers: dict[str, int]) -> bool:
    """Whether work waits and no worker has looked for five minutes."""
    looked = jobs.last_look()
    late = looked is None or (clock.now() - looked).total_seconds() > 300
    return bool(numbers["waiting"]) and late


def _names(found: list[jobs.JobInfo]) -> dict[int, str]:
    wanted = {job.by for job in found if job.by is not None}
    return {user.pk: str(user) for user in people.User.objects.filter(pk__in=wanted)} if wanted else {}


def _row(job: jobs.JobInfo, names: dict[int, str]) -> dict[str, Any]:
    what, todo = error_words(job.error, job.message, job.todo)
    return {
        "id": job.id,
        "url": reverse("job", args=[job.id]),
        "title": jobs.kind_in_words(job.kind),
        "mark": job.status,
        "status": _status(job),
        "made": job.made,
        "started": job.started,
        "finished": job.finished,
        "took": _took(job.started, job.finished),
        "done": job.done,
        "total": job.total,
        "told": job.told,
        "what": what,
        "todo": todo,
        "message": job.message,
        "by": names.get(job.by, _("somebody who has left")) if job.by is not None else _("by itself"),
        "attempts": job.attempts,
        "set_aside": job.set_aside,
        "going": job.status in ("running", "waiting"),
    }


def _status(job: jobs.JobInfo) -> str:
    if job.status == "failed" and job.set_aside:
        return _("failed, set aside")
    words = {"waiting": _("waiting"), "running": _("running"), "done": _("done"), "failed": _("failed")}
    return words[job.status]


def _took(started: datetime | None, finished: datetime | None) -> str:
    if started is None or finished is None:
        return ""
    seconds = max((finished - started).total_seconds(), 0)
    if seconds < 90:
        return _("%(n)s s") % {"n": count(max(seconds, 1))}
    return _("%(n)s min") % {"n": count(seconds / 60)}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("jobs.see")
@never_cache
def job(request: HttpRequest, job_id: UUID) -> HttpResponseBase:
    """One job: how far it is, or why it failed and what to do."""
    found = jobs.find(job_id)
    if found is None:
        raise Http404(_("This job is not kept any more."))
    if request.method == "POST":
        return _settle(request, found)
    shown = {
        "job": _row(found, _names([found])),
        "live": found.status in ("running", "waiting"),
        "leads": _leads(request, found),
        "may_retry": may(request, "jobs.retry"),
        "tabs": tabs(request, "jobs"),
    }
    return render(request, "pages/job.html", shown)


def _settle(request: HttpRequest, found: jobs.JobInfo) -> HttpResponseBase:
    refused = refusal(request, "jobs.retry")
    if refused is not None:
        return refused
    try:
        if request.POST.get("do") == "aside":
            jobs.set_aside(found.id)
            messages.success(request, _("It is set aside: it waits for nobody any more."))
        else:
            jobs.retry(found.id)
            messages.success(request, _("It runs again as soon as its turn comes."))
    except EstimeError as error:
        messages.info(request, told(error))
    return redirect("job", job_id=found.id)


def _leads(request: HttpRequest, found: jobs.JobInfo) -> list[tuple[str, str]]:
    """Where the result of a job is to be seen."""
    if found.kind == "refresh":
        return [(reverse("overview"), _("The overview"))]
    place = channels.import_of_job(found.id) if found.kind in ("import", "mend") else None
    return [(reverse("import", args=[place]), _("The rows"))] if place else []
