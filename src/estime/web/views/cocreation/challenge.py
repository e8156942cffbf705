"""The public page of a challenge, and every version of its deal."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Member, Override
from estime.web import challenge_words as words
from estime.web.access import open_to_all
from estime.web.answer_words import outcomes_told
from estime.web.frame import may
from estime.web.hidden_words import hidden_told, hidden_url, report_url
from estime.web.member_words import Prose, name_of
from estime.web.taking_part import address, looking, me, way_here
from estime.web.talk import talk_context
from estime.web.views.cocreation.ideas import card as idea_card

NEWEST = 6


@require_safe
@open_to_all
@never_cache
def challenge(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked, who decides what, by when; what was given so far."""
    member = looking(request)
    here = cocreation.challenge_seen(pk, member)
    if here is not None:
        return render(request, "cocreation/challenge.html", shown_of(request, here, member), using="jinja2")
    withheld = cocreation.challenge_withheld(pk, member)
    if withheld is None:
        raise Http404(_("There is no such challenge."))
    return _place_of_hidden(request, withheld, member)


def _place_of_hidden(request: HttpRequest, here: Challenge, member: Member | None) -> HttpResponse:
    """The place of a challenge that is hidden: why, by whom, and what was said below it."""
    shown = {
        "space": here.space,
        "way": [(reverse("spaces"), _("Spaces")), *way_here(here.space, None)],
        "words": hidden_told(cocreation.hiding_of(here)),
        "talk": talk_context(request, here, member),
    }
    return render(request, "cocreation/challenge-hidden.html", shown, using="jinja2")


def shown_of(request: HttpRequest, here: Challenge, member: Member | None) -> dict[str, Any]:
    """Everything that the page of a challenge shows: the preview of a draft shows the same."""
    rows = cocreation.contributions_listed(here, cocreation.Wanted(), member, size=NEWEST).rows
    entries = cocreation.backstage_of(here, most=3) if getattr(here, "has_backstage", False) else []
    deal = cocreation.deal_of(here)
    prose = Prose([here.problem, *(row.text for row in rows)], here.space, member)
    hiding = cocreation.hiding_of(here) if here.hidden else None
    mine = member is not None and member.pk == here.owner_id
    return {
        **frame_of(here, "challenge"),
        "who": words.speaks(here),
        "problem": prose.html(here.problem),
        "say": words.say(here),
        "calendar": words.calendar(here),
        "extensions": words.extensions(here),
        "cancelled": cancelled(here),
        "override": override(here),
        "brief": words.brief(here),
        "deal": words.deal_parts(deal),
        "deal_version": deal.version if deal else 0,
        "deal_url": reverse("deal", args=[here.pk]),
        "backstage": [
            {"title": one.title, "url": f"{reverse('backstage', args=[here.pk])}#e-{one.pk}"}
            for one in entries
        ],
        "outcomes": outcomes_told(cocreation.outcomes_of(here))
        if getattr(here, "has_outcomes", False)
        else [],
        "ideas": [idea_card(row, prose) for row in rows],
        "ideas_url": address("ideas", here.pk),
        "write": address("write", here.pk) if cocreation.phase_now(here) == "propose" else "",
        "leads": leads_links(request, here, member),
        "follow_url": address("challenge-follow", here.pk),
        "follows": member is not None and cocreation.follows(member, here),
        "stranger": member is None,
        "meta": bool(address("challenge-card", here.pk)) and not here.hidden,
        "hidden": hidden_told(hiding) if here.hidden else "",
        "why_url": hidden_url(here, hiding, member, mine=mine),
        "report_url": _report_url(request, here, mine=mine),
        "talk": talk_context(request, here, member) if here.opened is not None else None,
    }


def _report_url(request: HttpRequest, here: Challenge, *, mine: bool) -> str:
    """What the brand opened is the brand's own to answer for: it is called off, not hidden."""
    reportable = not (here.by_brand or here.opened is None or here.hidden or mine)
    return report_url(request, here) if reportable else ""


def frame_of(here: Challenge, page: str) -> dict[str, Any]:
    """What stands around every page of a challenge."""
    return {
        "challenge": here,
        "space": here.space,
        "way": [
            (reverse("spaces"), _("Spaces")),
            *way_here(here.space, None if page == "challenge" else here),
        ],
        "tabs": words.tabs(here, page),
        "phase": words.phase_words(here),
        "state": words.state(here),
    }


def leads_links(request: HttpRequest, here: Challenge, member: Member | None) -> list[tuple[str, str]]:
    """What those who lead it can do now; whoever may only call it off, or set a decision aside, sees just that."""
    links = []
    running = here.opened is not None and here.cancelled is None
    if cocreation.leads(member, here):
        if here.opened is None:
            return [(reverse("challenge-step", args=[here.pk, "question"]), _("Go on writing"))]
        if running and not cocreation.is_over(here):
            links.append((reverse("challenge-extend", args=[here.pk]), _("Make a phase longer")))
        if running:
            links.append((reverse("backstage", args=[here.pk]), _("Add to the backstage")))
            links.append((reverse("deal-change", args=[here.pk]), _("Change the deal")))
    if here.opened is not None and here.by_brand and may(request, "decision.write"):
        links += [
            (address("answers", here.pk), _("Answer what was given")),
            (address("challenge-pledge", here.pk), _("Promise something")),
        ]
        if may(request, "challenge.lead"):
            links.append((address("outcome-new", here.pk), _("Tell what was made")))
    may_cancel = cocreation.leads(member, here) or may(request, "challenge.lead")
    if running and may_cancel and not cocreation.is_over(here) and here.override_told is None:
        links.append((reverse("challenge-cancel", args=[here.pk]), _("Call it off")))
    if running and may(request, "decision.override") and cocreation.can_override(here):
        links.append((reverse("challenge-override", args=[here.pk]), _("Set the decision aside")))
    return links


def cancelled(here: Challenge) -> dict[str, Any] | None:
    if here.cancelled is None or here.cancelled_by is None:
        return None
    brand = here.by_brand or here.cancelled_by_id != here.owner_id
    return {
        "at": here.cancelled,
        "reason": here.cancel_reason,
        "who": name_of(here.cancelled_by, for_brand=brand),
    }


def override(here: Challenge) -> dict[str, Any] | None:
    """For ever: who set aside what members decided, why, and what is done instead."""
    told: Override | None = here.override_told
    if told is None:
        return None
    return {
        "name": told.name,
        "title": told.title,
        "reason": told.reason,
        "instead": told.instead,
        "at": told.at,
    }


@require_safe
@open_to_all
@never_cache
def deal(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version of the deal, newest first; what changed stands with its reason."""
    member = looking(request)
    here = words.challenge_or_404(pk, member)
    versions = cocreation.deals_of(here)
    agreed = cocreation.deals_accepted(member, here) if member is not None else {}
    shown = {
        **frame_of(here, "deal"),
        "versions": [
            {
                "number": one.version,
                "parts": words.deal_parts(one),
                "reason": one.reason,
                "who": name_of(one.by, for_brand=here.by_brand),
                "at": one.at,
                "agreed": agreed.get(one.pk),
            }
            for one in versions
        ],
    }
    return render(request, "cocreation/deal.html", shown, using="jinja2")


@require_safe
@open_to_all
@never_cache
def challenges(request: HttpRequest) -> HttpResponseBase:
    """For whoever leads: drafts first, then what is open and what is over. Others are led to the spaces."""
    if not may(request, "space.take_part"):
        return redirect("spaces")
    member = me(request)
    found = cocreation.challenges_led(member)
    shown = {
        "drafts": [
            words.card(one, url=reverse("challenge-step", args=[one.pk, "question"]), space=one.space.title)
            for one in found
            if one.opened is None
        ],
        "opened": [words.card(one, space=one.space.title) for one in found if one.opened is not None],
        "may_lead": may(request, "challenge.lead"),
    }
    return render(request, "cocreation/challenges.html", shown, using="jinja2")
