"""*My contributions*; how often one is told; ending that with one click from a mail."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Contribution, Interpellation, Member, Mine
from estime.cocreation.vocabulary import RHYTHMS
from estime.engagement import api as engagement
from estime.kernel import clock
from estime.listening import api as listening
from estime.readouts.wording import count
from estime.web.access import needs, open_to_all
from estime.web.asking_card import asking_card
from estime.web.frame import viewer
from estime.web.hidden_words import hidden_told, hidden_url
from estime.web.loop_forms import number
from estime.web.member_words import name_of
from estime.web.taking_part import me

GIFTS: Final[dict[str, Promise]] = {
    "wrote": gettext_lazy("you wrote it"),
    "improved": gettext_lazy("you improved it"),
    "commented": gettext_lazy("you commented"),
    "supports": gettext_lazy("you support it"),
    "asked": gettext_lazy("you asked it"),
    "joined": gettext_lazy("you ask it too"),
    "voted": gettext_lazy("you voted"),
    "opened": gettext_lazy("you opened it"),
}
RHYTHM_WORDS: Final = {
    "daily": (gettext_lazy("Every day"), gettext_lazy("At eight in the morning, where something changed.")),
    "weekly": (
        gettext_lazy("Every Monday"),
        gettext_lazy("At eight in the morning, where something changed."),
    ),
    "never": (gettext_lazy("Never"), gettext_lazy("All of it stands on your page, whenever you look.")),
}


@require_safe
@needs("space.take_part")
@never_cache
def mine_taken(request: HttpRequest) -> StreamingHttpResponse:
    """All that a member gave, as a file to keep."""
    member = me(request)
    user = viewer(request)
    more = [
        ("answers", listening.surveys_data(member.account)),
        ("searches", listening.searches_data(user) if user else iter(())),
        *engagement.place_data(member.account),
    ]
    pieces = (piece.encode() for piece in cocreation.own_data_json(member, more))
    answer = StreamingHttpResponse(pieces, content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="my-contributions.json"'
    return answer


@require_safe
@needs("space.take_part")
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """All that a member gave, and what became of it, newest change first."""
    member, at = me(request), clock.now()
    after = number(request.GET.get("after", ""))
    page = cocreation.mine(member, after)
    ideas = {row.place[1] for row in page.rows if row.place[0] == "ideas"}
    asked = {row.place[1] for row in page.rows if row.place[0] == "questions"}
    became = {
        **{("ideas", pk): told for pk, told in cocreation.became_of(ideas).items()},
        **{("questions", pk): told for pk, told in cocreation.answers_of(asked).items()},
    }
    here = reverse("mine")
    shown = {
        "rows": [_row(row, became.get(row.place, cocreation.Became()), at, member) for row in page.rows],
        "counts": _counts(member) if not after else [],
        "running": [] if after else [_linked(one) for one in cocreation.votes_running(member, at)],
        "next": f"{here}?after={page.after}" if page.after else "",
        "first": here if after else "",
        "digests": reverse("digest-settings"),
        "card": asking_card(request, member) if not after else None,
        "rhythm": RHYTHM_WORDS[member.digest][0],
    }
    return render(request, "cocreation/mine.html", shown, using="jinja2")


def _row(row: Mine, became: cocreation.Became, at: Any, member: Member) -> dict[str, Any]:
    state, gone, why = "", False, ""
    if isinstance(row.thing, Contribution):
        state, gone = cocreation.became_words(became, at), row.thing.hidden or row.thing.erased
        state = _("Withdrawn") if row.thing.withdrawn else state
    elif isinstance(row.thing, Interpellation):
        state, gone = cocreation.question_words(row.thing, became, at), row.thing.hidden or row.thing.erased
    else:
        gone = row.thing.hidden or row.thing.erased
    if (
        row.thing.hidden and not row.thing.erased and _OWN & {*row.gifts}
    ):  # whoever gave it reads why, and can appeal
        hiding = cocreation.hiding_of(row.thing)
        state, gone, why = hidden_told(hiding), False, hidden_url(row.thing, hiding, member, mine=True)
    by = name_of(row.event.by) if row.event.by is not None else ""
    return {
        "title": row.thing.title if not gone else _("Something that is not shown any more"),
        "url": reverse(_PAGES[row.place[0]], args=[row.place[1]]),
        "gifts": ", ".join(str(GIFTS[gift]) for gift in row.gifts if not _said_already(gift, row)),
        "state": state,
        "why": why,
        "late": bool(
            became.pledge and not became.pledge.kept and not became.pledge.waived and became.pledge.due < at
        ),
        "news": cocreation.news_words(row.event, by),
        "at": row.event.at,
        "open": not state,
    }


_OWN: Final = frozenset({"wrote", "asked", "opened"})


def _said_already(gift: str, row: Mine) -> bool:
    """Whoever asked a question is the first who joined it."""
    return gift == "joined" and "asked" in row.gifts


_PAGES: Final = {"ideas": "idea", "questions": "interpellation", "challenges": "challenge"}


def _linked(one: Challenge) -> dict[str, str]:
    return {"title": one.title, "url": reverse("challenge", args=[one.pk])}


def _counts(member: Member) -> list[str]:
    told = cocreation.mine_counts(member)
    words = (
        ngettext("%(n)s contribution", "%(n)s contributions", told.wrote),
        ngettext("%(n)s improvement adopted", "%(n)s improvements adopted", told.improved),
        ngettext("%(n)s comment", "%(n)s comments", told.comments),
        ngettext("%(n)s support", "%(n)s supports", told.supports),
        ngettext("%(n)s question", "%(n)s questions", told.questions),
        ngettext("%(n)s vote", "%(n)s votes", told.votes),
    )
    return [text % {"n": count(number)} for text, number in zip(words, told, strict=True) if number]


@require_http_methods(["GET", "HEAD", "POST"])
@needs("space.take_part")
@never_cache
def digest_settings(request: HttpRequest) -> HttpResponseBase:
    """How often one is told what changed."""
    member = me(request)
    rhythm = request.POST.get("rhythm", "")
    if request.method == "POST" and rhythm in RHYTHMS:
        cocreation.digest_choose(member, rhythm)
        messages.success(request, _("Saved."))
        return redirect("digest-settings")
    shown = {
        "choices": [(key, *RHYTHM_WORDS[key]) for key in RHYTHMS],
        "rhythm": member.digest,
        "error": _("Choose one of the three.") if request.method == "POST" else "",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "cocreation/digest-settings.html", shown, using="jinja2", status=status)


@csrf_exempt  # a mail program sends this with one POST (RFC 8058); the token says whose digests end, and ends no more
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
@never_cache
def digest_stop(request: HttpRequest, token: str) -> HttpResponse:
    """End one member's digests, whoever is signed in. To open the address does nothing: mail programs look ahead."""
    pk = cocreation.stop_read(token)
    member = Member.objects.filter(pk=pk, erased=False).first() if pk is not None else None
    done = request.method == "POST" and member is not None
    if done and member is not None:
        cocreation.digest_choose(member, "never")
    shown = {"known": member is not None, "done": done or (member is not None and member.digest == "never")}
    status = 200 if member is not None else 404
    return render(request, "cocreation/digest-stop.html", shown, using="jinja2", status=status)
