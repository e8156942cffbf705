"""One contribution: its words and who wrote them, what stands beside it; support, following, withdrawing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import KIND_NAMES, Challenge, Contribution, Member, Whole
from estime.kernel.errors import EstimeError
from estime.readouts.wording import count
from estime.web.access import needs, open_to_all
from estime.web.addresses import numbered
from estime.web.answer_words import answer_context
from estime.web.hidden_words import hidden_told, hidden_url, report_url
from estime.web.member_words import Prose, is_new, name_of, names_of
from estime.web.merge_words import merges_context
from estime.web.taking_part import address, found, idea_url, looking, me, title_of, told, way_here
from estime.web.talk import talk_context


@require_safe
@open_to_all
@never_cache
def idea(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of a contribution."""
    return idea_page(request, pk)


def idea_page(
    request: HttpRequest, pk: int, *, typed: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    """The page; `typed`: what somebody wrote into the discussion's form that could not be kept yet."""
    member = looking(request)
    with found():
        whole = cocreation.contribution_whole(pk, member)
    one = whole.contribution
    prose = Prose([one.body] if whole.words_shown else [], one.space, member)
    group = {each.pk: each for each in (one, *whole.parts)}
    phase = cocreation.phase_now(one.challenge) if one.challenge is not None else ""
    merges = merges_context(whole, member, phase)
    shown = {
        "one": one,
        "kind": str(KIND_NAMES[one.kind]),
        "space": one.space,
        "way": way_here(one.space, one.challenge),
        "words": prose.html(one.body) if whole.words_shown else "",
        "state": _state(whole),
        "why_url": _why_url(whole, member),
        "report_url": "" if one.hidden or whole.writes else report_url(request, one),
        "people": _people(whole, merges["brought"]),
        "support": support_context(one, supported=whole.supported, member=member, phase=phase),
        "together": one.together and {"title": title_of(one.together), "url": idea_url(one.together)},
        "merges": merges,
        "built_on": one.built_on and _linked(one.built_on, [one.built_on.author]),
        "built": [_linked(each, [each.author]) for each in whole.built],
        "wording": _version(whole),
        "doings": _doings(whole, member, phase),
        "follows": whole.follows,
        "invited": _invited(whole),
        "answer": answer_context(request, one, member),
        "talk": talk_context(request, one, member, group=group, settles=_settles(whole, phase), typed=typed),
    }
    return render(request, "cocreation/idea.html", shown, using="jinja2", status=status)


def _state(whole: Whole) -> str:
    """In one sentence, what is to be known before reading; empty where it simply stands."""
    one = whole.contribution
    if one.erased:
        return _("Whoever wrote this has left; their words went with them.")
    if one.withdrawn is not None:
        return _("Its authors have withdrawn this. What others said and built stays.")
    if one.hidden:
        return hidden_told(cocreation.hiding_of(one))
    return ""


def _why_url(whole: Whole, member: Member | None) -> str:
    one = whole.contribution
    if not one.hidden or member is None:
        return ""
    return hidden_url(
        one, cocreation.hiding_of(one), member, mine=any(a.member_id == member.pk for a in whole.authors)
    )


def _people(whole: Whole, brought: list[Member]) -> list[dict[str, Any]]:
    """Authors of all sides, whoever improved it, and whoever wrote the words that bring it together."""
    return [
        {"name": name_of(each), "new": is_new(each) and not did, "did": did}
        for people, did in (
            (whole.everybody, ""),
            (whole.contributors, _("improved it")),
            (brought, _("brought it together")),
        )
        for each in people
    ]


def _linked(one: Contribution, people: list[Member] | None) -> dict[str, str]:
    return {"title": title_of(one), "url": idea_url(one), "by": names_of(people or [one.author])}


def _version(whole: Whole) -> dict[str, Any]:
    newest = whole.newest
    disowned = [name_of(said.member) for said in whole.disowned]
    return {
        "number": whole.contribution.version,
        "at": newest.at if newest is not None else whole.contribution.at,
        "by": name_of(newest.by) if newest is not None else "",
        "disowned": disowned,
        "url": numbered("idea-versions", whole.contribution.pk),
    }


def _settles(whole: Whole, phase: str) -> bool:
    return whole.writes and whole.contribution.challenge is not None and phase in cocreation.WRITE


def _doings(whole: Whole, member: Member | None, phase: str) -> dict[str, str]:
    """What whoever looks can do here now, each with its address."""
    one = whole.contribution
    if not whole.words_shown or one.withdrawn is not None or one.hidden or one.together_id:
        return {}
    can: dict[str, str] = {}
    if one.challenge is not None and phase in cocreation.BUILD_ON:
        can["build"] = f"{numbered('write', one.challenge.pk)}?built_on={one.pk}"
        can["improve"] = numbered("idea-improve", one.pk)
    if member is None:
        return can
    can["follow"] = numbered("idea-follow", one.pk)
    if whole.writes:
        can.pop("improve", "")
        if phase in cocreation.WRITE:
            can["write"] = numbered("idea-write", one.pk)
        can["authors"] = numbered("idea-authors", one.pk)
        if whole.me is not None and not whole.parts and one.decision != "taken" and len(whole.authors) == 1:
            can["withdraw"] = numbered("idea-withdraw", one.pk)
    return can


def _invited(whole: Whole) -> str:
    asked = whole.me
    waiting = asked is not None and asked.accepted is None and asked.declined is None and asked.left is None
    return numbered("idea-invitation", whole.contribution.pk) if waiting else ""


def support_context(
    one: Contribution, *, supported: bool, member: Member | None, phase: str
) -> dict[str, Any]:
    """What `cocreation/_support.html` shows: how many, and the button where it counts now."""
    stands = one.withdrawn is None and not one.hidden and one.together_id is None
    open_now = stands and (one.challenge_id is None or phase in cocreation.SUPPORT)
    told_words = ngettext("%(n)s person supports it", "%(n)s people support it", one.supports)
    return {
        "action": numbered("idea-support", one.pk),
        "count": told_words % {"n": count(one.supports)} if one.supports else _("Nobody supports it yet"),
        "first": not supported and member is not None and one.author_id != member.pk,
        "mine": supported,
        "may": open_now and member is not None,
        "sign_in": f"{reverse('account_login')}?next={idea_url(one)}" if open_now and member is None else "",
    }


@require_POST
@needs("space.take_part")
def idea_support(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Support it, or take that back. Our own script asks for the button alone; without it the page comes again."""
    member = me(request)
    back = request.POST.get("do") == "back"
    error = ""
    with found():
        try:
            (cocreation.unsupport if back else cocreation.support)(member, pk)
        except cocreation.NotFound:
            raise
        except EstimeError as refused:
            error = told(refused)
        if request.headers.get("X-Requested-With") != "estime":
            if error:
                messages.error(request, error)
            return redirect(idea_url(pk))
        one = cocreation.contribution_seen(pk, member)
    head = one.together or one
    supported = bool(cocreation.supported_of(member, [head.pk]))
    phase = cocreation.phase_now(one.challenge) if one.challenge is not None else ""
    shown = support_context(head, supported=supported, member=member, phase=phase)
    return render(
        request, "cocreation/_support.html", {"support": shown, "error": error}, using="jinja2",
        status=409 if error else 200,
    )  # fmt: skip


@require_POST
@needs("space.take_part")
def idea_follow(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Follow a contribution, or stop."""
    member = me(request)
    with found():
        one = cocreation.contribution_seen(pk, member)
        if request.POST.get("do") == "stop":
            cocreation.unfollow(member, one)
            messages.success(request, _("You follow this no more."))
        else:
            cocreation.follow(member, one)
            messages.success(request, _("You will be told what happens here."))
    return redirect(idea_url(pk))


@require_POST
@needs("space.take_part")
def challenge_follow(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Follow a challenge, or stop."""
    member = me(request)
    challenge = Challenge.objects.select_related("space").filter(pk=pk).first()
    if challenge is None:
        raise Http404(_("There is nothing here."))
    with found():
        if request.POST.get("do") == "stop":
            cocreation.unfollow(member, challenge)
            messages.success(request, _("You follow this no more."))
        else:
            cocreation.follow(member, challenge)
            messages.success(request, _("You will be told what happens here."))
    return redirect(address("challenge", pk) or reverse("ideas", args=[pk]))


@require_POST
@needs("space.take_part")
def idea_withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Withdraw one's own contribution."""
    member = me(request)
    with found():
        cocreation.contribution_seen(pk, member)
        try:
            cocreation.contribution_withdraw(member, pk)
            messages.success(request, _("It is withdrawn. What others said below it stays."))
        except EstimeError as error:
            messages.error(request, told(error))
    return redirect(idea_url(pk))
