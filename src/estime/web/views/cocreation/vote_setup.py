"""Prepare a vote: choose its method, write its rules, say what is up for it. Rules are locked with the challenge."""

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from estime.cocreation import api as cocreation
from estime.cocreation.api import METHOD_NAMES, WHO_NAMES, Challenge, Member, Poll, PollRules
from estime.kernel.errors import EstimeError
from estime.web import challenge_words, vote_pictures
from estime.web import vote_words as words
from estime.web.access import needs
from estime.web.challenge_steps import day_end, day_start, local_day
from estime.web.challenge_words import LAST_MOMENT
from estime.web.taking_part import me, told
from estime.web.views.cocreation.challenge import frame_of
from estime.web.views.cocreation.vote import frame_of_vote, poll_or_404

_NUMBERS: Final = ("objection_days", "young_days", "alike_minutes", "most", "seats", "top")
_TEXTS: Final = ("budget", "unit", "options", "publish")
_YES: Final = ("within", "propose")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def poll_new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """First the method, then its rules."""
    member = me(request)
    here = challenge_words.challenge_or_404(pk, member)
    _check_leads(member, here)
    method = request.GET.get("method", "")
    if method not in METHOD_NAMES:
        methods = [
            (name, str(title), words.MEANS[name], vote_pictures.how(name))
            for name, title in METHOD_NAMES.items()
        ]
        shown = {**frame_of(here, "challenge-votes"), "methods": methods}
        return render(request, "cocreation/vote-new.html", shown, using="jinja2")
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            poll = cocreation.poll_draft(member, here, _rules(request.POST, method))
            return redirect("poll-set-up", poll.pk)
        except EstimeError as refused:
            errors = _errors(refused)
        except ValueError:
            errors = {"": _("One of the days cannot be read. Write it as in 2027-03-31.")}
    shown = {**_form(here, method, request.POST if request.method == "POST" else None), "errors": errors}
    status = 422 if errors else 200
    return render(request, "cocreation/vote-rules.html", shown, using="jinja2", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def poll_set_up(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Its rules until they are locked, its options until it begins."""
    member = me(request)
    poll = poll_or_404(pk, member)
    _check_leads(member, poll.challenge)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            cocreation.poll_change(member, poll, _rules(request.POST, poll.method))
            messages.success(request, _("The rules are saved."))
            return redirect("poll-set-up", poll.pk)
        except EstimeError as refused:
            errors = _errors(refused)
        except ValueError:
            errors = {"": _("One of the days cannot be read. Write it as in 2027-03-31.")}
    return _set_up_page(request, poll, request.POST if errors else None, errors)


@require_POST
@needs("space.take_part")
def poll_options(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Add or take away what is up for the vote."""
    member = me(request)
    poll = poll_or_404(pk, member)
    _check_leads(member, poll.challenge)
    form = request.POST
    there = {option.pk for option in cocreation.options_of(poll)}
    made = None
    try:
        if form.get("remove", "").isdecimal():
            option = next(
                (one for one in cocreation.options_of(poll) if str(one.number) == form["remove"]), None
            )
            if option is not None:
                cocreation.option_remove(member, option)
        elif form.get("idea", "").isdecimal():
            idea = next((one for one in cocreation.ideas_for(poll) if str(one.pk) == form["idea"]), None)
            if idea is None:
                raise Http404
            made = cocreation.option_add(
                member, poll, idea.title, cost=form.get("cost") or None, contribution=idea
            )
        else:
            made = cocreation.option_add(member, poll, form.get("title", ""), cost=form.get("cost") or None)
    except EstimeError as refused:
        field = str(refused.data.get("field", ""))
        return _set_up_page(request, poll, None, {f"option-{field}" if field else "": told(refused)})
    if made is not None and made.pk in there:
        messages.info(request, _("“%(title)s” is on the list already.") % {"title": made.title})
    return redirect(reverse("poll-set-up", args=[poll.pk]) + "#options")


@require_POST
@needs("space.take_part")
def poll_lock(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Lock the rules of a vote that was added to an open challenge."""
    return _done(
        request, pk, lambda member, poll: cocreation.poll_lock(member, poll), _("The rules are locked.")
    )


@require_POST
@needs("space.take_part")
def poll_discard(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Throw away a vote that was only prepared."""
    member = me(request)
    poll = poll_or_404(pk, member)
    _check_leads(member, poll.challenge)
    try:
        cocreation.poll_discard(member, poll)
    except EstimeError as refused:
        return _set_up_page(request, poll, None, {"": told(refused)})
    messages.success(request, _("The vote is thrown away."))
    return redirect("challenge-votes", poll.challenge_id)


def _done(request: HttpRequest, pk: int, deed: Any, sentence: str) -> HttpResponseBase:
    member = me(request)
    poll = poll_or_404(pk, member)
    _check_leads(member, poll.challenge)
    try:
        deed(member, poll)
    except EstimeError as refused:
        return _set_up_page(request, poll, None, {"": told(refused)})
    messages.success(request, sentence)
    return redirect("poll-set-up", poll.pk)


def _check_leads(member: Member, here: Challenge) -> None:
    if not cocreation.leads(member, here):
        raise PermissionDenied


def _set_up_page(
    request: HttpRequest, poll: Poll, sent: QueryDict | None, errors: dict[str, str]
) -> HttpResponseBase:
    form = request.POST
    again = form if {"option-title", "option-cost"} & {*errors} else {}
    shown = {
        **_form(poll.challenge, poll.method, sent, poll),
        "way": frame_of_vote(poll)["way"],
        "poll": poll,
        "options": [
            {"number": option.number, "title": words.option_title(option), "cost": words.cost(option, poll)}
            for option in cocreation.options_of(poll)
        ],
        "ideas": [(one.pk, one.title) for one in cocreation.ideas_for(poll)] if poll.opened is None else [],
        "typed": {"title": again.get("title", ""), "cost": again.get("cost", "")},
        "coming": words.up_for_it(poll),
        "rows": words.rules(poll),
        "late": poll.challenge.opened is not None and poll.locked is None,
        "errors": errors,
    }  # fmt: skip
    status = 422 if errors else 200
    return render(request, "cocreation/vote-set-up.html", shown, using="jinja2", status=status)


def _form(here: Challenge, method: str, sent: QueryDict | None, poll: Poll | None = None) -> dict[str, Any]:
    """The fields of the rules, with what they hold."""
    phase = here.phases.filter(kind="vote").first()
    return {
        **frame_of(here, "challenge-votes"),
        "method": method,
        "method_name": str(METHOD_NAMES[method]),
        "means": " ".join(str(sentence) for sentence in words.MEANS[method])
        if poll is None
        else words.means(poll),
        "picture": vote_pictures.how(method),
        "fields": _RULES_OF[method],
        "may_bind": here.opened is None and here.power in ("choose", "decide") and method != "groups",
        "least": cocreation.LEAST_TOLD,
        "phase": phase,
        "who_names": [(key, str(name)) for key, name in WHO_NAMES.items()],
        "ties": [
            (key, str(name)) for key, name in words.TIES.items() if method != "budget" or key != "shared"
        ],
        "told": _sent(sent) if sent is not None else _kept(here, method, poll),
    }


_RULES_OF: Final[dict[str, tuple[str, ...]]] = {
    "approval": ("options", "most", "seats"),
    "score": ("options", "top", "seats"),
    "ranked": ("options",),
    "pairwise": ("options", "propose"),
    "groups": ("propose",),
    "budget": ("budget", "unit", "within"),
}


def _kept(here: Challenge, method: str, poll: Poll | None) -> dict[str, Any]:
    if poll is None:
        binding = here.opened is None and here.power in ("choose", "decide") and method != "groups"
        usual = {"budget": "", "unit": "EUR"} if method == "budget" else {}
        return {
            "title": "", "who": "members", "ties": "older" if method == "budget" else "shared",
            "threshold": cocreation.LEAST_TOLD if binding else 0,
            "binding": binding, "secret": True, "objection_days": 7, "young_days": 7, "alike_minutes": 10,
            "most": "", "seats": 1, "top": 5, "options": "chosen", "publish": "counts", "propose": True,
            "within": False, "opens": "", "closes": "", **usual,
        }  # fmt: skip
    return {
        **{key: "" if value is None else value for key, value in poll.parameters.items()},
        "title": poll.title, "who": poll.who, "ties": poll.ties, "threshold": poll.threshold,
        "binding": poll.binding, "secret": poll.secret, "opens": local_day(poll.opens),
        "closes": local_day(poll.closes - LAST_MOMENT),
    }  # fmt: skip


def _sent(form: QueryDict) -> dict[str, Any]:
    yes = {name: form.get(name) == "1" for name in (*_YES, "binding")}
    return {**form.dict(), **yes, "secret": form.get("open") != "1"}


def _rules(form: QueryDict, method: str) -> PollRules:
    """What a form says. Raises ValueError where a day cannot be read."""
    parameters: dict[str, Any] = {}
    wanted = {*_RULES_OF[method], "objection_days", "young_days", "alike_minutes", "publish"}
    for name in wanted:
        value = form.get(name, "").strip()
        if name in _YES:
            parameters[name] = value == "1"
        elif name in _NUMBERS and value:
            parameters[name] = value  # what is no number is refused by its name
        elif name in _TEXTS and value:
            parameters[name] = value
    opens, closes = form.get("opens", ""), form.get("closes", "")
    return PollRules(
        title=form.get("title", ""),
        method=method,
        parameters=parameters,
        ties=form.get("ties", ""),
        threshold=_whole(form.get("threshold", "")),
        who=form.get("who", "members"),
        binding=form.get("binding") == "1",
        secret=form.get("open") != "1",
        opens=day_start(opens) if opens else None,
        closes=day_end(closes) if closes else None,
    )


def _whole(told: str) -> int | None:
    """A whole number, None for an empty field; what is none becomes one that the rules refuse by name."""
    words = told.strip()
    if not words:
        return None
    return int(words) if len(words) < 9 and words.isdecimal() else -1


def _errors(refused: EstimeError) -> dict[str, str]:
    return {str(refused.data.get("field", "")): told(refused)}
