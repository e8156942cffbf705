"""Object to how a vote went, and answer that."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from estime.cocreation import api as cocreation
from estime.kernel.errors import EstimeError
from estime.web.access import needs
from estime.web.member_words import name_of
from estime.web.taking_part import me, told
from estime.web.views.cocreation.vote import frame_of_vote, poll_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def vote_object(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say what was wrong with a vote in which one voted."""
    member = me(request)
    poll = poll_or_404(pk, member)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            cocreation.poll_object(member, poll, request.POST.get("words", ""))
        except EstimeError as refused:
            errors = {"words" if refused.data.get("field") == "words" else "": told(refused)}
        else:
            messages.success(
                request, _("Your objection stands on this page until it is answered, and after.")
            )
            return redirect("vote-result", poll.pk)
    shown = {
        **frame_of_vote(poll),
        "poll": poll,
        "possible": cocreation.poll_standing(poll, member).objecting,
        "until": poll.objections_until,
        "typed": request.POST.get("words", ""),
        "errors": errors,
    }
    status = 422 if errors else 200
    return render(request, "cocreation/vote-object.html", shown, using="jinja2", status=status)


@require_safe
@needs("desk.see")
def objection(request: HttpRequest, number: int) -> HttpResponseBase:
    """From the desk to the page where it is answered."""
    found = cocreation.objection_found(number)
    if found is None:
        raise Http404(_("There is no such objection."))
    return redirect("objection-answer", found.poll_id, number)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def objection_answer(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """Answer by name; if needed, count again."""
    member = me(request)
    poll = poll_or_404(pk, member)
    objection = next((one for one in cocreation.objections_of(poll) if one.pk == number), None)
    if objection is None:
        raise Http404(_("There is no such objection."))
    if not (cocreation.leads(member, poll.challenge) or member.may("decision.write")):
        raise PermissionDenied
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            cocreation.objection_answer(member, objection, request.POST.get("answer", ""))
            if request.POST.get("again"):
                cocreation.poll_count(poll, again=True)
        except EstimeError as refused:
            errors = {"answer" if refused.data.get("field") == "answer" else "": told(refused)}
        else:
            messages.success(request, _("Your answer stands beside the objection, with your name."))
            return redirect("vote-result", poll.pk)
    shown = {
        **frame_of_vote(poll),
        "poll": poll,
        "objection": objection,
        "who": name_of(objection.member),
        "typed": request.POST.get("answer", ""),
        "errors": errors,
    }
    status = 422 if errors else 200
    return render(request, "cocreation/objection-answer.html", shown, using="jinja2", status=status)
