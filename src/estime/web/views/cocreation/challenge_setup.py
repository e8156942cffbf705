"""The guided set-up of a challenge: one step after the other, each saved as a draft; then it opens."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Member
from estime.cocreation.vocabulary import KINDS, PHASES, POWERS
from estime.cocreation.wording import KIND_NAMES, PHASE_NAMES, POWER_MEANS, POWER_NAMES
from estime.kernel import clock
from estime.kernel.errors import EstimeError
from estime.web import challenge_steps as steps
from estime.web import challenge_words as words
from estime.web.access import needs
from estime.web.taking_part import address, me, told
from estime.web.views.cocreation.challenge import shown_of
from estime.web.views.cocreation.space import space_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def challenge_new(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Begin one: its title is enough."""
    member = me(request)
    space = space_or_404(slug, member)
    if not (member.may("challenge.lead") or member.may("challenge.open_own")):
        raise PermissionDenied
    title, error = request.POST.get("title", ""), ""
    if request.method == "POST":
        try:
            made = cocreation.challenge_draft(member, space, cocreation.ChallengeWords(title, kinds=()))
        except EstimeError as refused:
            error = told(refused)
        else:
            return redirect("challenge-step", made.pk, "question")
    shown = {
        "space": space,
        "title": title,
        "error": error,
        "by_brand": member.may("challenge.lead"),
        "example": cocreation.brief_example("title"),
    }
    status = 422 if error else 200
    return render(request, "cocreation/challenge-new.html", shown, using="jinja2", status=status)


def draft_or_404(request: HttpRequest, pk: int) -> tuple[Challenge, Member]:
    """A draft that whoever asks leads. An open challenge has no set-up any more."""
    member = me(request)
    here = words.challenge_or_404(pk, member)
    if not cocreation.leads(member, here):
        raise Http404(_("There is no such challenge."))
    return here, member


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def challenge_step(request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
    """One step: its form, with examples; or the look at the whole."""
    here, member = draft_or_404(request, pk)
    if here.opened is not None:
        return redirect("challenge", pk)
    this = steps.step_called(step)
    if this is None:
        raise Http404(_("There is no such step."))
    if this.slug == "look":
        return _look(request, here, member, this)
    shown = steps.as_it_is(this, here, cocreation.deal_of(here) if this.slug == "deal" else None)
    if request.method == "POST" and this.slug != "vote":
        return _saved(request, here, member, this, shown)
    example = _example(request, here) if this.slug == "deal" else {}
    return _page(request, here, this, {**shown, **example}, steps.stamp(shown))


def _saved(
    request: HttpRequest, here: Challenge, member: Member, this: steps.Step, now: dict[str, Any]
) -> HttpResponseBase:
    form = steps.typed(this, request.POST)
    errors: dict[str, str] = {}
    if request.POST.get("stamp", steps.stamp(now)) != steps.stamp(now):
        errors[""] = _(
            "Somebody else changed this step meanwhile. Below stands what you wrote; save again to have yours."
        )
        return _page(request, here, this, form, steps.stamp(now), errors, now)
    try:
        errors = _do(here, member, this, form)
    except EstimeError as refused:
        errors = {str(refused.data.get("field", "")): told(refused)}
    if errors:
        return _page(request, here, this, form, steps.stamp(now), errors)
    messages.success(request, _("Saved."))
    stays = request.POST.get("do") == "stay"
    return redirect("challenge-step", here.pk, this.slug if stays else steps.step_after(this).slug)


def _do(here: Challenge, member: Member, this: steps.Step, form: dict[str, Any]) -> dict[str, str]:
    """Save a step; what is wrong with what was typed comes back beside its field."""
    if this.slug == "calendar":
        phases, errors = steps.phases_of(form)
        if not errors:
            cocreation.phases_set(member, here, phases)
        return errors
    if this.slug == "deal":
        cocreation.deal_write(member, here, cocreation.DealWords(**form))
        return {}
    try:
        fresh = steps.words_with(here, form)
    except (ValueError, OverflowError):
        return {"answer_by": _("Write a day, such as 2027-03-31.")}
    if "answer_by" in form and fresh.answer_by is not None and fresh.answer_by <= clock.now():
        return {"answer_by": _("This day is over: choose one still to come.")}
    cocreation.challenge_change(member, here, fresh)
    return {}


def _example(request: HttpRequest, here: Challenge) -> dict[str, str]:
    """The parts of the example that was asked for; nothing is saved by that."""
    wanted, language = request.GET.get("example", ""), here.space.language
    speaks = language if language in dict(settings.LANGUAGES) else get_language()
    with override(speaks):  # members agree to it: it is in the language of their space
        return next((one.parts for one in cocreation.deal_examples() if one.code == wanted), {})


def _page(
    request: HttpRequest,
    here: Challenge,
    this: steps.Step,
    form: dict[str, Any],
    stamp: str,
    errors: dict[str, str] | None = None,
    now: dict[str, Any] | None = None,
) -> HttpResponseBase:
    names = words.DEAL_NAMES if this.slug == "deal" else words.BRIEF_NAMES
    shown = {
        **_frame(here, this),
        "form": form,
        "stamp": stamp,
        "errors": errors or {},
        "now": now or {},
        "names": {name: str(label) for name, label in names.items()},
        "help": {name: str(text) for name, text in steps.HELP.items()},
        "example": cocreation.brief_example,
        "examples": cocreation.deal_examples() if this.slug == "deal" else [],
        "chosen": request.GET.get("example", ""),
        "powers": [(power, str(POWER_NAMES[power]), str(POWER_MEANS[power])) for power in POWERS],
        "kinds": [(kind, str(KIND_NAMES[kind]), "") for kind in KINDS],
        "phases": [(kind, str(PHASE_NAMES[kind])) for kind in PHASES],
        "polls": [(one, address("poll-set-up", one.pk)) for one in here.polls.order_by("pk")]
        if this.slug == "vote"
        else [],
        "poll_url": address("poll-new", here.pk),
        "binding": here.power in ("choose", "decide"),
    }
    status = 409 if now else 422 if errors else 200
    return render(request, "cocreation/challenge-step.html", shown, using="jinja2", status=status)


def _frame(here: Challenge, this: steps.Step) -> dict[str, Any]:
    return {
        "challenge": here,
        "space": here.space,
        "step": this,
        "steps": [
            (reverse("challenge-step", args=[here.pk, one.slug]), str(one.name), one == this)
            for one in steps.STEPS
        ],
    }


def _look(request: HttpRequest, here: Challenge, member: Member, this: steps.Step) -> HttpResponseBase:
    checked = cocreation.draft_checked(here)
    shown = {
        **shown_of(request, here, member),
        **_frame(here, this),
        "lacks": [
            (reverse("challenge-step", args=[here.pk, slug]), name, lack)
            for slug, name, lack in steps.lack_words(checked.lacks)
        ],
        "findings": [
            (reverse("challenge-step", args=[here.pk, one.step]), one.words) for one in checked.findings
        ],
    }
    return render(request, "cocreation/challenge-look.html", shown, using="jinja2")


@require_POST
@needs("space.take_part")
@never_cache
def challenge_open(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Open it; what is missing is said on the page that one comes back to."""
    here, member = draft_or_404(request, pk)
    try:
        cocreation.challenge_open(member, here)
    except EstimeError as refused:
        messages.error(request, told(refused))
        return redirect("challenge-step", pk, "look")
    messages.success(request, _("It is open. From now on what it says stays as it is."))
    return redirect("challenge", pk)


@require_POST
@needs("space.take_part")
@never_cache
def challenge_discard(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Throw a draft away. Twice is harmless."""
    here, member = draft_or_404(request, pk)
    try:
        cocreation.challenge_discard(member, here)
    except EstimeError as refused:
        messages.error(request, told(refused))
        return redirect("challenge", pk)
    messages.success(request, _("The draft is gone."))
    return redirect("space", here.space.slug)
