"""Taking apart what was brought together: first the page that tells what goes back where, then the deed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from estime.cocreation import api as cocreation
from estime.cocreation.api import Member, MergeBack, MergeUndoing
from estime.kernel import clock
from estime.kernel.errors import EstimeError
from estime.readouts.wording import count
from estime.web.access import needs
from estime.web.loop_forms import deal_asked, settled_words
from estime.web.member_words import difference_told
from estime.web.merge_words import comments, people
from estime.web.taking_part import found, idea_url, me, told, way_here
from estime.web.views.cocreation.write import conflict_text


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def merge_undo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What taking apart would do, told exactly; then it is done."""
    member, reason, error, status = me(request), "", "", 200
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        with found():
            try:
                cocreation.merge_undo(member, pk, reason, settled=settled_words(request))
            except cocreation.NotFound:
                raise
            except EstimeError as wrong:
                status = 409 if isinstance(wrong, cocreation.ChangedMeanwhile) else 422
                error = told(wrong)
            else:
                messages.success(request, _("Taken apart. Everything is back in its place."))
                return redirect("merge", pk)
    return _page(request, pk, member, reason=reason, error=error, status=status)


def _page(
    request: HttpRequest, pk: int, member: Member, *, reason: str, error: str, status: int
) -> HttpResponse:
    with found():
        can = cocreation.merge_told(pk, member, clock.now()).can
        if "undo" not in can:
            raise cocreation.NotFound(_("There is nothing here."))
        undoing = cocreation.undo_told(pk, member)
    one, words = undoing.head, undoing.words
    conflicts = [*words.title.conflicts, *words.body.conflicts] if words is not None else []
    shown = {
        "merge": undoing.merge,
        "space": one.space,
        "way": [
            *way_here(one.space, one.challenge),
            (reverse("merge", args=[pk]), _("Brought together")),
        ],
        "head": one,
        "rows": [_row(row, undoing) for row in undoing.rows],
        "stays": _stays(undoing),
        "root": undoing.root and {"title": undoing.root.title, "url": idea_url(undoing.root)},
        "voted": undoing.voted.title if undoing.voted is not None else "",
        "difference": difference_told(undoing.what) if undoing.what and undoing.what.changed else None,
        "conflicts": [{"now": each.mine, "before": each.theirs} for each in conflicts],
        "go": words is None,
        "deal": deal_asked(member, one.challenge) if conflicts else None,
        "title": request.POST.get("title") or (conflict_text(words.title) if words and conflicts else ""),
        "body": request.POST.get("body") or (conflict_text(words.body) if words and conflicts else ""),
        "reason": reason,
        "error": error,
        "back": reverse("merge", args=[pk]),
    }
    return render(request, "cocreation/unmerge.html", shown, using="jinja2", status=status)


def _row(row: MergeBack, undoing: MergeUndoing) -> dict[str, Any]:
    """One contribution: where it stands, and what it counts, before and after."""
    parts = {part.contribution_id for part in undoing.merge.parts.all()}
    if row.one.pk in parts:
        where = _("stands by itself again, at its own address, with its own words and authors")
    elif row.after.together is None:
        where = _("stays")
    elif row.after.together != row.before.together:
        where = _("goes along with what it went into before")
    else:
        where = _("stays where it is")
    return {
        "title": row.one.title,
        "url": idea_url(row.one),
        "where": where,
        "before": (people(row.before.supports), comments(row.before.comments)),
        "after": (people(row.after.supports), comments(row.after.comments)),
    }


def _stays(undoing: MergeUndoing) -> str:
    """What was given to the whole itself meanwhile."""
    given, said = undoing.since
    told_people = ngettext("%(n)s support", "%(n)s supports", given) % {"n": count(given)}
    told_words = {"people": told_people, "comments": comments(said), "title": undoing.head.title}
    return (
        _("Since then %(people)s and %(comments)s were given to the whole: they stay with “%(title)s”.")
        % told_words
    )
