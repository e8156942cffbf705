"""The page of a vote: how it works, its rules, the ballot as a form; casting, changing, taking back.

What somebody chose stands on no page but their own ballot, when they ask for it; nothing of it is in an address, a
message or a log.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import GAINING, Member, Poll
from estime.kernel import clock
from estime.kernel.errors import EstimeError
from estime.web import challenge_words, vote_pictures
from estime.web import vote_words as words
from estime.web.access import needs, open_to_all
from estime.web.taking_part import looking, me, told
from estime.web.views.cocreation.challenge import frame_of
from estime.web.vote_asking import again_set, asked, pair_held
from estime.web.vote_forms import Unreadable, choice_sent, numbers_sent, rows_shown, sum_chosen


@require_safe
@open_to_all
@never_cache
def votes(request: HttpRequest, pk: int) -> HttpResponse:
    """The votes of a challenge."""
    member = looking(request)
    here = challenge_words.challenge_or_404(pk, member)
    leads = cocreation.leads(member, here)
    rows = [
        {
            "url": vote_url(poll) if poll.locked else reverse("poll-set-up", args=[poll.pk]),
            "title": poll.title,
            "method": str(cocreation.METHOD_NAMES[poll.method]),
            "until": words.until(poll),
            "binding": poll.binding,
            "result": reverse("vote-result", args=[poll.pk]) if poll.counted else "",
            "set_up": reverse("poll-set-up", args=[poll.pk]) if leads and poll.opened is None else "",
        }
        for poll in cocreation.polls_of(here.pk, drafts=leads)
    ]
    new = reverse("poll-new", args=[here.pk]) if leads and here.cancelled is None else ""
    shown = {**frame_of(here, "challenge-votes"), "votes": rows, "new": new}
    return render(request, "cocreation/votes.html", shown, using="jinja2")


@require_safe
@open_to_all
@never_cache
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """One vote, and the ballot for whoever may vote."""
    member = looking(request)
    return render(
        request, "cocreation/vote.html", shown_of(request, poll_or_404(pk, member), member), using="jinja2"
    )


@require_safe
@open_to_all
def how_secret(request: HttpRequest) -> HttpResponse:
    """How a vote is kept secret, on one short page."""
    return render(request, "cocreation/vote-secret.html", {}, using="jinja2")


@require_POST
@needs("space.take_part")
def vote_cast(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Vote, or vote otherwise."""
    member = me(request)
    poll = poll_asked(pk, member)
    if request.POST.get("do") == "sum":  # what it would cost, without JavaScript
        return render(
            request, "cocreation/vote.html", shown_of(request, poll, member, sent=True), using="jinja2"
        )
    try:
        choice = choice_sent(poll, request.POST)
        if poll.method == "pairwise" and {*pair_held(request, poll)} != {*choice[:2]}:
            messages.info(
                request, _("These two were asked in another window: here are those to compare now.")
            )
            return redirect(vote_url(poll))
        cast = cocreation.ballot_cast(poll, member, choice)
    except Unreadable:
        return _again(request, poll, member, _("Something was not chosen. Choose, and send it again."))
    except EstimeError as refused:
        return _again(request, poll, member, told(refused))
    if poll.method in GAINING:
        again = request.POST.get("again") == "1"
        again_set(request, poll, [])
        return redirect(f"{_answers_url(poll)}&changed#ballot" if again else f"{vote_url(poll)}#ballot")
    # Told by the address, not through the session: one write less for each ballot.
    return redirect(f"{vote_url(poll)}?{'first' if cast.first else 'changed'}")


@require_POST
@needs("space.take_part")
def vote_withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take one's vote back."""
    member = me(request)
    poll = poll_asked(pk, member)
    try:
        there = cocreation.ballot_withdraw(poll, member)
    except EstimeError as refused:
        return _again(request, poll, member, told(refused))
    if there:
        messages.success(request, _("Your ballot is gone. You can vote again until the vote closes."))
    else:
        messages.info(request, _("There is no ballot of yours here."))
    return redirect(vote_url(poll))


@require_POST
@needs("space.take_part")
def vote_answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One of one's own answers: be asked again, take it back, or leave it as it is."""
    member = me(request)
    poll = poll_asked(pk, member)
    do = request.POST.get("do")
    again_set(request, poll, [])
    if do == "leave":
        return redirect(f"{_answers_url(poll)}#ballot")
    try:
        numbers = numbers_sent(request.POST)
        if do == "change":
            again_set(request, poll, numbers)
            return redirect(f"{vote_url(poll)}#ballot")
        left = cocreation.answer_withdraw(poll, member, numbers)
    except Unreadable:
        return _again(request, poll, member, _("Something was not chosen. Choose, and send it again."))
    except EstimeError as refused:
        return _again(request, poll, member, told(refused))
    messages.success(request, _("This answer is taken back. You may be asked again."))
    return redirect(f"{_answers_url(poll)}#ballot" if left else f"{vote_url(poll)}#ballot")


@require_POST
@needs("space.take_part")
def vote_propose(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Add an option of one's own to a vote that takes some."""
    member = me(request)
    poll = poll_asked(pk, member)
    try:
        cocreation.option_propose(member, poll, request.POST.get("title", ""))
    except EstimeError as refused:
        return _again(request, poll, member, told(refused), field="title")
    messages.success(request, _("It is in: others are asked about it from now on."))
    return redirect(vote_url(poll))


@require_POST
@needs("space.take_part")
def option_hide(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask about something no more, for a reason that is shown."""
    member = me(request)
    poll = poll_asked(pk, member)
    option = next(
        (one for one in cocreation.options_of(poll) if str(one.number) == request.POST.get("number")), None
    )
    if option is None:
        raise Http404
    try:
        cocreation.option_hide(member, option, request.POST.get("reason", ""))
    except EstimeError as refused:
        return _again(request, poll, member, told(refused))
    messages.success(request, _("It is not asked about any more; the reason stands on this page."))
    return redirect(vote_url(poll))


def poll_asked(pk: int, member: Member | None) -> Poll:
    """A vote that this reader may see, as a deed needs it. One whose moment has come begins as it is looked at."""
    poll = cocreation.poll_seen(pk, member)
    if poll is None:
        raise Http404(_("There is no such vote."))
    if cocreation.poll_due(poll, clock.now()):
        poll.opened = cocreation.poll_begin(poll.pk)
    return poll


def poll_or_404(pk: int, member: Member | None) -> Poll:
    """The same as a page needs it: with everything that stands around a challenge's pages."""
    return framed(poll_asked(pk, member), member)


def framed(poll: Poll, member: Member | None) -> Poll:
    here = cocreation.challenge_seen(poll.challenge_id, member)
    if here is None:
        raise Http404(_("There is no such vote."))
    poll.challenge = here
    return poll


def vote_url(poll: Poll) -> str:
    return reverse("vote", args=[poll.pk])


def _answers_url(poll: Poll) -> str:
    return f"{vote_url(poll)}?answers"


def frame_of_vote(poll: Poll) -> dict[str, Any]:
    """What stands around the pages below a vote: the way to it, too."""
    frame = frame_of(poll.challenge, "challenge-votes")
    return {**frame, "way": [*frame["way"], (vote_url(poll), poll.title)]}


def _again(
    request: HttpRequest, poll: Poll, member: Member, error: str, field: str = "ballot"
) -> HttpResponseBase:
    shown = shown_of(request, framed(poll, member), member, sent=True)
    shown["errors"] = {field: error}
    return render(request, "cocreation/vote.html", shown, using="jinja2", status=422)


def shown_of(
    request: HttpRequest, poll: Poll, member: Member | None, *, sent: bool = False
) -> dict[str, Any]:
    """What the page shows. `sent`: a form that was not taken, with what stands in it."""
    standing = cocreation.poll_standing(poll, member)
    options = cocreation.options_of(poll)
    shown: dict[str, Any] = {
        **frame_of(poll.challenge, "challenge-votes"),
        "poll": poll,
        "standing": standing,
        "means": words.means(poll),
        "picture": vote_pictures.how(poll.method),
        "until": words.until(poll),
        "voters": words.voters(standing.voters),
        "takes": words.takes(poll),
        "rules": words.rules(poll),
        "options": [(option, words.option_title(option), words.cost(option, poll)) for option in options],
        "coming": words.up_for_it(poll),
        "due": cocreation.poll_due(poll, clock.now()),
        "who": str(cocreation.WHO_NAMES[poll.who]),
        "done": _done(request, poll, standing.voted),
        "stranger": member is None,
        "staff": member is not None and member.user is not None and member.user.is_staff,
        "hidden": _hidden(poll),
        "errors": {},
        "typed": request.POST.get("title", "") if sent else "",
        "interim": poll.method in GAINING
        and poll.counted is None
        and cocreation.result_newest(poll) is not None,
        "set_up": cocreation.leads(member, poll.challenge) and poll.opened is None,
    }
    if standing.state == "running" and standing.eligible and member is not None:
        shown |= _ballot(request, poll, member, options, sent=sent)
    shown["shown_options"] = [
        (option.number, words.option_title(option)) for option in options if not option.hidden
    ]
    shown["hide_reasons"] = _hide_reasons(poll, member, standing.state)
    return shown


def _done(request: HttpRequest, poll: Poll, voted: bool) -> str:
    """What is told right after voting; without what was chosen, so it proves nothing to anybody."""
    if not voted or not {"first", "changed"} & {*request.GET}:
        return ""
    counts = "first" in request.GET
    sentence = _("Your vote counts.") if counts else _("Your ballot now says what you have just sent.")
    later = _("You can change it until %(when)s.") % {"when": words.closing(poll)}
    return f"{sentence} {later}"


def _ballot(
    request: HttpRequest, poll: Poll, member: Member, options: list[Any], *, sent: bool
) -> dict[str, Any]:
    """The form, by method. A ballot that is cast is shown to its owner only when they want to change it."""
    if poll.method in GAINING:
        return {"form": asked(request, poll, member), "propose": cocreation.rules_read(poll).propose}
    own = cocreation.ballot_own(poll, member)
    rules = cocreation.rules_read(poll)
    rows = rows_shown(poll, options, own, request.POST if sent else None)
    form = {
        "kind": poll.method,
        "open": own is None or sent or "change" in request.GET,
        "changing": own is not None,
        "rows": rows,
        "most": getattr(rules, "most", None),
        "points": range(rules.top + 1) if poll.method == "score" else (),
        "places": range(1, len(options) + 1),
    }
    if poll.method == "budget":
        form["sum"] = words.money(sum_chosen(rows), rules.unit)
        form["sum_words"] = words.money(0, rules.unit).replace("0", "@")
        form["budget"] = words.money(rules.budget, rules.unit)
        form["amount"], form["within"] = str(rules.budget), rules.within
    return {"form": form}


def _hidden(poll: Poll) -> list[str]:
    """Why moderators took something out while the vote ran; how many of each reason."""
    reasons = [str(cocreation.REASON_NAMES[reason]) for _number, reason in cocreation.options_hidden(poll)]
    return [f"{reason}: {reasons.count(reason)}" for reason in sorted(set(reasons))]


def _hide_reasons(poll: Poll, member: Member | None, state: str) -> list[tuple[str, str]]:
    """The reasons to choose from, for who may take something out; empty for everybody else."""
    if poll.method not in GAINING or state not in ("before", "running") or member is None:
        return []
    if not (member.may("moderation.act") or cocreation.leads(member, poll.challenge)):
        return []
    return [(reason, str(name)) for reason, name in cocreation.REASON_NAMES.items() if reason != "other"]
