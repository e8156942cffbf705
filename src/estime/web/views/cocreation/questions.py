"""Questions to the brand: those of a space, and asking one."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Interpellation, Space
from estime.kernel import clock
from estime.kernel.configuration import configuration
from estime.kernel.errors import EstimeError
from estime.readouts.wording import count
from estime.web.access import needs, open_to_all
from estime.web.answer_words import considered_url
from estime.web.challenge_words import challenge_or_404
from estime.web.frame import viewer
from estime.web.loop_forms import once, refused, typed
from estime.web.member_words import name_of
from estime.web.taking_part import looking, me, way_here
from estime.web.views.cocreation.space import space_or_404

ORDERS: Final = {
    "joined": gettext_lazy("Asked by most"),
    "new": gettext_lazy("Newest"),
    "owed": gettext_lazy("Owed an answer"),
    "answered": gettext_lazy("Answered"),
}


@require_safe
@open_to_all
@never_cache
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions of a space."""
    member = looking(request)
    space = space_or_404(slug, member)
    order = request.GET.get("order", "joined")
    order = order if order in ORDERS else "joined"
    rows, after = cocreation.questions_listed(space, order, request.GET.get("after", "")[:40])
    here = reverse("questions", args=[space.slug])
    shown = {
        "space": space,
        "way": way_here(space, None),
        "questions": [question_card(row) for row in rows],
        "orders": [(f"{here}?order={key}", words, key == order) for key, words in ORDERS.items()],
        "ask": reverse("question-ask", args=[space.slug]) if may_ask(request) else "",
        "considered": considered_url(space),
        "next": f"{here}?order={order}&after={after}" if after else "",
        "first": f"{here}?order={order}" if request.GET.get("after") else "",
        "threshold": count(space.threshold),
        "days": configuration().cocreation.answer_within_days,
    }
    return render(request, "cocreation/questions.html", shown, using="jinja2")


def may_ask(request: HttpRequest) -> bool:
    """Members ask; a stranger is led to the sign-in by the same button."""
    user = viewer(request)
    return user is None or not user.is_staff


def question_card(row: Interpellation) -> dict[str, Any]:
    return {
        "title": row.title,
        "url": reverse("interpellation", args=[row.pk]),
        "by": name_of(row.author),
        "at": row.at,
        "state": cocreation.question_words(row, cocreation.Became(), clock.now()),
        "joined": people_words(row.joined),
        "late": row.answered is None and row.due is not None and row.due < clock.now(),
    }


def people_words(number: int) -> str:
    return ngettext("%(n)s person asks this", "%(n)s people ask this", number) % {"n": count(number)}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def question_ask(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Ask the brand something in a space."""
    space = space_or_404(slug, looking(request))
    return _ask(request, space, None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def challenge_ask(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask the brand something about a challenge."""
    challenge = challenge_or_404(pk, looking(request))
    return _ask(request, challenge.space, challenge)


def _ask(request: HttpRequest, space: Space, challenge: Challenge | None) -> HttpResponseBase:
    fields, errors = typed(request, "title", "body"), {}
    if request.method == "POST":
        words = cocreation.QuestionWords(fields["title"], fields["body"], once=once(request))
        try:
            asked = cocreation.question_ask(me(request), challenge or space, words)
        except EstimeError as error:
            errors = refused(error)
        else:
            messages.success(request, _("Your question stands. Others can ask it with you now."))
            return redirect("interpellation", asked.pk)
    shown = {
        "space": space,
        "about": challenge or space,
        "way": way_here(space, challenge),
        "typed": fields,
        "errors": errors,
        "once": once(request),
        "threshold": count(space.threshold),
        "days": configuration().cocreation.answer_within_days,
        "staff": not may_ask(request),
    }
    status = 422 if errors else 200
    return render(request, "cocreation/question-ask.html", shown, using="jinja2", status=status)
