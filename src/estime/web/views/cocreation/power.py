"""*Power handed over* in a space: each figure with its numbers, how it is counted, and the list behind it."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.wording import POWER_NAMES, REASON_NAMES
from estime.kernel import clock
from estime.readouts.wording import count, percent
from estime.web.access import open_to_all
from estime.web.challenge_words import card
from estime.web.loop_forms import number
from estime.web.taking_part import address, looking, title_of
from estime.web.views.cocreation.space import space_or_404


@require_safe
@open_to_all
@never_cache
def power(request: HttpRequest, slug: str) -> HttpResponse:
    """The figures of one space."""
    here = space_or_404(slug, looking(request))
    told = cocreation.power_of(here)
    shown = {"space": here, "figures": _figures(told, here.slug)}
    return render(request, "cocreation/power.html", shown, using="jinja2")


def _share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else _("none yet")


def _of(part: int, whole: int) -> str:
    return _("%(part)s of %(whole)s") % {"part": count(part), "whole": count(whole)}


def _figures(told: cocreation.Power, slug: str) -> list[dict[str, Any]]:
    """In the order in which a member would ask."""
    votes = told.votes
    hidden = told.hidden_ever
    return [
        _figure(
            slug, "challenges", _("Challenges where members choose or decide"),
            _share(told.binding, told.opened), _of(told.binding, told.opened),
            _("Of all challenges that were opened here, those of “You choose among options” and “You decide”."),
        ),
        _figure(
            slug, "votes", _("Votes that were honoured"), _share(votes.honoured, votes.due), _kept_votes(votes),
            _("Of the binding votes that decided something and whose answer is due: every winner was taken up, or "
              "something was made of it. A decision set aside by a director is not honoured."),
        ),
        _figure(
            slug, "members", _("Challenges that members opened"),
            _share(told.by_members, told.opened), _of(told.by_members, told.opened),
            _("Of all challenges that were opened here."),
        ),
        _figure(
            slug, "hidden", _("Criticism that is hidden"), count(told.hidden),
            _("%(now)s hidden now, %(again)s shown again") % {
                "now": count(told.hidden), "again": count(hidden - told.hidden)
            },
            _("What spoke against the brand and was hidden by moderation. Each has a reason and a name in the list."),
        ),
        _figure(
            slug, "questions", _("Questions to the brand answered in time"),
            _share(told.questions.on_time, told.questions.due), _kept(told.questions),
            _("Of the questions that enough people asked and whose answer is due. Hidden ones count too."),
        ),
        _figure(
            slug, "contributions", _("Contributions answered in time"),
            _share(told.contributions.on_time, told.contributions.due), _kept(told.contributions),
            _("Of what was given to challenges that promise an answer, each group that was brought together once: "
              "the first answer, by the day that the challenge promised."),
        ),
    ]  # fmt: skip


def _figure(slug: str, what: str, name: str, share: str, numbers: str, how: str) -> dict[str, str]:
    url = reverse("power-list", args=[slug, what])
    return {"what": what, "name": name, "share": share, "numbers": numbers, "how": how, "url": url}


def _kept(kept: cocreation.Kept) -> str:
    return _("%(on_time)s in time, %(late)s late, %(overdue)s still owed, %(waiting)s not due yet") % {
        "on_time": count(kept.on_time),
        "late": count(kept.late),
        "overdue": count(kept.overdue),
        "waiting": count(kept.waiting),
    }


def _kept_votes(votes: cocreation.Votes) -> str:
    return _("%(honoured)s honoured, %(aside)s set aside, %(not_done)s not done, %(waiting)s not due yet") % {
        "honoured": count(votes.honoured),
        "aside": count(votes.set_aside),
        "not_done": count(votes.not_done),
        "waiting": count(votes.waiting),
    }


@require_safe
@open_to_all
@never_cache
def power_list(request: HttpRequest, slug: str, what: str) -> HttpResponse:
    """What a figure counts, one row each."""
    here = space_or_404(slug, looking(request))
    if what not in cocreation.POWER_LISTS:
        raise Http404(_("There is no such figure."))
    before = number(request.GET.get("before", ""))
    at = clock.now()
    listed = cocreation.power_listed(here, what, before, at)
    figure = next(one for one in _figures(cocreation.power_of(here, at), slug) if one["what"] == what)
    shown = {
        "space": here,
        "figure": figure,
        "cards": [card(row) for row in listed.rows] if what in ("challenges", "members") else [],
        "rows": [] if what in ("challenges", "members") else [_ROWS[what](row, at) for row in listed.rows],
        "next": f"?before={listed.after}" if listed.after else "",
        "first": reverse("power-list", args=[slug, what]) if before else "",
    }
    return render(request, "cocreation/power-list.html", shown, using="jinja2")


def _vote(row: Any, at: datetime) -> dict[str, Any]:
    poll, state = row
    words = {
        "honoured": _("honoured"),
        "set_aside": _("set aside"),
        "not_done": _("not done"),
        "waiting": _("not due yet"),
    }
    url = address("vote-result", poll.pk)
    hidden = poll.challenge.hidden
    detail = f"{title_of(poll.challenge)} · {POWER_NAMES[poll.challenge.power]}"
    late = state in ("set_aside", "not_done")
    return {
        "title": title_of(poll.challenge) if hidden else poll.title,
        "url": "" if hidden else url,
        "state": words[state],
        "late": late,
        "at": poll.closes,
        "detail": detail,
    }


def _hidden(row: Any, at: datetime) -> dict[str, Any]:
    """The reason and who gave it, never what was hidden: it may be unlawful to show it."""
    state = _("shown again") if row.lifted else _("hidden")
    detail = f"{row.words} ({row.name})"
    title = str(REASON_NAMES[row.reason])
    return {"title": title, "url": "", "state": state, "late": False, "at": row.at, "detail": detail}


def _question(row: Any, at: datetime) -> dict[str, Any]:
    url = "" if row.hidden else address("interpellation", row.pk)
    title = _("A question that is hidden") if row.hidden else row.title
    return {"title": title, "url": url, "at": row.due, "detail": "", **_kept_state(row.answered, row.due, at)}


def _contribution(row: Any, at: datetime) -> dict[str, Any]:
    due = row.challenge.answer_by
    state = _kept_state(row.answered, due, at)
    return {
        "title": row.title or _("Words of somebody who left"),
        "url": reverse("idea", args=[row.pk]),
        "at": due,
        "detail": title_of(row.challenge),
        **state,
    }


def _kept_state(answered: datetime | None, due: datetime, at: datetime) -> dict[str, Any]:
    if answered is None:
        late = due < at
        return {"state": _("still owed") if late else _("not due yet"), "late": late}
    return {"state": _("in time") if answered <= due else _("late"), "late": answered > due}


_ROWS = {"votes": _vote, "hidden": _hidden, "questions": _question, "contributions": _contribution}
