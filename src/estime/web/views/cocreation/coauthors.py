"""Who writes a contribution: asking somebody to, accepting, declining, stopping."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from estime.cocreation import api as cocreation
from estime.cocreation.api import Author, Contribution, Member
from estime.kernel.errors import EstimeError
from estime.web.access import needs
from estime.web.loop_forms import deal_asked, deal_ticked
from estime.web.member_words import name_of
from estime.web.taking_part import found, idea_url, me, title_of, told, way_here


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def idea_authors(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The authors of a contribution, for themselves; with whom they asked."""
    member = me(request)
    with found():
        whole = cocreation.contribution_whole(pk, member)
        if not whole.writes or not whole.words_shown:
            raise cocreation.NotFound(_("There is nothing here."))
    one = whole.contribution
    mine = [pk for pk, authors in whole.part_authors.items() if member in authors]
    if mine and member not in [author.member for author in whole.authors]:
        return redirect("idea-authors", mine[0])  # their own, by which they write the whole
    if request.method != "POST":
        return _page(request, one, member)
    try:
        if request.POST.get("do") == "leave":
            cocreation.coauthor_leave(member, pk)
            messages.success(
                request, _("You are not one of its authors any more. Your name stays with what you wrote.")
            )
            return redirect(idea_url(one))
        return _invite(request, one, member)
    except EstimeError as error:
        return _page(request, one, member, error=told(error), status=422)


def _invite(request: HttpRequest, one: Contribution, member: Member) -> HttpResponseBase:
    name, handle = request.POST.get("name", ""), request.POST.get("handle", "")[:80]
    people = [each for each in cocreation.people_find(one, name, handle) if each.pk != member.pk]
    if not people:
        words = _(
            "Nobody of this name has said something in this space yet. Write the whole name, as it stands there."
        )
        return _page(request, one, member, error=words, name=name, status=422)
    if len(people) > 1:
        return _page(request, one, member, name=name, several=people, status=422)
    cocreation.coauthor_invite(member, one.pk, people[0])
    messages.success(request, _("%(name)s is asked to write it with you.") % {"name": name_of(people[0])})
    return redirect("idea-authors", one.pk)


def _page(
    request: HttpRequest,
    one: Contribution,
    member: Member,
    *,
    error: str = "",
    name: str = "",
    several: list[Member] | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = {
        "one": one,
        "space": one.space,
        "way": [*way_here(one.space, one.challenge), (idea_url(one), title_of(one))],
        "authors": [_row(author) for author in cocreation.authors_all(one.pk)],
        "error": error,
        "name": name,
        "several": [
            {"handle": each.handle, "name": name_of(each), "joined": each.joined} for each in several or []
        ],
        "people": reverse("people-suggested", args=["contribution", one.pk]),
        "alone": sum(1 for each in cocreation.authors_all(one.pk) if each.accepted and not each.left) < 2,
        "mine": member.pk,
    }
    return render(request, "cocreation/authors.html", shown, using="jinja2", status=status)


def _row(author: Author) -> dict[str, Any]:
    at = author.left or author.declined or author.accepted or author.invited
    words = (
        _("wrote it until then") if author.left
        else _("declined") if author.declined
        else _("writes it") if author.accepted
        else _("is asked")
    )  # fmt: skip
    return {"name": name_of(author.member), "words": words, "at": at}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def idea_invitation(request: HttpRequest, pk: int) -> HttpResponseBase:
    """An invitation to write a contribution: accept it, or decline."""
    member = me(request)
    with found():
        one = cocreation.contribution_seen(pk, member)
        asked = next((each for each in cocreation.authors_all(pk) if each.member_id == member.pk), None)
        if asked is None or asked.invited is None or asked.left is not None:
            raise cocreation.NotFound(_("There is nothing here."))
    if request.method == "POST":
        try:
            return _answer(request, one, member)
        except EstimeError as error:
            return _invitation(request, one, asked, error=told(error), status=422)
    return _invitation(request, one, asked)


def _answer(request: HttpRequest, one: Contribution, member: Member) -> HttpResponseBase:
    if request.POST.get("do") == "decline":
        cocreation.coauthor_decline(member, one.pk)
        messages.success(request, _("You declined. You can still offer improvements."))
        return redirect(idea_url(one))
    cocreation.coauthor_accept(member, one.pk, deal=deal_ticked(request))
    messages.success(request, _("You are one of its authors now."))
    return redirect(idea_url(one))


def _invitation(
    request: HttpRequest, one: Contribution, asked: Author, *, error: str = "", status: int = 200
) -> HttpResponse:
    challenge = one.challenge
    shown = {
        "one": one,
        "space": one.space,
        "way": [*way_here(one.space, challenge), (idea_url(one), title_of(one))],
        "by": name_of(asked.invited_by) if asked.invited_by is not None else "",
        "deal": deal_asked(asked.member, challenge),
        "open": asked.accepted is None,
        "error": error,
    }
    return render(request, "cocreation/invitation.html", shown, using="jinja2", status=status)
