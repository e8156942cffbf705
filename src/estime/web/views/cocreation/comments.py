"""Saying something: below a contribution, a challenge, a question; rewording it, taking it back; one thread whole."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Comment, Contribution, Interpellation, Said, Spot
from estime.kernel.errors import EstimeError
from estime.web.access import needs, open_to_all
from estime.web.loop_forms import number
from estime.web.member_words import Prose, comment_url, names_of
from estime.web.taking_part import found, looking, me, title_of, told, way_here
from estime.web.talk import Rows, place_url, say_form
from estime.web.views.cocreation.idea import idea_page

_SPOTS: dict[str, Any] = {
    "contribution": Contribution,
    "challenge": Challenge,
    "interpellation": Interpellation,
}


def _once(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _spot(kind: str, pk: int) -> Spot:
    where = _SPOTS[kind].objects.select_related("space").filter(pk=pk).first() if kind in _SPOTS else None
    if where is None:
        raise Http404(_("There is nothing here."))
    return where  # type: ignore[no-any-return]


@require_POST
@needs("space.take_part")
def idea_comment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say something below a contribution."""
    return _say(
        request, _spot("contribution", pk), lambda typed: idea_page(request, pk, typed=typed, status=422)
    )


@require_POST
@needs("space.take_part")
def challenge_comment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say something below a challenge."""
    where = _spot("challenge", pk)
    return _say(request, where, lambda typed: _form_page(request, where, typed))


@require_POST
@needs("space.take_part")
def question_comment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say something below a question to the brand."""
    where = _spot("interpellation", pk)
    return _say(request, where, lambda typed: _form_page(request, where, typed))


def _say(
    request: HttpRequest, where: Spot, again: Callable[[dict[str, str]], HttpResponseBase]
) -> HttpResponseBase:
    """Keep what was said and go there; or show the page again, with the words still in the form and why."""
    member = me(request)
    posted = request.POST
    parent = number(posted.get("parent", ""))
    said = Said(
        posted.get("body", ""),
        posted.get("intent", ""),
        parent or None,
        number(posted.get("quoted", "")) or None,
        posted.getlist("chosen")[:20],
        _once(posted.get("once", "")),
    )
    with found():
        try:
            comment = cocreation.comment_write(member, _answered_in(where, parent), said)
        except cocreation.NotFound:
            if not parent:
                raise
            return again(
                _typed(request, _("What you answer is not here any more. Say it as a comment of its own."))
            )
        except EstimeError as error:
            return again(_typed(request, told(error)))
    return redirect(_where_said(where, comment))


def _where_said(where: Spot, comment: Comment) -> str:
    """The page where it was said, where it stands there at once; else the page of its thread."""
    shown = comment.root_id is None or any(one.pk == comment.pk for one in cocreation.talk(where).comments)
    return f"{place_url(where)}#c-{comment.pk}" if shown else comment_url(comment)


def _answered_in(where: Spot, parent: int) -> Spot:
    """An answer stands where the comment stands that it answers: below the part of what was brought together."""
    if parent and isinstance(where, Contribution):
        part = (
            Contribution.objects.select_related("space", "challenge")
            .filter(together=where, pk__in=Comment.objects.filter(pk=parent).values("contribution"))
            .first()
        )
        return part or where
    return where


def _typed(request: HttpRequest, error: str) -> dict[str, str]:
    names = ("body", "intent", "parent", "quoted", "once")
    return {
        **{name: request.POST.get(name, "")[:20_000] for name in names},
        "chosen": "\n".join(request.POST.getlist("chosen")[:20]),
        "error": error,
    }


def _form_page(request: HttpRequest, where: Spot, typed: dict[str, str], status: int = 422) -> HttpResponse:
    """The form alone, on a page of its own: what somebody wrote is never lost."""
    member = me(request)
    with found():
        if not cocreation.may_read(where.space, member):
            raise cocreation.NotFound(_("There is nothing here."))
    lead = {"parent": typed["parent"], "quoted": typed["quoted"], "back": place_url(where)}
    shown = {
        "title": title_of(where),
        "back": place_url(where),
        "talk": {"form": say_form(where, member, lead, typed), "threads": [], "older": "", "newest": ""},
        "space": where.space,
    }
    return render(request, "cocreation/comment-form.html", shown, using="jinja2", status=status)


@require_safe
@open_to_all
@never_cache
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """One comment with its whole thread: where links to it lead."""
    member = looking(request)
    with found():
        seen = cocreation.comment_seen(pk, member)
        where = cocreation.place_of(seen)
        hidden = where.opened is None if isinstance(where, Challenge) else False
        if hidden:
            raise cocreation.NotFound(_("There is nothing here."))
    root = seen.root or seen
    after = number(request.GET.get("after", ""))
    if seen.root_id is not None and "after" not in request.GET:
        after = cocreation.thread_page(seen)
    told_thread, more = cocreation.thread(root, after=after)
    comments = [told_thread.root, *told_thread.answers]
    prose = Prose([one.body for one in comments], where.space, member)
    rows = Rows(where, member, prose)
    rows.prepare(comments)
    shown = {
        "space": where.space,
        "way": [
            *way_here(where.space, where if isinstance(where, Challenge) else where.challenge),
            (place_url(where), title_of(where)),
        ],
        "title": title_of(where),
        "here": pk,
        "thread": {**rows.row(told_thread.root), "answers": [rows.row(each) for each in told_thread.answers]},
        "next": f"?after={more}" if more else "",
        "first": "?after=0" if after else "",
        "by": names_of([root.by]),
    }
    return render(request, "cocreation/comment.html", shown, using="jinja2")


@require_safe
@open_to_all
@never_cache
def comment_wordings(request: HttpRequest, pk: int) -> HttpResponse:
    """What a comment said before it was reworded, newest first."""
    member = looking(request)
    with found():
        seen, wordings = cocreation.wordings_seen(pk, member)
        where = cocreation.place_of(seen)
        if isinstance(where, Challenge) and where.opened is None:
            raise cocreation.NotFound(_("There is nothing here."))
    judges = member is not None and member.may("moderation.act")
    prose = Prose([seen.body, *(one.body for one in wordings)], where.space, member, hidden=judges)
    challenge = where if isinstance(where, Challenge) else where.challenge
    shown = {
        "space": where.space,
        "way": [*way_here(where.space, challenge), (place_url(where), title_of(where))],
        "by": names_of([seen.by]),
        "back": comment_url(seen),
        "edited": seen.edited,
        "now": prose.html(seen.body, seen.quoted),
        "wordings": [{"until": one.until, "html": prose.html(one.body, seen.quoted)} for one in wordings],
    }
    return render(request, "cocreation/comment-wordings.html", shown, using="jinja2")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def comment_edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Reword what one said."""
    member = me(request)
    with found():
        seen = cocreation.comment_seen(pk, member)
        if seen.by_id != member.pk or seen.withdrawn is not None or seen.hidden:
            raise cocreation.NotFound(_("There is nothing here."))
    where = cocreation.place_of(seen)
    handles = [part.partition("]")[0] for part in seen.body.split("@[")[1:]]
    body, error = cocreation.mentions_typed_again(seen.body, cocreation.names_of(handles)), ""
    if request.method == "POST":
        body = request.POST.get("body", "")
        try:
            cocreation.comment_edit(member, pk, body, chosen=request.POST.getlist("chosen")[:20] or handles)
        except EstimeError as refused:
            error = told(refused)
        else:
            return redirect(comment_url(pk))
    shown = {
        "title": title_of(where),
        "back": comment_url(pk),
        "body": body,
        "error": error,
        "handles": handles,
        "people": reverse("people-suggested", args=[type(where).__name__.lower(), where.pk]),
        "space": where.space,
    }
    return render(
        request, "cocreation/comment-edit.html", shown, using="jinja2", status=422 if error else 200
    )


@require_POST
@needs("space.take_part")
def comment_withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take back what one said."""
    member = me(request)
    with found():
        seen = cocreation.comment_seen(pk, member)
        if seen.by_id != member.pk:
            raise cocreation.NotFound(_("There is nothing here."))
        try:
            cocreation.comment_withdraw(member, pk)
            messages.success(request, _("It is taken back. Its place in the discussion stays."))
        except EstimeError as error:
            messages.error(request, told(error))
    return redirect(comment_url(pk))


@require_POST
@needs("space.take_part")
@never_cache
def people_suggested(request: HttpRequest, kind: str, pk: int) -> HttpResponseBase:
    """Who may be meant by a name that is being typed. By POST: names stand in no address and no log."""
    member = me(request)
    where = _spot(kind, pk)
    with found():
        if not cocreation.may_read(where.space, member):
            raise cocreation.NotFound(_("There is nothing here."))
    people = cocreation.people_suggested(where, request.POST.get("name", "")[:60])
    return JsonResponse(
        {"people": [{"handle": one.handle, "name": one.name} for one in people if one.pk != member.pk]}
    )
