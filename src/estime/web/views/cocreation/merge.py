"""One proposal to bring together: who agreed, what it would change; agreeing, refusing, deciding, contesting."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import Contest, MergeTold
from estime.kernel import clock
from estime.kernel.errors import EstimeError
from estime.web.access import needs, open_to_all
from estime.web.loop_forms import refused, typed
from estime.web.member_words import difference_told, name_of
from estime.web.merge_words import prose_of, side_row, state_words, until_words, waits_words
from estime.web.taking_part import found, idea_url, looking, me, told, way_here
from estime.web.views.cocreation.merge_new import FIELDS, whole_words, words_context


@require_safe
@open_to_all
@never_cache
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of a proposal, and of what became of it."""
    return merge_page(request, pk)


def merge_page(
    request: HttpRequest, pk: int, *, fields: dict[str, str] | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    """The page; `fields`: what somebody wrote that could not be kept."""
    member = looking(request)
    with found():
        shown_merge = cocreation.merge_told(pk, member, clock.now())
    one = shown_merge.merge
    mark, words = state_words(shown_merge)
    prose = prose_of(shown_merge.sides, member)
    secret = any(not side.shown for side in shown_merge.sides)
    shown = {
        "merge": one,
        "space": one.head.space,
        "way": way_here(one.head.space, one.head.challenge),
        "by": name_of(one.by),
        "mark": mark,
        "state": words,
        "until": until_words(shown_merge.until, clock.now()) if one.state == "agreed" else "",
        "waits_until": waits_words(one.at, clock.now()) if one.state == "proposed" else "",
        "sides": [side_row(side, one.head_id, prose) for side in shown_merge.sides],
        "can": shown_merge.can,
        "outdated": shown_merge.outdated,
        "silent": shown_merge.silent,
        "difference": None if secret or shown_merge.what is None else difference_told(shown_merge.what),
        "refusal": _refusal(shown_merge),
        "decided": one.settled_reason if one.state == "decided" else "",
        "decided_by": name_of(one.settled_by) if one.settled_by is not None else "",
        "undone_reason": one.undone_reason,
        "contests": [_contest(each) for each in shown_merge.contests],
        "undo": reverse("merge-undo", args=[one.pk]) if "undo" in shown_merge.can else "",
        "reword": reverse("merge-words", args=[one.pk]) if "reword" in shown_merge.can else "",
        "typed": fields or {},
        "error": error,
    }
    return render(request, "cocreation/merge.html", shown, using="jinja2", status=status)


def _refusal(shown: MergeTold) -> dict[str, str] | None:
    if shown.refusal is not None:
        return {"name": name_of(shown.refusal.member), "words": shown.refusal.words}
    if shown.merge.state == "declined" and shown.merge.settled_reason and shown.merge.settled_by is not None:
        return {"name": name_of(shown.merge.settled_by), "words": shown.merge.settled_reason}
    return None


def _contest(one: Contest) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "name": name_of(one.member),
        "at": one.at,
        "words": one.words,
        "answer": one.answer,
        "answered": one.answered,
        "answered_by": one.name,
        "action": reverse("contest-answer", args=[one.pk]),
    }


def _done(
    request: HttpRequest, pk: int, deed: Callable[[], object], done: str, **fields: str
) -> HttpResponseBase:
    """Do something to a proposal, and come back to its page; what could not be kept is shown again."""
    with found():
        try:
            deed()
        except cocreation.NotFound:
            raise
        except EstimeError as error:
            status = 409 if isinstance(error, cocreation.ChangedMeanwhile) else 422
            return merge_page(request, pk, fields=fields, error=told(error), status=status)
    messages.success(request, done)
    return redirect("merge", pk)


@require_POST
@needs("space.take_part")
def merge_agree(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Agree, as an author."""
    by = me(request)
    return _done(request, pk, lambda: cocreation.merge_agree(by, pk), _("You agreed."))


@require_POST
@needs("space.take_part")
def merge_refuse(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say no, as an author."""
    by, words = me(request), request.POST.get("words", "")
    return _done(
        request, pk, lambda: cocreation.merge_refuse(by, pk, words), _("Nothing is brought together."), words=words
    )  # fmt: skip


@require_POST
@needs("space.take_part")
def merge_withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take one's own proposal back."""
    by = me(request)
    return _done(request, pk, lambda: cocreation.merge_withdraw(by, pk), _("The proposal is taken back."))


@require_POST
@needs("space.take_part")
def merge_decide(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Decide as whoever leads the challenge, with a reason."""
    by, reason, brings = me(request), request.POST.get("reason", ""), request.POST.get("do") != "no"
    return _done(
        request, pk, lambda: cocreation.merge_decide(by, pk, reason, brings=brings),
        _("Decided, in your name. Everybody it concerns is told."), reason=reason,
    )  # fmt: skip


@require_POST
@needs("space.take_part")
def merge_contest(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say in public what is wrong with it, as an author of a side."""
    by, words = me(request), request.POST.get("contest", "")
    return _done(
        request, pk, lambda: cocreation.merge_contest(by, pk, words),
        _("It stands beside it from now on, and whoever leads the challenge owes you an answer."), contest=words,
    )  # fmt: skip


@require_safe
@needs("space.take_part")
def contest(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Where a contest is answered: on the page of what it is about."""
    one = get_object_or_404(Contest, pk=pk)
    with found():
        cocreation.merge_seen(one.merge_id, me(request))
    return redirect(f"{reverse('merge', args=[one.merge_id])}#contest-{one.pk}")


@require_POST
@needs("space.take_part")
def contest_answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer an author who contests, as whoever leads the challenge."""
    by, answer = me(request), request.POST.get("answer", "")
    one = get_object_or_404(Contest, pk=pk)
    with found():
        cocreation.merge_seen(one.merge_id, by)
    return _done(
        request, one.merge_id, lambda: cocreation.contest_answer(by, pk, answer), _("Answered, in your name."),
        **{f"answer-{pk}": answer},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def merge_words(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write the words of one's own proposal anew."""
    member = me(request)
    with found():
        one = cocreation.merge_seen(pk, member)
        if one.by_id != member.pk or one.state != "proposed":
            raise cocreation.NotFound(_("There is nothing here."))
        parts = [part.contribution_id for part in one.parts.order_by("contribution_id")]
        begun = cocreation.merge_beginning(one.head_id, parts, member)
    fields: dict[str, str] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        fields = typed(request, *FIELDS)
        try:
            cocreation.merge_reword(member, pk, whole_words(request, begun, fields))
        except EstimeError as error:
            errors = refused(error)
        else:
            messages.success(request, _("The new words stand; their authors are asked again."))
            return redirect("merge", pk)
    elif request.GET.get("anew") != "1":
        begun.title, begun.body = one.title, one.body
        fields = {"reason": one.reason}
    shown = {
        **words_context(begun, member, fields, errors),
        "one": one.head,
        "way": [*way_here(one.head.space, one.head.challenge), (idea_url(one.head), one.head.title)],
        "parts_of": parts,
        "heads": [],
        "action": reverse("merge-words", args=[pk]),
        "back": reverse("merge", args=[pk]),
        "anew": f"{reverse('merge-words', args=[pk])}?anew=1",
    }
    return render(
        request, "cocreation/together-words.html", shown, using="jinja2", status=422 if errors else 200
    )
