"""One space: what is open, what is asked of the brand, what was given lately, who was made welcome."""

from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Interpellation, Member, Space
from estime.readouts.wording import count
from estime.web.access import open_to_all
from estime.web.challenge_words import cards
from estime.web.frame import may, viewer
from estime.web.member_words import Prose, name_of
from estime.web.taking_part import address, looking, title_of
from estime.web.views.cocreation.ideas import card as idea_card
from estime.web.views.cocreation.ideas import newcomers_context

NEWEST = 6


def space_or_404(slug: str, member: Member | None) -> Space:
    """A space that this reader may see."""
    found = cocreation.space_known(slug)
    if found is None or not cocreation.may_read(found, member):
        raise Http404(_("There is no such space."))
    return found


@require_safe
@open_to_all
@never_cache
def space(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a space."""
    member = looking(request)
    here = space_or_404(slug, member)
    rows = cocreation.contributions_listed(here, cocreation.Wanted(), member, size=NEWEST).rows
    prose = Prose([here.about, *(row.text for row in rows)], here, member)
    running, over = cocreation.challenges_running(here), cocreation.challenges_over(here, most=NEWEST)
    shown = {
        "space": here,
        "way": [(reverse("spaces"), _("Spaces"))],
        "about": prose.html(here.about) if here.about else "",
        "running": cards(running),
        "over": cards(over),
        "drafts": _drafts(here, member),
        "questions": [_question(one) for one in cocreation.questions_asked(here)],
        "questions_url": address("questions", here.slug),
        "ask_url": address("question-ask", here.slug) if _may_ask(request) else "",
        "ideas": [idea_card(row, prose) for row in rows],
        "ideas_url": address("space-ideas", here.slug),
        "welcomed": [name_of(one) for one in cocreation.people_welcomed(here)],
        "overrides": [
            {
                "title": title_of(one.challenge),
                "url": reverse("challenge", args=[one.challenge_id]),
                "name": one.name,
                "function": one.title,
                "at": one.at,
            }
            for one in cocreation.overrides_of(here)
        ],
        "considered_url": address("considered", here.slug),
        "power_url": reverse("power", args=[here.slug]),
        "may_see_answers": may(request, "survey.see"),
        "may_invite": may(request, "member.invite"),
        "may_manage": may(request, "space.manage"),
        "may_open": may(request, "challenge.lead") or may(request, "challenge.open_own"),
        "by_brand": may(request, "challenge.lead"),
        "first_step": _first_step(request, running),
        **newcomers_context(here, member),
    }
    return render(request, "cocreation/space.html", shown, using="jinja2")


def _first_step(request: HttpRequest, running: list[Challenge]) -> dict[str, str] | None:
    """The one thing to begin with: give something where that is asked for, else vote, else read what runs."""
    if viewer(request) is None:
        sign_in = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
        return {"url": sign_in, "words": _("Sign in to take part")} if running else None
    if not may(request, "challenge.open_own"):
        return None
    by_phase = {cocreation.phase_now(one): one for one in reversed(running) if not one.hidden}
    for phase, page, words in _STEPS:
        if phase in by_phase:
            return {"url": reverse(page, args=[by_phase[phase].pk]), "words": str(words)}
    return None


_STEPS: Final = (
    ("propose", "write", gettext_lazy("Give something")),
    ("vote", "challenge-votes", gettext_lazy("Vote now")),
    ("build", "ideas", gettext_lazy("Help to build")),
)


def _may_ask(request: HttpRequest) -> bool:
    return may(request, "challenge.open_own")


def _drafts(space: Space, member: Member | None) -> list[dict[str, str]]:
    if member is None:
        return []
    return [
        {"title": one.title, "url": reverse("challenge-step", args=[one.pk, "question"])}
        for one in cocreation.drafts_led(member, space)
    ]


def _question(one: Interpellation) -> dict[str, Any]:
    words = ngettext("%(n)s person asks", "%(n)s people ask", one.joined) % {"n": count(one.joined)}
    owed = _("an answer is owed") if one.reached else ""
    return {
        "title": one.title,
        "url": address("interpellation", one.pk),
        "joined": words,
        "owed": owed,
        "due": one.due,
    }
