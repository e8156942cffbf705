"""The five questions on pages: the card, the form, and what was typed into it."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from estime.cocreation import api as cocreation
from estime.cocreation.api import Member
from estime.kernel import clock
from estime.kernel.configuration import configuration
from estime.listening import api as listening
from estime.listening.survey_words import ASKED_OF, OCCASION_WORDS, REASON_WORDS
from estime.web.frame import may, viewer


def asking_card(request: HttpRequest, member: Member | None = None) -> dict[str, Any] | None:
    """The questions that whoever looks may answer now: None for nearly everybody. That they were shown is noted.

    `member`: who looks, where the page knows it already.
    """
    user = viewer(request)
    if user is None or not may(request, "survey.answer"):
        return None
    member = member or cocreation.member_known(user)
    if member is None:
        return None
    asked = listening.survey_open(user.pk, member.account, clock.now())
    if asked is None or not (request.method == "HEAD" or listening.survey_shown(asked)):
        return None
    return {
        "action": reverse("asking-answer", args=[asked.pk]),
        "later": reverse("asking-later", args=[asked.pk]),
        "never": reverse("asking-never"),
        "why": OCCASION_WORDS[asked.occasion],
        "form": asking_form({}, [], ""),
    }


def asking_form(values: dict[int, int], reasons: list[str], words: str) -> dict[str, Any]:
    """What the form shows: the questions with what was chosen, the reasons, the words."""
    return {
        "questions": [
            {
                "name": f"q{number}",
                "says": asked.says,
                "choices": [
                    (value, _end(asked, value), values.get(number) == value) for value in range(1, 6)
                ],
            }
            for number, asked in ASKED_OF.items()
        ],
        "reasons": [(name, told, name in reasons) for name, told in REASON_WORDS.items()],
        "words": words,
        "person_affect": configuration().privacy.person_affect,
    }


def _end(asked: Any, value: int) -> Any:
    return {1: asked.low, 5: asked.high}.get(value, "")


def asking_typed(request: HttpRequest) -> listening.Answers:
    """What a form says. A number that is none is told by the action, as 0."""
    values = {}
    for number in ASKED_OF:
        told = request.POST.get(f"q{number}", "")
        if told:
            values[number] = int(told) if told in {"1", "2", "3", "4", "5"} else 0
    reasons = [one for one in request.POST.getlist("reasons")[:20] if one]
    return listening.Answers(values, reasons, request.POST.get("words", "")[:50_000])
