"""Hints for moderators with the figures they rest on, and the log of all that moderators did."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import Hint
from estime.kernel.errors import EstimeError
from estime.readouts.wording import count, percent
from estime.readouts.wording import number as decimal
from estime.web.access import needs
from estime.web.hidden_words import excerpt_told, kind_told, look_url, thing_url, who_told
from estime.web.loop_forms import number
from estime.web.moments import day
from estime.web.taking_part import me, told
from estime.web.views.cocreation.moderation import NEEDS, paged

DEEDS = {
    "kept": gettext_lazy("Looked at reports, and kept it"),
    "hidden": gettext_lazy("Hid it"),
    "shown_again": gettext_lazy("Showed it again"),
    "granted": gettext_lazy("Answered an appeal: shown again"),
    "refused": gettext_lazy("Answered an appeal: stays hidden"),
    "hint_seen": gettext_lazy("Looked at a hint"),
}


@require_safe
@needs(NEEDS)
@never_cache
def hints(request: HttpRequest) -> HttpResponse:
    """Hints, with the figures that they rest on."""
    seen = request.GET.get("seen") == "1"
    listed = cocreation.hints_listed(number(request.GET.get("after", "")), seen=seen)
    shown = {
        **paged(request, listed, "moderation-hints"),
        "rows": [_hint(row) for row in listed.rows],
        "seen": seen,
        "other": request.path if seen else "?seen=1",
    }
    if seen and listed.after:
        shown["next"] = f"?seen=1&after={listed.after}"
    return render(request, "cocreation/moderation-hints.html", shown, using="jinja2")


def _hint(row: Hint) -> dict[str, Any]:
    data = row.data
    things = [
        {"title": excerpt_told(thing, 120), "url": thing_url(thing), "kind": kind_told(thing),
         "by": who_told(getattr(thing, "author", None) or getattr(thing, "by", None))}
        for thing in cocreation.hint_things(data.get("things", [])[:30])
    ]  # fmt: skip
    told_row = {"pk": row.pk, "at": row.at, "space": row.space.title, "kind": row.kind, "things": things,
                "seen": row.seen, "seen_by": who_told(row.seen_by) if row.seen else "", "note": row.note}  # fmt: skip
    if row.kind == "repeated":
        title = _("%(n)s texts that are nearly the same were written within an hour of each other.") % {
            "n": count(int(data.get("number", len(things))))
        }
        return {**told_row, "title": title, "people": [], "figures": []}
    people = [
        _("%(name)s, a member since %(day)s") % {"name": who_told(one), "day": day(since)}
        for one, since in cocreation.hint_members(data.get("members", []))
    ]
    title = _("%(people)s accounts supported the same things within %(minutes)s minutes of each other.") % {
        "people": count(len(data.get("members", []))),
        "minutes": count(int(data["minutes"])),
    }
    return {**told_row, "title": title, "people": people, "figures": _figures(data)}


def _figures(data: dict[str, Any]) -> list[tuple[str, str]]:
    """What a hint of a group rests on, and how often the same shuffled tells groups where there are none."""
    share = percent(data["false"] / max(1, data["shuffles"]))
    return [
        (_("Things each pair supported together, at least"), count(int(data["together"]))),
        (_("By chance it would be, at most"), decimal(float(data["expected"]), 2)),
        (_("How probable that many are by chance"), _rare(float(data["chance"]))),
        (
            _("Shuffles of the same data in which any group was found"),
            f"{data['false']}/{data['shuffles']} ({share})",
        ),
        (_("Days that were looked at"), count(int(data["days"]))),
    ]


def _rare(chance: float) -> str:
    """A small probability as people read it."""
    return _("less than one in a million") if chance < 1e-6 else _("one in %(n)s") % {"n": count(1 / chance)}


@require_POST
@needs(NEEDS)
def hint(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A hint was looked at; nothing else changes."""
    row = Hint.objects.filter(pk=pk).first()
    if row is None:
        raise Http404(_("There is nothing here."))
    try:
        cocreation.hint_seen(me(request), row, request.POST.get("note", "")[:5_000])
    except EstimeError as error:
        messages.error(request, told(error))
    return redirect("moderation-hints")


@require_safe
@needs(NEEDS)
@never_cache
def log(request: HttpRequest) -> HttpResponse:
    """Every deed of moderators, newest first. The database keeps each as it was."""
    listed = cocreation.log_listed(number(request.GET.get("after", "")))
    rows = []
    for row in listed.rows:
        about = row.hiding or row.report
        thing = cocreation.target_of(about) if about is not None else None
        rows.append(
            {
                "at": row.at,
                "deed": str(DEEDS[row.kind]),
                "name": who_told(row.by),
                "space": row.space.title,
                "kind": kind_told(thing) if thing is not None else "",
                "url": look_url(thing) if thing is not None else reverse("moderation-hints") + "?seen=1",
                "words": row.hiding.words if row.kind == "hidden" and row.hiding else "",
            }
        )
    shown = {**paged(request, listed, "moderation-log"), "rows": rows}
    return render(request, "cocreation/moderation-log.html", shown, using="jinja2")
