"""What somebody answered when asked how they are treated: theirs to see, change and delete; and never to be asked."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estime.cocreation import api as cocreation
from estime.kernel import clock
from estime.kernel.configuration import configuration
from estime.kernel.errors import EstimeError
from estime.listening import api as listening
from estime.listening.survey_errors import NotAsked
from estime.listening.survey_words import ASKED_OF, OCCASION_WORDS, REASON_WORDS
from estime.web.access import needs, signed_in
from estime.web.asking_card import asking_card, asking_form, asking_typed
from estime.web.frame import may
from estime.web.taking_part import told


def _account(request: HttpRequest) -> int | None:
    """The account of whoever looks; None: they have done nothing yet, so nobody has asked them anything."""
    member = cocreation.member_known(signed_in(request))
    return None if member is None else member.account


def _account_or_404(request: HttpRequest) -> int:
    account = _account(request)
    if account is None:
        raise Http404(_("These questions are not open any more."))
    return account


@require_safe
@needs("me.own")
@never_cache
def asking(request: HttpRequest) -> HttpResponse:
    """All that one answered, the questions that are open, and whether one wants to be asked."""
    user = signed_in(request)
    shown = {
        "card": asking_card(request),
        "answered": [_told(one) for one in listening.surveys_own(_account(request))],
        "never": listening.survey_is_never(user.pk),
        "asks": configuration().listening.ask,
        "smallest": configuration().privacy.smallest_group,
    }
    return render(request, "pages/asking.html", shown, using="jinja2")


def _told(one: listening.OwnAnswers) -> dict[str, Any]:
    return {
        "pk": one.asked.pk,
        "at": one.asked.answered,
        "why": OCCASION_WORDS[one.asked.occasion],
        "values": [(ASKED_OF[number].says, value) for number, value in sorted(one.values.items())],
        "reasons": [REASON_WORDS[name] for name in one.reasons],
        "words": one.asked.words,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@needs("me.own")
@never_cache
def asking_answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer, or change what one answered."""
    account = _account_or_404(request)
    own = listening.survey_own(account, pk)
    if own is None:
        raise Http404(_("These questions are not open any more."))
    given, error = listening.Answers(own.values, own.reasons, own.asked.words), ""
    if request.method == "POST":
        given = asking_typed(request)
    if not _waits(request, own):
        return _over(request, given)
    if request.method == "POST":
        try:
            listening.survey_answer(account, pk, given)
        except NotAsked:  # put aside in another window, this very moment
            return _over(request, given)
        except EstimeError as wrong:
            error = told(wrong)
        else:
            messages.success(request, _("Thank you. You can change or delete what you answered here."))
            return redirect("asking")
    shown = {
        "pk": pk,
        "why": OCCASION_WORDS[own.asked.occasion],
        "form": asking_form(dict(given.values), list(given.reasons), given.words),
        "error": error,
        "smallest": configuration().privacy.smallest_group,
    }
    return render(request, "pages/asking-answer.html", shown, using="jinja2", status=422 if error else 200)


def _waits(request: HttpRequest, own: listening.OwnAnswers) -> bool:
    """Whether it can be answered or changed; the brand's own people answer nothing new."""
    asked = own.asked
    return listening.survey_waits(asked, clock.now()) and (
        asked.answered is not None or may(request, "survey.answer")
    )


def _over(request: HttpRequest, given: listening.Answers) -> HttpResponse:
    """Questions that are not open any more, with the words that somebody wrote meanwhile: they can be copied."""
    shown = {"words": given.words}
    return render(request, "pages/asking-over.html", shown, using="jinja2", status=410)


@require_POST
@needs("me.own")
def asking_later(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Not now: these questions go, and none come for 90 days."""
    try:
        kept = listening.survey_dismiss(_account_or_404(request), pk)
    except NotAsked as error:
        raise Http404(error.message) from error
    if kept.answered is None:
        messages.success(request, _("Not now, then. Nothing is asked for 90 days."))
    else:
        messages.info(request, _("You answered these questions in another window: My answers has them."))
    return redirect("mine")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("me.own")
@never_cache
def asking_delete(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Delete all that one answered to one asking."""
    account = _account_or_404(request)
    own = listening.survey_own(account, pk)
    if own is None:
        raise Http404(_("These questions are not open any more."))
    if request.method == "POST":
        listening.survey_take_back(account, pk)
        messages.success(request, _("Deleted."))
        return redirect("asking")
    if own.asked.answered is None:
        return redirect("asking")
    return render(request, "pages/asking-delete.html", {"one": _told(own)}, using="jinja2")


@require_POST
@needs("me.own")
def asking_never(request: HttpRequest) -> HttpResponseBase:
    """Never ask me; or ask me again (`never=off`)."""
    never = request.POST.get("never", "on") != "off"
    listening.survey_never(signed_in(request).pk, _account(request), never)
    messages.success(request, _("You are never asked again.") if never else _("You may be asked again."))
    return redirect("asking")
