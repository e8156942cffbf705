"""Writing: a new contribution, or a new version of one's own. Saved as one writes; plain forms without a script.

Every way goes through one address, that of the draft: it is made by the writing page and kept from the first saving on.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import KIND_NAMES, Challenge, Contribution, Draft, DraftWords, Member, Place
from estime.kernel.errors import EstimeError
from estime.web.access import needs
from estime.web.loop_forms import deal_asked, deal_ticked, number
from estime.web.member_words import Prose, difference_told, names_of
from estime.web.picture_upload import FIELD, OnePicture, take_one_picture
from estime.web.taking_part import address, found, idea_url, me, told, way_here


@require_safe
@needs("space.take_part")
@never_cache
def write(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Begin a contribution to a challenge; nothing is kept before something is written."""
    member = me(request)
    challenge = get_object_or_404(
        Challenge.objects.select_related("space"), pk=pk, opened__isnull=False, hidden=False
    )
    with found():
        if not cocreation.may_read(challenge.space, member):
            raise cocreation.NotFound("")
        origin = _origin(request.GET.get("built_on", ""), member)
    kinds = challenge.kinds or list(KIND_NAMES)
    kind = request.GET.get("kind", "")
    draft = Draft(
        id=uuid4(), member=member, space=challenge.space, challenge=challenge, built_on=origin,
        kind=kind if kind in kinds else kinds[0], title=request.GET.get("title", "")[:160],
    )  # fmt: skip
    return _page(request, draft, {}, begun=_begun(member, challenge, origin))


def _begun(member: Member, challenge: Challenge, origin: Contribution | None) -> list[dict[str, str]]:
    """What they began to write here before and have not published: nothing shall look lost."""
    return [
        {"title": each.title or _("Without a title yet"), "url": reverse("draft", args=[each.pk])}
        for each in cocreation.drafts_of(member)
        if each.challenge_id == challenge.pk and each.contribution_id is None and each.built_on == origin
    ]


@require_safe
@needs("space.take_part")
@never_cache
def idea_write(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write a new version of a contribution, as one of its authors."""
    member = me(request)
    with found():
        whole = cocreation.contribution_whole(pk, member)
        if not whole.writes:
            raise cocreation.NotFound(_("There is nothing here."))
    one = whole.contribution
    begun = cocreation.draft_for(member, one.pk)
    if begun is not None:
        return redirect("draft", begun.pk)
    draft = Draft(
        id=uuid4(), member=member, space=one.space, challenge=one.challenge, contribution=one,
        base=one.version, kind=one.kind, title=one.title, body=one.body,
    )  # fmt: skip
    return _page(request, draft, {})


@csrf_exempt  # the inner view checks it, once it is said where a picture is to go
@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def draft(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A draft: go on writing, save, look at it as it will be, bring a picture, publish."""
    handler = take_one_picture(request) if request.method == "POST" else None
    return _draft(request, pk, handler)


@csrf_protect
def _draft(request: HttpRequest, pk: UUID, handler: OnePicture | None) -> HttpResponseBase:
    member = me(request)
    with found():
        held = cocreation.draft_of(member, pk)
        if handler is None:
            if held is None:
                raise cocreation.NotFound(_("This draft is not here any more."))
            return _page(request, held, {}, preview="look" in request.GET)
        return _written(request, member, pk, held, handler)


def _written(
    request: HttpRequest, member: Member, pk: UUID, held: Draft | None, handler: OnePicture
) -> HttpResponseBase:
    """Save what came, then do what was asked for. What cannot be kept stays in the form."""
    posted = request.POST
    do = posted.get("do", "save")
    by_script = request.headers.get("Accept") == "application/json"
    base = number(posted.get("base", ""))
    words = DraftWords(posted.get("title", ""), posted.get("body", ""), posted.get("kind", "idea"), base)
    try:
        if held is None:
            published = cocreation.published_from(member, pk)
            if published is not None:
                return (
                    JsonResponse({"gone": idea_url(published)})
                    if by_script
                    else redirect(idea_url(published))
                )
            held = cocreation.draft_begin(member, _place(request, member), id=pk)
        held = cocreation.draft_save(member, pk, words, number(posted.get("saved", "")))
    except cocreation.NotFound:
        if by_script:
            return JsonResponse({"error": _("This draft is not here any more.")}, status=404)
        raise
    except EstimeError as error:
        if by_script:
            return JsonResponse({"error": told(error)}, status=409)
        typed = held or Draft(id=pk, member=member, **_unkept(request, member))
        typed.title, typed.body, typed.kind = words.title, words.body, words.kind
        return _page(request, typed, {_field(error): told(error)}, status=422)
    if by_script:
        return JsonResponse({"saved": held.saved})
    return _do(request, member, held, do, handler)


def _unkept(request: HttpRequest, member: Member) -> dict[str, Any]:
    place = _place(request, member)
    one = place.contribution
    space = one.space if one is not None else place.challenge.space if place.challenge is not None else None
    if space is None:
        raise cocreation.NotFound(_("There is nothing here."))
    return {
        **place._asdict(),
        "space": space,
        "challenge": one.challenge if one is not None else place.challenge,
    }


def _do(request: HttpRequest, member: Member, held: Draft, do: str, handler: OnePicture) -> HttpResponseBase:
    if do == "picture":
        return _picture(request, member, held, handler)
    if do == "publish":
        return _publish(request, member, held)
    if do == "preview":
        return redirect(f"{reverse('draft', args=[held.pk])}?look=#preview")
    messages.success(request, _("Saved. You find it among your drafts."))
    return redirect("draft", held.pk)


def _picture(request: HttpRequest, member: Member, held: Draft, handler: OnePicture) -> HttpResponseBase:
    stream = request.FILES.get(FIELD)
    if handler.too_large:
        limit = _("This picture has more than %(number)s MB.") % {"number": handler.limit >> 20}
        return _page(request, held, {FIELD: limit}, status=422)
    if stream is None:
        return _page(request, held, {FIELD: _("Choose a picture first.")}, status=422)
    alt = request.POST.get("alt", "")
    if not alt.strip():
        return _page(
            request,
            held,
            {"alt": _("Say in a few words what it shows: some of us cannot see it.")},
            status=422,
        )
    try:
        added = cocreation.picture_add(member, held.space, stream, alt)
        body = f"{held.body}\n\n{cocreation.picture_markdown(added)}\n".lstrip()
        cocreation.draft_save(member, held.pk, DraftWords(held.title, body, held.kind), held.saved)
    except EstimeError as error:
        return _page(request, held, {FIELD: told(error)}, status=422)
    messages.success(
        request, _("The picture stands at the end of your text: move its line where you want it.")
    )
    return redirect("draft", held.pk)


def _publish(request: HttpRequest, member: Member, held: Draft) -> HttpResponseBase:
    deal = deal_ticked(request)
    try:
        if held.contribution is not None:
            note = request.POST.get("note", "")
            words = cocreation.NewWords(held.title, held.body, note)
            cocreation.version_write(member, held.contribution.pk, words, held.base, deal=deal)
            messages.success(request, _("Your new version is published. The earlier ones stay to be read."))
            return redirect(idea_url(held.contribution))
        made = cocreation.contribution_publish(member, held.pk, deal=deal)
    except cocreation.ChangedMeanwhile as error:
        return _page(request, held, {"": told(error)}, status=409, meanwhile=True)
    except EstimeError as error:
        return _page(request, held, {_field(error): told(error)}, status=422)
    messages.success(request, _("Published. Thank you."))
    return redirect(idea_url(made))


def _field(error: EstimeError) -> str:
    if isinstance(error, cocreation.DealNotAccepted):
        return "agreed"
    return str(error.data.get("field", ""))


def _place(request: HttpRequest, member: Member) -> Place:
    """Where a draft that is not kept yet is going, as its form says."""
    posted = request.POST
    written = number(posted.get("contribution", ""))
    if written:
        one = cocreation.contribution_seen(written, member)
        return Place(contribution=one, base=number(posted.get("base", "")))
    challenge = (
        Challenge.objects.select_related("space").filter(pk=number(posted.get("challenge", ""))).first()
    )
    if challenge is None:
        raise cocreation.NotFound(_("This draft is not here any more."))
    return Place(challenge=challenge, built_on=_origin(posted.get("built_on", ""), member))


def _origin(told_number: str, member: Member) -> Contribution | None:
    origin = number(told_number)
    if not origin:
        return None
    one = cocreation.contribution_seen(origin, member)
    if one.hidden or one.withdrawn is not None:
        raise cocreation.NotFound(_("There is nothing here."))
    return one.together or one


def _page(
    request: HttpRequest,
    held: Draft,
    errors: dict[str, str],
    *,
    status: int = 200,
    preview: bool = False,
    meanwhile: bool = False,
    begun: Sequence[dict[str, str]] = (),
) -> HttpResponse:
    member = held.member
    one = held.contribution
    challenge = held.challenge if one is None else one.challenge
    phase = cocreation.phase_now(challenge) if challenge is not None else ""
    phases = (
        cocreation.WRITE if one is not None else cocreation.BUILD_ON if held.built_on else cocreation.PUBLISH
    )
    shown = {
        "draft": held,
        "space": held.space,
        "way": way_here(held.space, challenge),
        "challenge": challenge,
        "one": one and {"title": one.title, "url": idea_url(one), "version": one.version},
        "built_on": held.built_on and {"title": held.built_on.title, "url": idea_url(held.built_on),
                                       "by": names_of([held.built_on.author]), "pk": held.built_on.pk},
        "kinds": [(kind, str(KIND_NAMES[kind])) for kind in KIND_NAMES
                  if challenge is None or not challenge.kinds or kind in challenge.kinds],
        "deal": deal_asked(member, challenge),
        "errors": errors,
        "typed": {name: request.POST.get(name, "") for name in ("alt", "note")},
        "now": phase in phases,
        "save_url": reverse("draft", args=[held.pk]),
        "similar_url": reverse("similar-titles", args=[challenge.pk]) if challenge is not None and one is None else "",
        "similar": similar_titles(challenge, held.title, held.pk) if challenge and one is None and held.title else [],
        "preview": _preview(held, member) if preview else None,
        "pictures": Prose([held.body], held.space, member).pictures(held.body),
        "merged": _merged(held) if meanwhile and one is not None else None,
        "begun": begun,
        "kept": bool(held.at),
        "discard_url": reverse("draft-discard", args=[held.pk]) if held.at else "",
    }  # fmt: skip
    return render(request, "cocreation/write.html", shown, using="jinja2", status=status)


def _preview(held: Draft, member: Member) -> dict[str, Any]:
    return {"title": held.title, "html": Prose([held.body], held.space, member).html(held.body)}


def _merged(held: Draft) -> dict[str, Any] | None:
    """Both texts together, for whoever wrote while somebody else published: nothing of either is lost."""
    one = held.contribution
    if one is None:
        return None
    current = cocreation.contribution_seen(one.pk, held.member)
    title, body = cocreation.words_merged(current, held.base, held.title, held.body)
    return {
        "version": current.version,
        "title": conflict_text(title),
        "body": conflict_text(body),
        "conflicts": len(title.conflicts) + len(body.conflicts),
        "theirs": difference_told(
            cocreation.difference((current.title, current.body), (held.title, held.body))
        ),
    }


def conflict_text(merged: cocreation.Merged) -> str:
    """A text to be settled by hand: where changes meet, both wordings stand after each other, the current one first."""
    return cocreation.merged_with(merged, ["both"] * len(merged.conflicts))


def similar_titles(challenge: Challenge, title: str, leave_out: object = None) -> list[dict[str, Any]]:
    """What stands there already under a title like this one."""
    told_rows = cocreation.similar(challenge.space_id, title, 5, challenge=challenge.pk)
    return [
        {"title": each.title, "url": reverse("idea", args=[each.contribution]), "pk": each.contribution,
         "support": reverse("idea-support", args=[each.contribution]),
         "build": f"{reverse('write', args=[challenge.pk])}?built_on={each.contribution}"}
        for each in told_rows
    ]  # fmt: skip


@require_POST
@needs("space.take_part")
@never_cache
def similar_shown(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Similar titles, while one is typed: a piece of a page."""
    member = me(request)
    challenge = get_object_or_404(
        Challenge.objects.select_related("space"), pk=pk, opened__isnull=False, hidden=False
    )
    if not cocreation.may_read(challenge.space, member):
        raise Http404(_("There is nothing here."))
    shown = {
        "similar": similar_titles(challenge, request.POST.get("title", "")[:160]),
        "challenge": challenge,
    }
    return render(request, "cocreation/_similar.html", shown, using="jinja2")


@require_POST
@needs("space.take_part")
def draft_discard(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Throw a draft away."""
    member = me(request)
    with found():
        held = cocreation.draft_of(member, pk)
        cocreation.draft_discard(member, pk)
    messages.success(request, _("The draft is thrown away."))
    if held is not None and held.challenge is not None:
        return redirect(address("challenge", held.challenge.pk) or reverse("ideas", args=[held.challenge.pk]))
    return redirect("drafts")
