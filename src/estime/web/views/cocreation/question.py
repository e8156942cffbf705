"""One question to the brand: its answers and promises, how many ask it, joining and leaving with one click."""

from collections.abc import Callable
from datetime import datetime
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
from estime.cocreation.api import Interpellation, Member
from estime.kernel import clock
from estime.kernel.errors import EstimeError
from estime.readouts.wording import count, days_late
from estime.web.access import needs, open_to_all
from estime.web.answer_words import considered_form, pledges_told, speaker
from estime.web.frame import may
from estime.web.hidden_words import hidden_told, hidden_url, report_url
from estime.web.loop_forms import refused, typed
from estime.web.member_words import Prose, name_of
from estime.web.moments import day
from estime.web.taking_part import found, looking, me, told, way_here
from estime.web.talk import talk_context
from estime.web.views.cocreation.questions import may_ask, people_words


@require_safe
@open_to_all
@never_cache
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """One question."""
    return question_page(request, pk)


def question_page(
    request: HttpRequest, pk: int, *, answer: str = "", errors: dict[str, str] | None = None
) -> HttpResponse:
    """The page; `answer`: what was written into the form and could not be kept yet."""
    member = looking(request)
    with found():
        asked = cocreation.question_whole(pk, member)
    one = asked.question
    mine = member is not None and one.author_id == member.pk
    lawful = mine or may(request, "moderation.act") or may(request, "decision.write")
    readable = asked.shown or (one.hidden and not one.erased and lawful)
    hiding = cocreation.hiding_of(one) if one.hidden else None
    prose = Prose([one.body, *(each.body for each in asked.answers)], one.space, member)
    pledges = pledges_told(request, asked.pledges)
    shown = {
        "one": one,
        "space": one.space,
        "way": way_here(one.space, one.challenge),
        "state": _state(one),
        "why_url": hidden_url(one, hiding, member, mine=mine),
        "report_url": "" if mine or not asked.shown else report_url(request, one),
        "words": prose.html(one.body) if readable else "",
        "title": one.title if readable else _("A question to the brand"),
        "by": name_of(one.author),
        "asked": asked,
        "people": people_words(one.joined),
        "progress": _progress(one),
        "answers": [
            {"body": prose.html(each.body), "who": speaker(each.name), "at": each.at, "number": each.number}
            for each in asked.answers
        ],
        "answer": {
            "pledges": pledges,
            "decisions": [],
            "outcomes": [],
            "considered": _considered(asked, member),
        },
        "doings": _doings(request, asked, member),
        "typed": answer,
        "errors": errors or {},
        "talk": talk_context(request, one, member),
    }
    return render(request, "cocreation/question.html", shown, using="jinja2", status=422 if errors else 200)


def _state(one: Interpellation) -> str:
    if one.erased:
        return _("Whoever asked this has left; their words went with them.")
    if one.withdrawn is not None:
        return _("Whoever asked this took it back.")
    if one.hidden:
        return hidden_told(cocreation.hiding_of(one))
    return ""


def _progress(one: Interpellation) -> dict[str, Any]:
    """How far it is from being owed an answer, in words and as a bar; what is owed, and how late it is."""
    if one.answered is not None:
        words = _("Answered on %(day)s.") % {"day": day(one.answered)}
        return {"words": words, "late": answered_late(one)}
    if one.due is None:
        left = one.threshold - one.joined
        words = ngettext(
            "%(n)s more, and an answer by name is owed.", "%(n)s more, and an answer by name is owed.", left
        )
        return {"words": words % {"n": count(left)}, "value": one.joined, "max": one.threshold, "late": ""}
    words = _("Enough people asked: an answer by name is owed by %(day)s.") % {"day": day(one.due)}
    return {"words": words, "late": _late_now(one.due, clock.now())}


def _late_now(due: datetime, now: datetime) -> str:
    if now < due:
        return ""
    gone = days_late(due, now)
    if not gone:
        return _("late since today")
    return ngettext("%(n)s day late", "%(n)s days late", gone) % {"n": count(gone)}


def answered_late(one: Interpellation) -> str:
    """By how much an answer that was owed came too late: it stays beside it. Empty where it came in time."""
    if one.answered is None or one.due is None or one.answered <= one.due:
        return ""
    gone = days_late(one.due, one.answered)
    if not gone:
        return _("late, the same day")
    return ngettext("%(n)s day late", "%(n)s days late", gone) % {"n": count(gone)}


def _considered(asked: cocreation.Asked, member: Member | None) -> dict[str, Any] | None:
    if member is None or not asked.joined or not asked.answers:
        return None
    return considered_form(reverse("question-considered", args=[asked.question.pk]), asked.says)


def _doings(request: HttpRequest, asked: cocreation.Asked, member: Member | None) -> dict[str, str]:
    """What whoever looks can do here, each with its address."""
    one = asked.question
    here: dict[str, str] = {}
    if one.erased or one.withdrawn is not None:
        return here
    if may(request, "decision.write"):
        here["answer"] = reverse("question-answer-public", args=[one.pk])
        here["promise"] = reverse("question-pledge", args=[one.pk])
    if one.hidden or not may_ask(request):  # hiding settles no debt: it can be answered, and no more
        return here
    mine = member is not None and one.author_id == member.pk
    if mine and one.reached is None and one.answered is None:
        here["withdraw"] = reverse("question-withdraw", args=[one.pk])
    elif asked.joined:
        here["leave"] = reverse("question-leave", args=[one.pk])
    else:
        here["join"] = reverse("question-join", args=[one.pk])
    return here


@require_POST
@needs("space.take_part")
def question_join(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask it too."""
    done = _("You ask it too. You are told what becomes of it.")
    return _do(request, pk, lambda by: cocreation.question_join(by, pk), done)


@require_POST
@needs("space.take_part")
def question_leave(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask it no more."""
    return _do(request, pk, lambda by: cocreation.question_leave(by, pk), _("You ask it no more."))


@require_POST
@needs("space.take_part")
def question_withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take one's own question back."""
    return _do(request, pk, lambda by: cocreation.question_withdraw(by, pk), _("It is taken back."))


@require_POST
@needs("space.take_part")
def question_considered(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say whether the answer takes it into account."""
    says = request.POST.get("says", "")
    return _do(
        request, pk, lambda by: cocreation.considered_answer(by, pk, says), _("Thank you. It is counted.")
    )


@require_POST
@needs("decision.write")
def question_answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer it, in one's own name."""
    words = typed(request, "body")["body"]
    with found():
        _seen(request, pk)
        try:
            cocreation.question_answer(me(request), pk, words)
        except cocreation.NotFound:
            raise
        except EstimeError as error:
            return question_page(request, pk, answer=words, errors=refused(error))
    messages.success(request, _("Your answer stands, in your name. Everybody who asks is told."))
    return redirect("interpellation", pk)


def _do(request: HttpRequest, pk: int, deed: Callable[[Member], object], done: str) -> HttpResponseBase:
    """Do it, and go back to the question: a second click says the same as the first."""
    with found():
        _seen(request, pk)
        try:
            deed(me(request))
            messages.success(request, done)
        except cocreation.NotFound:
            raise
        except EstimeError as error:
            messages.error(request, told(error))
    return redirect("interpellation", pk)


def _seen(request: HttpRequest, pk: int) -> None:
    """404 for what whoever asks may not read."""
    one = Interpellation.objects.select_related("space").filter(pk=pk).first()
    if one is None or not cocreation.may_read(one.space, looking(request)):
        raise Http404(_("There is no such question."))
