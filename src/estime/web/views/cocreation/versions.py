"""Versions of a contribution with what changed in each; and improvements: offered, looked at, adopted, declined."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import Contribution, Edit, Member, Version, Whole
from estime.kernel.errors import EstimeError
from estime.web.access import needs, open_to_all
from estime.web.loop_forms import deal_asked, deal_ticked, number, refused, settled_words
from estime.web.member_words import difference_told, name_of
from estime.web.taking_part import found, idea_url, looking, me, told, way_here
from estime.web.views.cocreation.write import conflict_text

SHOWN = 100


@require_safe
@open_to_all
@never_cache
def idea_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version, newest first, and what changed from one to another."""
    member = looking(request)
    with found():
        whole = cocreation.contribution_whole(pk, member)
        if not whole.words_shown:
            raise cocreation.NotFound(_("There is nothing here."))
        one = whole.contribution
        versions = list(cocreation.versions_of(one)[:SHOWN])
        after = number(request.GET.get("to", "")) or one.version
        before = number(request.GET.get("from", "")) or max(after - 1, 1)
        compared = cocreation.versions_compared(one, before, after) if after != before else None
        if compared is not None and not (compared.before.title and compared.after.title):
            compared = None  # words that went with whoever wrote them
    shown = {
        "space": one.space,
        "way": [*way_here(one.space, one.challenge), (idea_url(one), one.title)],
        "title": one.title,
        "versions": [_row(version, whole, member) for version in versions],
        "numbers": [version.number for version in versions],
        "before": before,
        "after": after,
        "difference": compared and difference_told(compared.what),
        "here": reverse("idea-versions", args=[one.pk]),
    }
    return render(request, "cocreation/versions.html", shown, using="jinja2")


def _row(version: Version, whole: Whole, member: Member | None) -> dict[str, Any]:
    said = list(version.disownings.all())
    was_author = whole.me is not None and whole.me.accepted is not None
    merge = version.merge
    apart = merge is not None and version.at == merge.undone != merge.settled
    mine = member is not None and version.by_id == member.pk and (merge is None or apart)
    return {
        "number": version.number,
        "at": version.at,
        "by": name_of(version.by),
        "contributor": name_of(version.contributor)
        if version.contributor is not None and version.edit_id is not None
        else "",  # whoever proposed to bring together improved nothing
        "act": _("taken apart") if apart else _("brought together") if merge is not None else "",
        "note": version.note,
        "disowned": [{"name": name_of(each.member), "reason": each.reason} for each in said],
        "compare": f"?from={max(version.number - 1, 1)}&to={version.number}#changes"
        if version.number > 1
        else "",
        "disown": reverse("version-disown", args=[whole.contribution.pk, version.number])
        if was_author
        and not mine
        and member is not None
        and member.pk not in [each.member_id for each in said]
        else "",
    }


@require_POST
@needs("space.take_part")
def version_disown(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """Say of a version that it is not one's own."""
    member = me(request)
    with found():
        cocreation.contribution_seen(pk, member)
        try:
            cocreation.version_disown(member, pk, number, request.POST.get("reason", ""))
            messages.success(request, _("It stands beside that version from now on."))
        except cocreation.NotFound:
            raise
        except EstimeError as error:
            messages.error(request, told(error))
    return redirect("idea-versions", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def idea_improve(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Offer a concrete improvement: the words as they would be."""
    member = me(request)
    with found():
        one = cocreation.contribution_seen(pk, member)
        if one.together is not None:
            return redirect("idea-improve", one.together.pk)
        if one.hidden or one.withdrawn is not None or one.erased:
            raise cocreation.NotFound(_("There is nothing here."))
    typed = {
        "title": one.title,
        "body": one.body,
        "words": "",
        "base": str(one.version),
        "once": str(uuid4()),
    }
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in typed}
        try:
            made = _offered(member, one, typed, deal_ticked(request))
            messages.success(request, _("Your improvement is offered: its authors can adopt it."))
            return redirect(f"{idea_url(one)}#c-{made}")
        except EstimeError as error:
            errors = refused(error)
    shown = {"one": one, "space": one.space, "typed": typed, "errors": errors,
             "deal": deal_asked(member, one.challenge),
             "way": [*way_here(one.space, one.challenge), (idea_url(one), one.title)],
             "moved": number(typed["base"]) not in (0, one.version)}  # fmt: skip
    return render(request, "cocreation/improve.html", shown, using="jinja2", status=422 if errors else 200)


def _offered(member: Member, one: Contribution, typed: dict[str, str], deal: int) -> int:
    if (typed["title"].strip(), typed["body"].strip()) == (one.title, one.body):
        raise cocreation.WordsMissing(
            _("You have not changed anything yet."), todo=_("Write it as you would have it."), field="body"
        )
    offer = cocreation.Offer(typed["title"], typed["body"], number(typed["base"]), deal)
    said = cocreation.Said(typed["words"], "improvement", once=_once(typed["once"]))
    return cocreation.comment_write(member, one, said, offer=offer).pk


def _once(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
@never_cache
def improvement(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One improvement: what it would change; its authors adopt it here, with one click where nothing stands against."""
    if request.method == "POST":
        return _adopt(request, pk)
    return _improvement(request, pk)


@needs("space.take_part")
def _adopt(request: HttpRequest, pk: int) -> HttpResponseBase:
    member = me(request)
    with found():
        edit, one = cocreation.edit_seen(pk, member)
        try:
            version = cocreation.edit_adopt(member, pk, settled=settled_words(request))
        except cocreation.ChangedMeanwhile as error:
            return _improvement(request, pk, error=told(error), status=409)
        except EstimeError as error:
            return _improvement(request, pk, error=told(error), status=422)
    words = _("Adopted: version %(number)s, with %(name)s as its contributor.")
    messages.success(request, words % {"number": version.number, "name": name_of(edit.comment.by)})
    return redirect(idea_url(one))


def _improvement(request: HttpRequest, pk: int, *, error: str = "", status: int = 200) -> HttpResponse:
    member = looking(request)
    with found():
        edit, one = cocreation.edit_seen(pk, member)
        whole = cocreation.contribution_whole(one.pk, member)
        if not whole.words_shown:
            raise cocreation.NotFound(_("There is nothing here."))
    base = cocreation.versions_of(one).filter(number=edit.base).first()
    phase = cocreation.phase_now(one.challenge) if one.challenge is not None else ""
    settles = whole.writes and edit.state == "offered" and phase in cocreation.WRITE
    shown = {
        "space": one.space,
        "way": [*way_here(one.space, one.challenge), (idea_url(one), one.title)],
        "one": one,
        "edit": edit,
        "by": name_of(edit.comment.by),
        "words": edit.comment.body,
        "difference": base and difference_told(
            cocreation.difference((base.title, base.body), (edit.title, edit.body))
        ),
        "settles": settles,
        "merged": _merged(one, edit, request) if settles else None,
        "deal": deal_asked(member, one.challenge) if settles and member is not None else None,
        "error": error,
        "comment": reverse("comment", args=[edit.comment.pk]),
    }  # fmt: skip
    return render(request, "cocreation/improvement.html", shown, using="jinja2", status=status)


def _merged(one: Contribution, edit: Edit, request: HttpRequest) -> dict[str, Any]:
    """How it goes together with what was written since; with conflicts, all wordings and a form to decide."""
    title, body = cocreation.words_merged(one, edit.base, edit.title, edit.body)
    conflicts = [*title.conflicts, *body.conflicts]
    return {
        "version": one.version,
        "older": edit.base != one.version,
        "conflicts": [{"base": each.base, "mine": each.mine, "theirs": each.theirs} for each in conflicts],
        "title": request.POST.get("title") or conflict_text(title),
        "body": request.POST.get("body") or conflict_text(body),
    }


@require_POST
@needs("space.take_part")
def improvement_decline(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Decline an improvement, with a reason if one likes."""
    member = me(request)
    with found():
        _edit, one = cocreation.edit_seen(pk, member)
        try:
            cocreation.edit_decline(member, pk, request.POST.get("reason", ""))
            messages.success(request, _("It stays in the discussion, with what you said to it."))
        except EstimeError as error:
            messages.error(request, told(error))
    return redirect(idea_url(one))
