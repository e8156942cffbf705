"""What people answered, for staff: quarters that are over, sums of ten people and more, nobody by themselves."""

from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from estime.cocreation import api as cocreation
from estime.kernel import clock
from estime.kernel.configuration import configuration
from estime.listening import api as listening
from estime.listening.survey_words import ASKED_OF, CONSIDERED, REASON_WORDS
from estime.readouts.wording import count, day, number, percent_interval, whole_percent
from estime.web.access import needs, signed_in

DASH: Final = "–"


@require_safe
@needs("survey.see")
@never_cache
def answers_told(request: HttpRequest) -> HttpResponse:
    """Every quarter that is told: considered beside answered, the questions, the reasons, own words."""
    found = listening.surveys_told()
    titles = (
        {space.pk: space.title for space in cocreation.spaces_listed(signed_in(request))} if found else {}
    )
    running = listening.quarter_bounds(listening.quarter_of(clock.now()))[1]
    quarters = [_quarter(one, titles) for one in found]
    shown = {
        "quarters": quarters,
        "sentence": next((told for one in quarters if (told := _sentence(one["considered"]))), ""),
        "until": day(running.date()),
        "asks": configuration().listening.ask,
        "smallest": configuration().privacy.smallest_group,
    }
    return render(request, "pages/answers-told.html", shown, using="jinja2")


def quarter_title(quarter: date) -> str:
    """A quarter as people call it."""
    place = (quarter.month + 2) // 3
    return _("Quarter %(number)s of %(year)s") % {"number": place, "year": quarter.year}


def _quarter(told: listening.QuarterTold, titles: dict[int, str]) -> dict[str, Any]:
    figures = told.whole.figures
    return {
        "title": quarter_title(told.quarter),
        "people": _people(told.whole.people) if told.whole.people else "",
        "considered": _considered(figures),
        "questions": [_question(name, figures) for name in ASKED_OF] if told.whole.people else [],
        "reasons": _reasons(figures),
        "spaces": [
            _space(titles.get(pk) or _("A space that is no more"), row.people, row.figures)
            for pk, row in sorted(told.spaces.items())
        ]
        if len(told.spaces) > 1
        else [],
        "words": told.words,
    }


def _people(people: int) -> str:
    return ngettext("%(n)s person answered", "%(n)s people answered", people) % {"n": count(people)}


def _counts(question: int, figures: dict[str, Any]) -> list[int] | None:
    found = figures.get("questions", {}).get(str(question))
    return list(found) if found else None


def _mean(counts: list[int] | None) -> tuple[str, str]:
    """A mean and its interval in words; a dash where too few answered."""
    if counts is None:
        return DASH, ""
    told = listening.mean_estimate(counts)
    return number(told.value, 1), _("%(low)s to %(high)s") % {
        "low": number(told.low, 1),
        "high": number(told.high, 1),
    }


def _agrees(counts: list[int] | None) -> tuple[str, str]:
    """The share of those who chose 4 or 5, with its interval."""
    if counts is None:
        return DASH, ""
    people = sum(counts)
    told = listening.share_estimate(counts[3] + counts[4], people)
    return whole_percent(told.value), percent_interval(told.low, told.high)


def _question(name: int, figures: dict[str, Any]) -> dict[str, Any]:
    counts = _counts(name, figures)
    return {
        "says": ASKED_OF[name].says,
        "mean": _mean(counts),
        "people": count(sum(counts)) if counts else "",
        "counts": [count(one) for one in counts] if counts else [],
    }


def _considered(figures: dict[str, Any]) -> dict[str, Any] | None:
    """*Felt considered* beside *actually answered*."""
    if not figures:
        return None
    given, answered = figures.get("given", 0), figures.get("answered", 0)
    share = listening.share_estimate(answered, given).value if given else None
    return {
        "felt": _agrees(_counts(CONSIDERED, figures)),
        "answered": whole_percent(share) if share is not None else DASH,
        "of": _("%(answered)s of %(given)s") % {"answered": count(answered), "given": count(given)},
    }


def _sentence(considered: dict[str, Any] | None) -> str:
    """What the page opens with; nothing where one of the two is not known."""
    if considered is None or DASH in (considered["felt"][0], considered["answered"]):
        return ""
    return _("%(felt)s felt considered; %(answered)s of what members gave was answered.") % {
        "felt": considered["felt"][0],
        "answered": considered["answered"],
    }


def _reasons(figures: dict[str, Any]) -> list[dict[str, Any]]:
    told = figures.get("reasons")
    if not told:
        return []
    rows = []
    for name, words in REASON_WORDS.items():
        ticked = told["ticked"].get(name, 0)
        share = listening.share_estimate(ticked, told["people"])
        rows.append((ticked, {
            "words": words,
            "people": count(ticked),
            "share": whole_percent(share.value),
            "interval": percent_interval(share.low, share.high),
        }))  # fmt: skip
    return [row for _ticked, row in sorted(rows, key=lambda one: -one[0])]


def _space(title: str, people: int, figures: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": title,
        "people": count(people),
        "means": [(ASKED_OF[name].title, *_mean(_counts(name, figures))) for name in ASKED_OF],
        "considered": _considered(figures),
    }
