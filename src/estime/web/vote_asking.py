"""Votes that are answered bit by bit, as their page asks: the next question, and one's own answers so far.

1. Which pair somebody is asked stands in their session: nobody chooses which pairs they answer. A pair that they
   answered was asked, so they may answer it again.
2. One's own answers are shown when one asks for them, to oneself alone, while the vote runs; none is in an address.
"""

from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from estime.cocreation import api as cocreation
from estime.cocreation.api import Member, OwnAnswer, Poll
from estime.web.vote_words import option_title

SHOWN: Final = 50
"""So many of one's own answers on a page."""
_PAIR: Final = "vote_pair"
_AGAIN: Final = "vote_again"


def asked(request: HttpRequest, poll: Poll, member: Member) -> dict[str, Any]:
    """The next question, or the one that this person wants to answer otherwise; one's own answers, if asked for."""
    if "answers" in request.GET:
        return {"kind": poll.method, **_own(poll, member, request.GET["answers"])}
    form = _pair(request, poll, member) if poll.method == "pairwise" else _statement(request, poll, member)
    return {"kind": poll.method, **form}


def _pair(request: HttpRequest, poll: Poll, member: Member) -> dict[str, Any]:
    from estime.cocreation.asking import pair_next  # numpy, which other pages start without

    again = _wanted_again(request, poll, member)
    if again is not None:
        request.session[_PAIR] = [poll.pk, *(option.number for option in again.options)]
        left, right = again.options
        return {"left": left, "right": right, "again": said(poll, again)}
    held = pair_held(request, poll)
    pair = pair_next(poll, member, (held[0], held[1]) if held else None)
    if pair is None:
        return {"done": True}
    request.session[_PAIR] = [poll.pk, pair.left.number, pair.right.number]
    words = ngettext("%(count)s pair compared so far", "%(count)s pairs compared so far", pair.answered)
    return {
        "left": pair.left,
        "right": pair.right,
        "answered": words % {"count": pair.answered},
        "some": pair.answered > 0,
    }


def _statement(request: HttpRequest, poll: Poll, member: Member) -> dict[str, Any]:
    from estime.cocreation.asking import statement_next  # as above

    again = _wanted_again(request, poll, member)
    if again is not None:
        return {"option": again.options[0], "again": said(poll, again)}
    wanted = request.GET.get("statement", "")
    one = statement_next(poll, member, int(wanted) if wanted.isdecimal() and len(wanted) < 9 else 0)
    if one is None:
        return {"done": True}
    words = _("%(answered)s of %(there)s answered") % {"answered": one.answered, "there": one.there}
    return {"option": one.option, "answered": words, "some": one.answered > 0}


def pair_held(request: HttpRequest, poll: Poll) -> list[int]:
    """The numbers of the two that this person was asked about."""
    kept = request.session.get(_PAIR)
    return kept[1:] if isinstance(kept, list) and kept[0] == poll.pk else []


def again_set(request: HttpRequest, poll: Poll, numbers: list[int]) -> None:
    """Ask about these again, as the page is looked at next; without numbers: no more."""
    if numbers:
        request.session[_AGAIN] = [poll.pk, *numbers]
    else:
        request.session.pop(_AGAIN, None)


def _wanted_again(request: HttpRequest, poll: Poll, member: Member) -> OwnAnswer | None:
    kept = request.session.get(_AGAIN)
    if not isinstance(kept, list) or kept[0] != poll.pk:
        return None
    own = (each for each in cocreation.answers_own(poll, member) if each.asked)
    return next((each for each in own if [option.number for option in each.options] == kept[1:]), None)


def _own(poll: Poll, member: Member, page: str) -> dict[str, Any]:
    """A page of one's own answers, in the order of the options."""
    answers = cocreation.answers_own(poll, member)
    pages = max(-(-len(answers) // SHOWN), 1)
    at = min(int(page), pages) if page.isdecimal() and 0 < len(page) < 9 and int(page) else 1
    rows = [
        {
            "numbers": [option.number for option in each.options],
            "about": about(each),
            "said": said(poll, each),
            "asked": each.asked,
        }
        for each in answers[(at - 1) * SHOWN : at * SHOWN]
    ]
    return {"own": rows, "at": at, "before": at - 1, "after": at + 1 if at < pages else 0}


def about(answer: OwnAnswer) -> str:
    """What an answer is about, in one line."""
    titles = [option_title(option) for option in answer.options]
    if len(titles) == 1:
        return titles[0]
    return _("“%(one)s” or “%(other)s”") % {"one": titles[0], "other": titles[1]}


def said(poll: Poll, answer: OwnAnswer) -> str:
    """What somebody answered, to themselves."""
    if poll.method == "groups":
        names = {1: _("Agree"), -1: _("Disagree"), 0: pgettext("on a statement", "Pass")}
        return names[answer.said]
    if answer.said == 0:
        return _("I cannot say")
    return option_title(answer.options[0 if answer.said < 0 else 1])
