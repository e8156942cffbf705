"""Reporting something, and what becomes of what was hidden: the line for everybody, the page of whoever wrote it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import REASON_NAMES, TARGETS, Hideable, Hiding, Member, Picture
from estime.kernel.errors import EstimeError
from estime.web.access import needs, open_to_all
from estime.web.hidden_words import (
    hidden_told,
    kind_name,
    kind_told,
    look_url,
    thing_told,
    thing_url,
    who_told,
)
from estime.web.loop_forms import number, refused, typed
from estime.web.moments import day
from estime.web.taking_part import found, looking, me, told, way_here
from estime.web.views.cocreation.space import space_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def report(request: HttpRequest, kind: str, key: str) -> HttpResponseBase:
    """Say that something should not stand here."""
    member = me(request)
    with found():
        thing = cocreation.hideable(kind, key, member)
    fields, errors = typed(request, "reason", "words"), {}
    known = cocreation.reported_by(thing, member)
    if request.method == "POST" and known is None:
        try:
            with found():
                cocreation.report(member, thing, fields["reason"], fields["words"])
        except EstimeError as error:
            errors = refused(error)
        else:
            messages.success(request, _("Reported. A moderator looks at it, and you are told."))
            return redirect(thing_url(thing) or reverse("spaces"))
    return _report_page(request, thing, member, fields, errors)


def _report_page(
    request: HttpRequest, thing: Hideable, member: Member, fields: dict[str, str], errors: dict[str, str]
) -> HttpResponse:
    space = cocreation.space_of(thing)
    known = cocreation.reported_by(thing, member)
    shown = {
        "space": space,
        "way": way_here(space, None),
        "thing": _readable(thing, member),
        "pictures": _pictures(thing),
        "known": {"at": known.at, "words": _settled(known)} if known is not None else None,
        "mine": member.pk in {one.pk for one in cocreation.authors_of(thing)},
        "reasons": [(key, str(words), "") for key, words in REASON_NAMES.items()],
        "typed": fields,
        "errors": errors,
    }
    return render(request, "cocreation/report.html", shown, using="jinja2", status=422 if errors else 200)


def _readable(thing: Hideable, member: Member) -> dict[str, Any]:
    """What is reported, as somebody may read it: nothing of what is hidden, taken back or erased."""
    gone = thing.hidden or getattr(thing, "withdrawn", None) is not None or getattr(thing, "erased", False)
    if not gone:
        return {**thing_told(thing, member), "gone": ""}
    words = hidden_told(cocreation.hiding_of(thing)) if thing.hidden else _("This was taken back already.")
    return {
        "kind": kind_told(thing),
        "gone": words,
        "url": thing_url(thing),
        "by": "",
        "at": cocreation.said_at(thing),
    }


def _settled(known: cocreation.Report) -> str:
    if known.settled is None:
        return _("A moderator will look at it.")
    if known.kept:
        return _("A moderator looked at it on %(day)s; it stays.") % {"day": day(known.settled)}
    return _("A moderator looked at it on %(day)s and hid it.") % {"day": day(known.settled)}


def _pictures(thing: Hideable) -> list[dict[str, str]]:
    """The pictures in a text, each to be reported by itself."""
    numbers = sorted(cocreation.pictures_shown(thing))[:40]
    rows = Picture.objects.filter(pk__in=numbers, published=True, hidden=False)
    return [
        {
            "url": reverse("report", args=["picture", str(one.pk)]),
            "alt": one.alt or _("A picture without words"),
        }
        for one in rows
    ]


@require_safe
@open_to_all
@never_cache
def hidden_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What was hidden in a space: when, by whom, why; never the words themselves."""
    space = space_or_404(slug, looking(request))
    after = number(request.GET.get("after", ""))
    listed = cocreation.hidings_listed(space, after)
    shown = {
        "space": space,
        "way": way_here(space, None),
        "numbers": cocreation.hiding_numbers(space),
        "rows": [_row(one) for one in listed.rows],
        "next": f"?after={listed.after}" if listed.after else "",
        "first": request.path if after else "",
    }
    return render(request, "cocreation/hidden-list.html", shown, using="jinja2")


def _row(one: Hiding) -> dict[str, Any]:
    kind = next(name for name in TARGETS if getattr(one, f"{name}_id") is not None)
    appeal = getattr(one, "appeal", None)
    return {
        "at": one.at,
        "kind": kind_name(kind),
        "reason": str(REASON_NAMES[one.reason]),
        "words": one.words,
        "name": one.name,
        "criticism": one.criticism,
        "lifted": one.lifted,
        "appeal": ""
        if appeal is None
        else _("Its author appealed; nobody has answered yet.")
        if appeal.settled is None
        else _("Its author appealed, and was right.")
        if appeal.granted
        else _("Its author appealed; it stays hidden."),
    }


@require_safe
@needs("space.take_part")
@never_cache
def hidden(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody wrote and was hidden: their words, why, and how to appeal. Theirs and moderators' alone."""
    return hidden_page(request, pk)


def hidden_page(
    request: HttpRequest, pk: int, fields: dict[str, str] | None = None, errors: dict[str, str] | None = None
) -> HttpResponse:
    """The page; `fields`: what was written and could not be kept yet."""
    member = me(request)
    with found():
        one = cocreation.hiding_seen(pk, member)
    thing = cocreation.target_of(one)
    appeal = getattr(one, "appeal", None)
    mine = member.pk in {each.pk for each in cocreation.authors_of(thing)}
    shown = {
        "space": one.space,
        "way": way_here(one.space, None),
        "one": one,
        "words": hidden_told(one),
        "thing": thing_told(thing, member),
        "mine": mine,
        "look": look_url(thing) if member.may("moderation.act") else "",
        "lifted_by": who_told(one.lifted_by) if one.lifted else "",
        "appeal": appeal,
        "appeal_by": who_told(appeal.member) if appeal is not None else "",
        "settled_by": who_told(appeal.settled_by) if appeal is not None and appeal.settled else "",
        "typed": fields or {},
        "errors": errors or {},
        "may_appeal": mine and appeal is None and one.lifted is None,
    }
    return render(request, "cocreation/hidden.html", shown, using="jinja2", status=422 if errors else 200)


@require_POST
@needs("space.take_part")
def hidden_appeal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask to look again."""
    member = me(request)
    fields = typed(request, "words")
    with found():
        one = cocreation.hiding_seen(pk, member)
        try:
            cocreation.appeal(member, one, fields["words"])
        except cocreation.NotFound:
            raise
        except cocreation.NotNow as error:
            messages.error(request, told(error))
        except EstimeError as error:
            return hidden_page(request, pk, fields, refused(error))
        else:
            messages.success(request, _("Somebody else than who hid it looks again, and answers you."))
    return redirect("hidden", pk)
