"""Answering what members gave, one after the other; and the public list of what was answered in a challenge."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Contribution, Decision
from estime.kernel.errors import EstimeError
from estime.readouts.wording import count
from estime.web.access import needs, open_to_all
from estime.web.answer_words import decision_told, pledges_told
from estime.web.challenge_words import challenge_or_404
from estime.web.frame import may
from estime.web.loop_forms import day_typed, end_of, number, refused, typed
from estime.web.member_words import Prose, name_of
from estime.web.taking_part import found, looking, me, title_of, told, way_here
from estime.web.views.cocreation.challenge import frame_of

FIELDS: Final = ("outcome", "reason", "lives_on", "again", "promise", "due", "seen")
"""The form of a decision; `promise` and `due`: what is promised with it, if anything."""
DOUBTS: Final = {
    "thanks": gettext_lazy("This thanks, and gives no reason. What of this idea decided?"),
    "short": gettext_lazy("This is short for a reason. Would you understand it, if the idea were yours?"),
    "nothing": gettext_lazy(
        "Nothing at all lives on? Whom it was passed on to counts, and a thought that stays with you."
    ),
}


@require_safe
@needs("decision.write")
@never_cache
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """What waits for an answer in a challenge: one to answer now, and those after it."""
    challenge = challenge_or_404(pk, looking(request))
    work = cocreation.work_list(challenge, number(request.GET.get("after", "")))
    here = reverse("answers", args=[challenge.pk])
    shown: dict[str, Any] = {
        "challenge": challenge,
        "space": challenge.space,
        "way": way_here(challenge.space, challenge),
        **_progress(work),
        "passed": bool(request.GET.get("after")) and work.left > 0,
        "beginning": here,
        "next": [{"title": one.title, "pk": one.pk} for one in work.next],
        "outcome_url": reverse("outcome-new", args=[challenge.pk]) if may(request, "challenge.lead") else "",
    }
    if work.now is not None:
        prose = Prose([work.now.body], work.now.space, me(request))
        shown |= {
            "one": work.now,
            "by": ", ".join(name_of(author.member) for author in work.authors) or name_of(work.now.author),
            "words": prose.html(work.now.body),
            "together": [
                {"title": title_of(part), "url": reverse("idea", args=[part.pk])} for part in work.parts
            ],
            "later": f"{here}?after={work.now.pk}",
            "form": form_of(work.now, {}, {}, []),
        }
    return render(request, "cocreation/answers.html", shown, using="jinja2")


def _progress(work: cocreation.Work) -> dict[str, Any]:
    """How far the list is."""
    return {"left": _left(work.left), "done": work.all - work.left, "all": work.all}


def _left(left: int) -> str:
    if not left:
        return _("Everything has its answer.")
    return ngettext("%(n)s has no answer yet.", "%(n)s have no answer yet.", left) % {"n": count(left)}


def form_of(
    one: Contribution, fields: dict[str, str], errors: dict[str, str], doubts: list[str]
) -> dict[str, Any]:
    """The form by which a contribution is answered; `doubts`: what it asks about before it is sent all the same."""
    last = one.decisions.order_by("-number").first()
    outcomes = ("together",) if one.together_id else ("taken", "later", "not_taken")
    return {
        "action": reverse("decide", args=[one.pk]),
        "outcomes": [(key, *OUTCOMES_TOLD[key]) for key in outcomes],
        "typed": {**dict.fromkeys(FIELDS, ""), "seen": str(last.number if last else 0), **fields},
        "errors": errors,
        "doubts": [str(DOUBTS[doubt]) for doubt in doubts],
        "before": last,
    }


OUTCOMES_TOLD: Final = {
    "taken": (gettext_lazy("Taken up"), gettext_lazy("We do it, or something of it.")),
    "later": (
        gettext_lazy("Look again later"),
        gettext_lazy("Not now; you name the day, and it comes back to you."),
    ),
    "not_taken": (
        gettext_lazy("Not taken up"),
        gettext_lazy("We do not do it; the reason is what counts here."),
    ),
    "together": (
        gettext_lazy("Brought together"),
        gettext_lazy("It lives on in the one that it became part of."),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("decision.write")
@never_cache
def decide(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer one contribution, with a promise or without; then on to the next one."""
    member = me(request)
    with found():
        one = cocreation.contribution_seen(pk, member)
    fields = typed(request, *FIELDS)
    errors: dict[str, str] = {}
    doubts: list[str] = []
    if request.method == "POST":
        errors = _wrong(fields)
        doubts = [] if errors or request.POST.get("sure") == "1" else _doubts(fields)
        if not errors and not doubts:
            try:
                _decided(request, one, fields)
            except EstimeError as error:
                errors = refused(error)
            else:
                messages.success(request, _("Answered, in your name. Everybody it concerns is told."))
                return redirect(_onward(request, one))
    prose = Prose([one.body], one.space, member)
    shown = {
        "one": one,
        "space": one.space,
        "way": way_here(one.space, one.challenge),
        "words": prose.html(one.body) if not one.hidden and one.withdrawn is None else "",
        "by": name_of(one.author),
        "form": form_of(one, fields if request.method == "POST" else {}, errors, doubts),
        **_listed(request, one),
    }
    status = 422 if errors or doubts else 200
    return render(request, "cocreation/decide.html", shown, using="jinja2", status=status)


def _listed(request: HttpRequest, one: Contribution) -> dict[str, Any]:
    """What goes along from the list that leads through all of them, so that a form sent back has not left it."""
    if request.POST.get("list") != "1" or one.challenge is None:
        return {"listed": False}
    return {"listed": True, "later": _onward(request, one), **_progress(cocreation.work_list(one.challenge))}


def _doubts(fields: dict[str, str]) -> list[str]:
    return [*cocreation.reason_doubts(fields["reason"]), *cocreation.lives_on_doubts(fields["lives_on"])]


def _wrong(fields: dict[str, str]) -> dict[str, str]:
    """All that is missing of the form, before anything is written."""
    words = cocreation.DecisionWords(
        fields["outcome"], fields["reason"], fields["lives_on"], day_typed(fields["again"])
    )
    errors: dict[str, str] = {}
    for error in cocreation.decision_wrong(words):
        errors |= refused(error)
    if fields["outcome"] == "later" and day_typed(fields["again"]) is None:
        errors["again"] = _("Give the day, as in 2027-03-31.")
    if fields["promise"].strip() and day_typed(fields["due"]) is None:
        errors["due"] = _("A promise needs a day. Give it, as in 2027-03-31.")
    if fields["due"].strip() and not fields["promise"].strip():
        errors["promise"] = _("What is promised for that day?")
    return errors


def _decided(request: HttpRequest, one: Contribution, fields: dict[str, str]) -> None:
    """The decision and the promise are one deed: neither stands without the other."""
    by, due = me(request), day_typed(fields["due"])
    seen = number(fields["seen"]) if fields["seen"] else None
    words = cocreation.DecisionWords(
        fields["outcome"], fields["reason"], fields["lives_on"], day_typed(fields["again"]), seen
    )
    promise = (
        cocreation.PledgeWords(fields["promise"], end_of(due)) if due and fields["promise"].strip() else None
    )
    cocreation.decision_write(by, one.pk, words, promise=promise)


def _onward(request: HttpRequest, one: Contribution) -> str:
    if request.POST.get("list") == "1" and one.challenge_id is not None:
        return reverse("answers", args=[one.challenge_id]) + f"?after={one.pk}"
    return reverse("idea", args=[one.pk])


@require_POST
@needs("space.take_part")
def decision_considered(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say whether a decision takes what one said into account, as one of its authors."""
    decision = get_object_or_404(Decision.objects.select_related("contribution__space"), pk=pk)
    by = me(request)
    if not cocreation.may_read(decision.contribution.space, by):
        raise Http404(_("There is nothing here."))
    try:
        cocreation.considered_decision(by, decision.pk, request.POST.get("says", ""))
        messages.success(request, _("Thank you. It is counted."))
    except EstimeError as error:
        messages.error(request, told(error))
    return redirect("idea", decision.contribution_id)


@require_safe
@needs("decision.write")
def decision(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Where a decision to look again is settled: by answering its contribution again."""
    return redirect("decide", get_object_or_404(Decision, pk=pk).contribution_id)


@require_safe
@open_to_all
@never_cache
def challenge_decisions(request: HttpRequest, pk: int) -> HttpResponse:
    """What was answered in a challenge, newest first, with reasons and names."""
    member = looking(request)
    here = challenge_or_404(pk, member)
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in OUTCOMES_TOLD else ""
    rows, before = cocreation.decisions_listed(here, outcome, number(request.GET.get("before", "")))
    address = reverse("challenge-decisions", args=[here.pk])
    prose = Prose([row.reason for row in rows], here.space, member)
    kinds = [("", _("All")), *((key, OUTCOMES_TOLD[key][0]) for key in OUTCOMES_TOLD)]
    shown = {
        **frame_of(here, "challenge-decisions"),
        "decisions": [
            {
                **decision_told(row, prose),
                "of": row.contribution.title,
                "url": reverse("idea", args=[row.contribution_id]),
            }
            for row in rows
        ],
        "promises": _promises(request, here),
        "kinds": [
            (f"{address}?outcome={key}" if key else address, words, key == outcome) for key, words in kinds
        ],
        "next": f"{address}?outcome={outcome}&before={before}" if before else "",
    }
    return render(request, "cocreation/challenge-decisions.html", shown, using="jinja2")


def _promises(request: HttpRequest, here: Challenge) -> list[dict[str, Any]]:
    return pledges_told(request, cocreation.pledges_of(challenge=[here.pk]))
