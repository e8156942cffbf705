"""The moderators' pages: what was reported, appeals, hints, the log of all they did; one thing, to keep or to hide."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import HIDING_REASONS, REASON_NAMES, Appeal, Hideable, Hiding, Report
from estime.kernel.errors import EstimeError
from estime.readouts.wording import count
from estime.web.access import needs
from estime.web.hidden_words import (
    excerpt_told,
    hidden_told,
    kind_told,
    look_url,
    thing_told,
    who_told,
)
from estime.web.loop_forms import number, refused, typed
from estime.web.taking_part import found, me, told, way_here

NEEDS = "moderation.act"
TABS = (
    ("moderation", gettext_lazy("Reports")),
    ("moderation-appeals", gettext_lazy("Appeals")),
    ("moderation-hints", gettext_lazy("Hints")),
    ("moderation-log", gettext_lazy("Log")),
)


def tabs(here: str) -> list[tuple[str, str, bool]]:
    return [(reverse(name), str(words), name == here) for name, words in TABS]


def paged(request: HttpRequest, listed: Any, here: str) -> dict[str, Any]:
    after = number(request.GET.get("after", ""))
    return {
        "tabs": tabs(here),
        "next": f"?after={listed.after}" if listed.after else "",
        "first": request.path if after else "",
    }


@require_safe
@needs(NEEDS)
@never_cache
def moderation(request: HttpRequest) -> HttpResponse:
    """What was reported, the one that waits longest first."""
    listed = cocreation.reports_listed(number(request.GET.get("after", "")))
    numbers = cocreation.report_numbers(listed.rows)
    shown = {
        **paged(request, listed, "moderation"),
        "rows": [_reported(row, numbers.get(row.pk, 1)) for row in listed.rows],
    }
    return render(request, "cocreation/moderation.html", shown, using="jinja2")


def _reported(row: Report, people: int) -> dict[str, Any]:
    thing = cocreation.target_of(row)
    words = ngettext("%(n)s person reported it", "%(n)s people reported it", people)
    return {
        "kind": kind_told(thing),
        "title": excerpt_told(thing),
        "at": row.at,
        "reason": str(REASON_NAMES[row.reason]),
        "people": words % {"n": count(people)},
        "space": row.space.title,
        "url": look_url(thing),
    }


@require_safe
@needs(NEEDS)
@never_cache
def reported(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Where a report of *To keep* leads: to what it is about."""
    row = Report.objects.filter(pk=pk).first()
    if row is None:
        raise Http404(_("There is nothing here."))
    return redirect(look_url(cocreation.target_of(row)))


@require_safe
@needs(NEEDS)
@never_cache
def look(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """One thing: what it says, what was reported, what was done about it before; to keep, hide or show again."""
    return look_page(request, kind, key)


def look_page(
    request: HttpRequest,
    kind: str,
    key: str,
    fields: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    member = me(request)
    with found():
        case = cocreation.case(kind, key, member)
    thing, space = case.thing, cocreation.space_of(case.thing)
    critical = cocreation.is_critical(thing)
    shown = {
        "space": space,
        "way": [(reverse("moderation"), _("Moderation")), *way_here(space, None)],
        "thing": thing_told(thing, member),
        "state": hidden_told(cocreation.hiding_of(thing)) if thing.hidden else "",
        "with_challenge": thing.hidden and case.hiding is None,
        "gone": getattr(thing, "withdrawn", None) is not None or getattr(thing, "erased", False),
        "mine": member.pk in {one.pk for one in cocreation.authors_of(thing)},
        "reports": [_report(row) for row in case.reports],
        "settled": [{**_report(row), "settled": row.settled, "kept": row.kept, "by": who_told(row.settled_by)}
                    for row in case.settled],
        "hiding": case.hiding,
        "before": [_before(one) for one in case.hidings],
        "critical": critical,
        "others": _parts(thing),
        "reasons": [(name, str(REASON_NAMES[name]), "") for name in HIDING_REASONS],
        "criticism": (fields or {}).get("criticism") or ("yes" if critical else ""),
        "typed": fields or {},
        "errors": errors or {},
        "urls": {
            name: reverse(f"moderation-{name}", args=[kind, key]) for name in ("keep", "hide", "show")
        },
    }  # fmt: skip
    return render(
        request, "cocreation/moderation-look.html", shown, using="jinja2", status=422 if errors else 200
    )


def _report(row: Report) -> dict[str, Any]:
    return {
        "at": row.at,
        "reason": str(REASON_NAMES[row.reason]),
        "words": row.words,
        "name": who_told(row.member),
    }


def _before(one: Hiding) -> dict[str, Any]:
    appeal = getattr(one, "appeal", None)
    return {
        "words": hidden_told(one),
        "criticism": one.criticism,
        "lifted": one.lifted,
        "lifted_by": who_told(one.lifted_by) if one.lifted else "",
        "lifted_reason": one.lifted_reason,
        "appeal_url": reverse("moderation-appeal", args=[appeal.pk]) if appeal is not None else "",
        "waiting": appeal is not None and appeal.settled is None,
    }


def _parts(thing: Hideable) -> str:
    """That others stand behind it: hiding a head, or a challenge, takes them out of sight, too."""
    if isinstance(thing, cocreation.Challenge):
        return _(
            "What members gave to it goes out of sight with it, and comes back with it; its authors still read it."
            " Nobody votes in it meanwhile."
        )
    parts = thing.parts.count() if isinstance(thing, cocreation.Contribution) else 0
    if not parts:
        return ""
    words = ngettext(
        "%(n)s other contribution was brought together into this one, and leaves the lists with it.",
        "%(n)s other contributions were brought together into this one, and leave the lists with it.",
        parts,
    )
    return words % {"n": count(parts)} + " " + _("If only these words are meant, have that undone first.")


@require_POST
@needs(NEEDS)
def keep(request: HttpRequest, kind: str, key: str) -> HttpResponseBase:
    """It stays as it is."""
    member = me(request)
    with found():
        thing = cocreation.case(kind, key, member).thing
        try:
            settled = cocreation.report_keep(member, thing)
        except EstimeError as error:
            messages.error(request, told(error))
            return redirect(look_url(thing))
    if settled:
        messages.success(request, _("It stays. Whoever reported it is told."))
    return redirect("moderation")


@require_POST
@needs(NEEDS)
def hide(request: HttpRequest, kind: str, key: str) -> HttpResponseBase:
    """Hide it, for a reason that stands in its place."""
    member = me(request)
    fields = typed(request, "reason", "words", "criticism", "sure")
    criticism = {"yes": True, "no": False}.get(fields["criticism"])
    with found():
        thing = cocreation.case(kind, key, member).thing
        if (
            "short" in cocreation.reason_doubts(fields["words"])
            and fields["words"].strip()
            and not fields["sure"]
        ):
            doubt = _("Everybody reads this. Does it say what in these words made you hide them?")
            return look_page(request, kind, key, {**fields, "doubt": "1"}, {"words": doubt})
        try:
            cocreation.hide(member, thing, cocreation.Why(fields["reason"], fields["words"], criticism))
        except cocreation.NotFound:
            raise
        except EstimeError as error:
            return look_page(request, kind, key, fields, refused(error))
    messages.success(request, _("Hidden. The reason stands in its place, and whoever wrote it can appeal."))
    return redirect(look_url(thing))


@require_POST
@needs(NEEDS)
def show(request: HttpRequest, kind: str, key: str) -> HttpResponseBase:
    """Show it again."""
    member = me(request)
    fields = typed(request, "lifted")
    with found():
        case = cocreation.case(kind, key, member)
        if case.hiding is None:
            return redirect(look_url(case.thing))
        try:
            cocreation.show_again(member, case.hiding, fields["lifted"])
        except EstimeError as error:
            return look_page(request, kind, key, fields, {"lifted": told(error)})
    messages.success(request, _("It is shown again, and whoever wrote it is told."))
    return redirect(look_url(case.thing))


@require_safe
@needs(NEEDS)
@never_cache
def appeals(request: HttpRequest) -> HttpResponse:
    """Appeals without an answer."""
    listed = cocreation.appeals_listed(number(request.GET.get("after", "")))
    rows = [
        {
            "at": row.at,
            "name": who_told(row.member),
            "hidden": hidden_told(row.hiding),
            "kind": kind_told(cocreation.target_of(row.hiding)),
            "url": reverse("moderation-appeal", args=[row.pk]),
        }
        for row in listed.rows
    ]
    shown = {**paged(request, listed, "moderation-appeals"), "rows": rows}
    return render(request, "cocreation/moderation-appeals.html", shown, using="jinja2")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(NEEDS)
@never_cache
def appeal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One appeal, to be answered by somebody else than who hid it."""
    member = me(request)
    row = Appeal.objects.filter(pk=pk).select_related("member", "settled_by", "hiding").first()
    if row is None:
        raise Http404(_("There is nothing here."))
    with found():
        hiding = cocreation.hiding_seen(row.hiding_id, member)
    fields, errors = typed(request, "answer", "granted"), {}
    if request.method == "POST":
        try:
            if fields["granted"] not in ("yes", "no"):
                errors = {"granted": _("Say whether it is shown again.")}
            else:
                cocreation.appeal_settle(member, row, fields["answer"], granted=fields["granted"] == "yes")
                messages.success(request, _("Answered. Whoever appealed is told."))
                return redirect("moderation-appeal", pk)
        except EstimeError as error:
            errors = refused(error)
    thing = cocreation.target_of(hiding)
    shown = {
        "space": hiding.space,
        "way": [(reverse("moderation"), _("Moderation")), (reverse("moderation-appeals"), _("Appeals"))],
        "one": row,
        "by": who_told(row.member),
        "settled_by": who_told(row.settled_by) if row.settled else "",
        "hidden": hidden_told(hiding),
        "criticism": hiding.criticism,
        "thing": thing_told(thing, member),
        "look": look_url(thing),
        "own": hiding.by_id == member.pk,
        "name": hiding.name,
        "typed": fields,
        "errors": errors,
    }
    return render(
        request, "cocreation/moderation-appeal.html", shown, using="jinja2", status=422 if errors else 200
    )
