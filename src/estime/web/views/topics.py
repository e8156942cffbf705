"""What people speak of, now against before, and all texts of one topic. Read from what the job `topics` kept."""

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from estime.jobs import api as jobs
from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.listening import api as listening
from estime.listening.topics.cleaning import shown
from estime.readouts import wording
from estime.web.access import needs, signed_in
from estime.web.act_rows import Rows
from estime.web.frame import may
from estime.web.moments import day
from estime.web.topic_words import (
    ALL,
    OUTCOMES,
    channel_number,
    days_chosen,
    people_words,
    sure_words,
    tone_words,
    trend_words,
    who_words,
)

FEW: Final = 3
"""Topics below which longer days are shown to whoever chose none."""
TEXTS: Final = 30
"""Texts of a topic on a page."""


@require_safe
@needs("listening.see")
@never_cache
def topics(request: HttpRequest) -> HttpResponse:
    """Topics of one channel or of all, over the days that were chosen."""
    name, channel, days = _asked(request)
    found = listening.topics_told(channel, days)
    sentence, lead = _head(found, days)
    rows = Rows(may(request, "persons.see"))
    context = {
        "request": request,
        "sentence": sentence,
        "lead": lead,
        "form": _form(rows),
        "channel": name,
        "days": str(days),
        "found": found,
        "outcome": OUTCOMES.get(found.outcome, "") if found else "",
        "notes": sure_words(found) if found and found.outcome == "found" else [],
        "topics": _cards(found, rows, name) if found else [],
        "job": None if found else _job(request),
        "smallest": configuration().privacy.smallest_group,
        "sees_jobs": may(request, "jobs.see"),
    }
    return render(request, "pages/listening-topics.html", context)


@require_POST
@needs("listening.see")
def topics_choose(request: HttpRequest) -> HttpResponseBase:
    """Show what is kept of the choice; have the rest found by a job. Asked twice, it is found once."""
    name, days = request.POST.get("channel", ""), days_chosen(request.POST.get("days", ""))
    channel = channel_number(name, _channels())
    if channel is None or days is None:
        raise Http404(_("There is no channel of this name."))
    job = listening.topics_choose(channel, days, signed_in(request).pk)
    return redirect(_url("listening", name, days, job="" if job is None else str(job)))


@require_safe
@needs("listening.see")
@never_cache
def topic(request: HttpRequest, number: int) -> HttpResponse:
    """All texts of one topic, the newest first."""
    name, channel, days = _asked(request)
    found = listening.topic_told(channel, days, number)
    if found is None:
        raise Http404(_("There is no such topic any more."))
    rows, smallest = Rows(may(request, "persons.see")), configuration().privacy.smallest_group
    page = max(1, int(told) if (told := request.GET.get("page", "1")).isdecimal() and len(told) < 7 else 1)
    part = found.acts[(page - 1) * TEXTS : page * TEXTS]
    acts = listening.topic_acts(part)
    more = len(found.acts) > page * TEXTS
    context = {
        "request": request,
        "topic": _card(found, rows, name, days, {}),
        "sentence": found.label,
        "lead": " · ".join(filter(None, [people_words(found.members, smallest), who_words(found)])),
        "rows": rows.of([acts[seq] for seq in part if seq in acts]),
        "gone": len(part) - len(acts),
        "back": _url("listening", name, days),
        "newer": _url("listening-topic", name, days, number, page=str(page - 1)) if page > 1 else "",
        "older": _url("listening-topic", name, days, number, page=str(page + 1)) if more else "",
    }
    return render(request, "pages/listening-topic.html", context)


def _asked(request: HttpRequest) -> tuple[str, int, int]:
    """The channel's name and number, and the days; 404 for what is not there.

    Where nobody chose, the channel is the one that comes first everywhere, and the days the usual ones, or longer ones
    that are kept where those tell hardly anything.
    """
    channels = _channels()
    front = configuration().report.front
    name = request.GET.get("channel", "") or (front if front in channels else ALL)
    told = request.GET.get("days", "")
    channel, days = channel_number(name, channels), days_chosen(told)
    if channel is None or days is None:
        raise Http404(_("There is no channel of this name."))
    return name, channel, days if told else _days_that_tell(channel, days)


def _days_that_tell(channel: int, usual: int) -> int:
    found = {days: listening.topics_told(channel, days) for days in listening.TOPIC_DAYS if days >= usual}
    told = {days: len(one.topics) if one else 0 for days, one in found.items()}
    longer = [days for days, count in told.items() if count >= FEW > told[usual]]
    return min(longer, default=usual)


def _channels() -> dict[str, int]:
    return {name: pk for name, (pk, _kind) in ledger.channel_formats().items()}


def _url(view: str, channel: str, days: int, *args: int, **more: str) -> str:
    told = {"channel": channel, "days": str(days), **more}
    query = urlencode({name: value for name, value in told.items() if value})
    return reverse(view, args=args or None) + (f"?{query}" if query else "")


def _form(rows: Rows) -> dict[str, Any]:
    lengths = [(str(days), _("%(days)s days") % {"days": days}) for days in listening.TOPIC_DAYS]
    return {
        "channels": [(ALL, _("All channels")), *((c.name, str(c)) for c in rows.channels)],
        "days": lengths,
    }


def _head(found: listening.TopicsTold | None, days: int) -> tuple[str, str]:
    if found is None:
        return _("What people speak of"), _("Nobody has looked at this choice yet.")
    told = len(found.topics)
    sentence = (
        ngettext("%(n)s topic that people share", "%(n)s topics that people share", told)
        % {"n": wording.count(told)}
        if told
        else _("What people speak of")
    )
    if found.since is None or found.until is None or found.before is None:
        return sentence, ""
    lead = _(
        "%(texts)s by %(people)s from %(since)s to %(until)s, the newest text; against the %(days)s days before:"
        " %(texts_before)s by %(people_before)s."
    ) % {
        "texts": _texts(found.texts),
        "people": people_words(found.people, 0),
        "since": day(found.since),
        "until": day(found.until),
        "days": days,
        "texts_before": _texts(found.before_texts),
        "people_before": people_words(found.before_people, 0),
    }
    return sentence, lead


def _texts(count: int) -> str:
    return ngettext("%(n)s text", "%(n)s texts", count) % {"n": wording.count(count)}


def _job(request: HttpRequest) -> jobs.JobInfo | None:
    """The job that looks for this choice, as the address names it."""
    try:
        found = jobs.find(UUID(request.GET.get("job", "")))
    except ValueError:
        return None
    return found if found is not None and found.kind == "topics" else None


def _cards(found: listening.TopicsTold, rows: Rows, name: str) -> list[dict[str, Any]]:
    quoted = [seq for topic in found.topics for seq, _near in topic.quotes]
    acts = listening.topic_acts(quoted) if quoted else {}
    return [_card(topic, rows, name, found.days, acts) for topic in found.topics]


def _card(
    topic: listening.TopicTold, rows: Rows, name: str, days: int, acts: dict[int, ledger.Listed]
) -> dict[str, Any]:
    smallest = configuration().privacy.smallest_group
    quotes = [_quote(acts[seq], near, rows) for seq, near in topic.quotes if seq in acts]
    return {
        "label": topic.label,
        "url": _url("listening-topic", name, days, topic.number) if topic.acts else "",
        "texts": "" if topic.texts is None else _texts(topic.texts),
        "now": people_words(topic.members, smallest),
        "before": people_words(topic.before, smallest),
        "trend": trend_words(topic.trend, days),
        "direction": topic.trend.direction if topic.trend else "",
        "who": who_words(topic),
        "tone": tone_words(topic),
        "also": ", ".join(term for term in topic.terms[3:] if term),
        "quotes": [quote for quote in quotes if quote["text"]],
    }


def _quote(act: ledger.Listed, near: int, rows: Rows) -> dict[str, Any]:
    return {
        "text": shown(rows.text(act.text)),
        "lang": act.lang or "",
        "url": rows.act_url(act.id),
        "when": day(act.published),
        "channel": rows.title(act.channel),
        "near": ngettext("and %(n)s alike", "and %(n)s alike", near - 1) % {"n": wording.count(near - 1)}
        if near > 1
        else "",
    }
