"""A question to the brand: its text in its thread, why it is here, and the few things that can be done with it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from estime.contact import api as contact
from estime.kernel.clock import now
from estime.kernel.debts import Debt
from estime.kernel.errors import EstimeError
from estime.ledger import api as ledger
from estime.people import api as people
from estime.people.models import User
from estime.readouts.desk import when_told
from estime.web.access import needs
from estime.web.frame import may, viewer

ROWS: Final = 25
SHOWN: Final = 600
FAR: Final = 2**33
"""Seconds since 1970: no cursor that we gave out lies beyond."""
DONE: Final = {
    "answer": gettext_lazy("Your answer is saved. Post it on its channel, then say so here."),
    "said": gettext_lazy("Thank you. It is off the list until the channel’s next import bears it out."),
    "hand-over": gettext_lazy("Handed over: it stands first on your colleague’s list."),
    "hand-back": gettext_lazy("Handed back: it is everybody’s again."),
    "waive": gettext_lazy("Noted: nothing is owed here."),
    "reopen": gettext_lazy("It is back on the list."),
}


@require_safe
@needs("desk.see")
@never_cache
def question(request: HttpRequest, act: int) -> HttpResponse:
    """One question."""
    return _page(request, act)


def _page(
    request: HttpRequest, act: int, *, error: str = "", typed: dict[str, str] | None = None
) -> HttpResponse:
    at = now()
    story = contact.story(act, at)
    if story is None:
        raise Http404(_("There is no such question."))
    user = viewer(request)
    asked = story.question
    sees = user is not None and may(request, "persons.see")
    if user is not None and sees and story.shown.handle is not None:
        people.look_record(user, asked.account, "question")
    when, late = _when(story, at)
    context = {
        "request": request,
        "story": story,
        "channel": ledger.channel_titles().get(story.channel, story.channel),
        "asked": asked,
        "posts": [_post(post, sees) for post in story.posts],
        "who": _who(story.shown.handle, asked.account) if sees else None,
        "when": when,
        "late": late and asked.owed,
        "why": [contact.WHYS[asked.why], contact.ASKS[asked.asks]] if asked.why else [],
        "entries": [_entry(entry) for entry in story.entries],
        "standing": _standing(story),
        "colleagues": [one for one in contact.colleagues() if user is None or one.pk != user.pk],
        "reasons": contact.REASONS.items(),
        "typed": typed or {},
        "error": error,
        "may_answer": may(request, "question.answer"),
        "may_hand_over": may(request, "question.hand_over"),
        "handed": _handed(asked),
    }
    return render(request, "pages/question.html", context, using="jinja2", status=409 if error else 200)


def _when(story: contact.Story, at: datetime) -> tuple[str, bool]:
    past = story.moment.now if story.moment and story.moment.past else None
    debt = Debt("question", str(story.question.pk), story.question.published, "", due=story.due, as_of=past)
    return when_told(debt, at)


def _handed(asked: Any) -> str:
    if asked.holder is None:
        return ""
    told = _("Handed to %(name)s by %(by)s.") % {"name": asked.holder, "by": asked.handed_by}
    if asked.holder.may("question.answer"):
        return told
    return f"{told} {contact.holder_gone_words(str(asked.holder))}"


def _who(handle: str | None, account: int) -> dict[str, str]:
    """Who asked, with the address of their page where there is one."""
    if handle is None:
        return {"name": _("somebody who was erased"), "url": ""}
    try:
        return {"name": handle, "url": reverse("person", args=[account])}
    except NoReverseMatch:
        return {"name": handle, "url": ""}


def _post(post: contact.Post, sees: bool) -> dict[str, Any]:
    who = _("We") if post.ours else post.handle if sees and post.handle else _("A member")
    text = _("This text was erased.") if post.text is None else contact.excerpt(post.text, SHOWN)
    if post.place == "question" and post.text is not None:
        text = post.text
    return {"who": who, "at": post.published, "text": text, "place": post.place}


def _entry(entry: Any) -> dict[str, Any]:
    return {
        "at": entry.at,
        "by": str(entry.by) if entry.by else "",
        "deed": contact.DEEDS[entry.deed],
        "to": str(entry.to) if entry.to else "",
        "reason": contact.REASONS[entry.reason] if entry.reason else "",
        "words": entry.words,
    }


def _standing(story: contact.Story) -> str:
    """In one sentence, where the question stands if it is not owed."""
    asked = story.question
    if asked.withdrawn:
        return _("Whoever asked took it back: nothing is owed.")
    if asked.answer is not None and asked.state == "said":
        return _("Said to be answered by %(name)s; our reply was seen.") % {"name": asked.settled_by}
    if asked.answer is not None:
        return _("We answered it.")
    if asked.state == "said":
        return _("Said to be answered by %(name)s; our reply has not come in yet.") % {
            "name": asked.settled_by
        }
    if asked.state == "waived":
        told = {"name": asked.settled_by, "reason": contact.REASONS[asked.reason]}
        return _("%(name)s said that nothing is owed: %(reason)s.") % told
    if not asked.why:
        return _("It no longer counts as a question to us: the acts or the rules have changed.")
    return ""


def _do(
    request: HttpRequest, act: int, deed: str, run: Callable[[contact.Doing], object]
) -> HttpResponseBase:
    """Do it and go on; or show the question as it is now, with what went wrong and what was typed."""
    user = viewer(request)
    version = request.POST.get("version", "")
    if not isinstance(user, User) or not version.isdecimal() or len(version) > 9:
        return redirect("question", act)
    try:
        run(contact.Doing(act, int(version), user))
    except contact.UnknownQuestion as error:
        raise Http404(error.message) from error
    except EstimeError as error:
        return _page(
            request,
            act,
            error=f"{_changed(error)} {error.todo}",
            typed={name: str(value) for name, value in request.POST.items()},
        )
    messages.success(request, DONE[deed])
    return redirect("question", act) if deed in ("answer", "reopen") else redirect("desk")


def _changed(error: EstimeError) -> str:
    who = error.data.get("by")
    if isinstance(error, contact.QuestionChanged) and who:
        return _("%(name)s changed this question while you had it open. Yours was not saved.") % {"name": who}
    return error.message


@require_POST
@needs("question.answer")
def question_answer(request: HttpRequest, act: int) -> HttpResponseBase:
    """Save the words of an answer."""
    words = request.POST.get("words", "")
    return _do(request, act, "answer", lambda doing: contact.answer_write(doing, words))


@require_POST
@needs("question.answer")
def question_said(request: HttpRequest, act: int) -> HttpResponseBase:
    """ "I have posted it"."""
    return _do(request, act, "said", contact.answer_said)


@require_POST
@needs("question.hand_over")
def question_hand_over(request: HttpRequest, act: int) -> HttpResponseBase:
    """Hand it to a colleague."""
    to, note = request.POST.get("to", ""), request.POST.get("note", "")
    pk = int(to) if to.isdecimal() and len(to) < 18 else 0
    return _do(request, act, "hand-over", lambda doing: contact.hand_over(doing, pk, note))


@require_POST
@needs("question.hand_over")
def question_hand_back(request: HttpRequest, act: int) -> HttpResponseBase:
    """Hand it back to everybody."""
    note = request.POST.get("note", "")
    return _do(request, act, "hand-back", lambda doing: contact.hand_back(doing, note))


@require_POST
@needs("question.answer")
def question_waive(request: HttpRequest, act: int) -> HttpResponseBase:
    """Nothing is owed, with a reason."""
    reason, note = request.POST.get("reason", ""), request.POST.get("note", "")
    return _do(request, act, "waive", lambda doing: contact.waive(doing, reason, note))


@require_POST
@needs("question.answer")
def question_reopen(request: HttpRequest, act: int) -> HttpResponseBase:
    """Put it back on the list."""
    return _do(request, act, "reopen", contact.reopen)


@require_safe
@needs("desk.see")
@never_cache
def questions_settled(request: HttpRequest) -> HttpResponse:
    """Questions that people took off the list: said to be answered, or with nothing owed. Nobody hides one here."""
    state = "waived" if request.GET.get("state") == "waived" else "said"
    found = contact.settled_page(state, _before(request.GET.get("before", "")), ROWS + 1)
    shown = found[:ROWS]
    last = shown[-1].question if len(found) > ROWS else None
    before = f"{last.settled_at.timestamp():.6f}~{last.pk}" if last and last.settled_at else ""
    titles = ledger.channel_titles()
    context = {
        "request": request,
        "rows": [_settled_row(one, titles) for one in shown],
        "state": state,
        "tabs": [
            (f"{reverse('questions-settled')}?state={name}", f"{words} ({count})", name == state)
            for name, words, count in (
                ("said", _("Said to be answered"), contact.settled_count("said")),
                ("waived", _("Nothing is owed"), contact.settled_count("waived")),
            )
        ],
        "next": f"{reverse('questions-settled')}?state={state}&before={before}" if before else "",
    }
    return render(request, "pages/questions-settled.html", context, using="jinja2")


def _before(told: str) -> tuple[datetime, int] | None:
    moment, _mark, act = told[:60].partition("~")
    try:
        at, last = float(moment), int(act)
    except ValueError:
        return None
    if not (0 <= at < FAR and 0 <= last < 2**63):
        return None
    return datetime.fromtimestamp(at, UTC), last


def _settled_row(one: contact.Settled, titles: dict[str, str]) -> dict[str, Any]:
    asked = one.question
    return {
        "url": reverse("question", args=[asked.pk]),
        "at": asked.settled_at,
        "by": str(asked.settled_by),
        "channel": titles.get(one.channel, one.channel),
        "text": contact.excerpt(one.text) or _("This text was erased."),
        "reason": contact.REASONS[asked.reason] if asked.reason else "",
        "seen": asked.answer is not None,
    }


@require_safe
@needs("desk.see")
@never_cache
def questions_archived(request: HttpRequest) -> HttpResponse:
    """Questions of archives that had no answer when their record stopped."""
    at = now()
    after = _after(request.GET.get("after", ""))
    found = contact.archived_oldest(at, after, ROWS + 1)
    shown = found[:ROWS]
    last = shown[-1] if len(found) > ROWS else None
    user, titles = viewer(request), ledger.channel_titles()
    context = {
        "request": request,
        "rows": [
            {"debt": debt, "place": titles.get(debt.channel), "url": reverse("question", args=[debt.id])}
            for debt in contact.debts_of(shown, user.pk if user else 0)
        ],
        "number": contact.archived_count(at),
        "next": f"{reverse('questions-archived')}?after={last.due.timestamp():.6f}~{last.act}"
        if last
        else "",
    }
    return render(request, "pages/questions-archived.html", context, using="jinja2")


def _after(told: str) -> tuple[datetime, str] | None:
    found = _before(told)
    return (found[0], str(found[1])) if found else None
