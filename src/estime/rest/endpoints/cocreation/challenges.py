"""Challenges: listed, read, written as drafts, opened; and what may still change then."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Body, Field, Query, Router

from estime.cocreation import api as cocreation
from estime.cocreation.api import Challenge, Member
from estime.rest.answers import answer
from estime.rest.endpoints.cocreation import telling
from estime.rest.endpoints.cocreation.asking import (
    LEAD,
    OWN,
    READ,
    TAKE_PART,
    Number,
    Slug,
    actor,
    challenge_open_seen,
    challenge_seen,
    nothing,
    reader,
    space_seen,
)
from estime.rest.endpoints.cocreation.pages import Paged, begins, page
from estime.rest.endpoints.cocreation.shapes import challenges as shapes
from estime.rest.endpoints.cocreation.shapes.base import Given, Reason
from estime.rest.endpoints.cocreation.spaces import READS, WRITES
from estime.rest.moments import utc
from estime.rest.once import made
from estime.rest.reference import PAGED

router = Router(tags=["challenges"])
_SIZE = 30
_BRIEF = ("problem", "known", "decided", "off_table", "decider", "resources")


class OfChallenges(Paged):
    """Which challenges."""

    state: Literal["all", "running", "over"] = Field("all", description="Only those that run, or are over.")


@router.get(
    "/spaces/{slug}/challenges",
    auth=READ,
    response={200: shapes.Challenges, **READS},
    operation_id="challenges_list",
    summary="List challenges",
    openapi_extra=PAGED,
)
def challenges_list(request: HttpRequest, slug: Slug, asked: Query[OfChallenges]) -> HttpResponse:
    """The challenges of a space that have opened, newest first."""
    space = space_seen(slug, reader(request))
    question = ["challenges", space.pk, asked.state]
    at = begins(question, asked)
    before = (datetime.fromisoformat(at[0]), int(at[1])) if at else None
    found = cocreation.challenges_page(space, asked.state, before, size=_SIZE)
    shown = found[:_SIZE]
    last = shown[-1] if len(found) > _SIZE else None
    after = [last.opened.isoformat(), last.pk] if last is not None and last.opened else None
    return page(request, question, {"challenges": [light(each) for each in shown]}, after)


@router.get(
    "/challenges/led",
    auth=OWN,
    response={200: shapes.Challenges, **READS},
    operation_id="challenges_led",
    summary="List challenges that one leads",
)
def challenges_led(request: HttpRequest) -> HttpResponse:
    """What the owner of the token leads: their drafts first, then what is open or over; thirty of each at most."""
    found = cocreation.challenges_led(actor(request))
    return answer(request, {"challenges": [light(each, each.space.slug) for each in found], "next": None})


@router.post(
    "/spaces/{slug}/challenges",
    auth=LEAD,
    response={201: shapes.Challenge, **WRITES},
    operation_id="challenges_draft",
    summary="Begin a challenge",
)
def challenges_draft(request: HttpRequest, slug: Slug, sent: Body[shapes.ChallengeSent]) -> HttpResponse:
    """A draft, seen by whoever leads it alone. Leads open the brand’s challenges, members their own."""
    by = actor(request)
    return made(
        request,
        lambda: cocreation.challenge_draft(by, space_seen(slug, by), _words(sent)).pk,
        lambda number: whole(int(number), by),
    )


@router.get(
    "/challenges/{number}",
    auth=READ,
    response={200: shapes.Challenge, **READS},
    operation_id="challenges_get",
    summary="Get a challenge",
)
def challenges_get(request: HttpRequest, number: Number) -> HttpResponse:
    """One challenge: its brief, its calendar with whatever was made longer, and what was set aside."""
    return answer(request, whole(number, reader(request)))


@router.put(
    "/challenges/{number}",
    auth=LEAD,
    response={200: shapes.Challenge, **WRITES},
    operation_id="challenges_change",
    summary="Write a draft anew",
)
def challenges_change(request: HttpRequest, number: Number, sent: Body[shapes.ChallengeSent]) -> HttpResponse:
    """What a draft says, as a whole. Once it is open it does not change any more."""
    by = actor(request)
    cocreation.challenge_change(by, challenge_seen(number, by), _words(sent))
    return answer(request, whole(number, by))


@router.delete(
    "/challenges/{number}",
    auth=LEAD,
    response={200: Given, **WRITES},
    operation_id="challenges_discard",
    summary="Throw a draft away",
)
def challenges_discard(request: HttpRequest, number: Number) -> HttpResponse:
    """A draft goes, with its calendar, its deal and its votes."""
    by = actor(request)
    cocreation.challenge_discard(by, challenge_seen(number, by))
    return answer(request, {"holds": False, "count": None})


@router.put(
    "/challenges/{number}/phases",
    auth=LEAD,
    response={200: shapes.Challenge, **WRITES},
    operation_id="challenges_phases",
    summary="Set the calendar of a draft",
)
def challenges_phases(request: HttpRequest, number: Number, sent: Body[shapes.CalendarSent]) -> HttpResponse:
    """The whole calendar."""
    by = actor(request)
    phases: dict[str, tuple[datetime, datetime]] = {
        each.kind: (utc(each.starts), utc(each.ends)) for each in sent.phases
    }
    cocreation.phases_set(by, challenge_seen(number, by), phases)
    return answer(request, whole(number, by))


@router.get(
    "/challenges/{number}/check",
    auth=OWN,
    response={200: shapes.Checked, **READS},
    operation_id="challenges_check",
    summary="Check a draft",
)
def challenges_check(request: HttpRequest, number: Number) -> HttpResponse:
    """What a draft lacks before it can open, and what makes it a gadget. For whoever leads it."""
    by = actor(request)
    challenge = challenge_seen(number, by)
    if not cocreation.leads(by, challenge):
        raise nothing()
    told = cocreation.draft_checked(challenge)
    findings = [each._asdict() for each in told.findings]
    return answer(request, {"lacks": told.lacks, "findings": findings})


@router.post(
    "/challenges/{number}/open",
    auth=LEAD,
    response={200: shapes.Challenge, **WRITES},
    operation_id="challenges_open",
    summary="Open a challenge",
)
def challenges_open(request: HttpRequest, number: Number) -> HttpResponse:
    """From now on its brief, its say and its rules are locked. Again is harmless."""
    by = actor(request)
    cocreation.challenge_open(by, challenge_seen(number, by))
    return answer(request, whole(number, by))


@router.post(
    "/challenges/{number}/extensions",
    auth=LEAD,
    response={200: shapes.Challenge, **WRITES},
    operation_id="challenges_extend",
    summary="Make a phase longer",
)
def challenges_extend(request: HttpRequest, number: Number, sent: Body[shapes.Longer]) -> HttpResponse:
    """With a reason that everybody reads. The same again changes nothing."""
    by = actor(request)
    cocreation.challenge_extend(by, challenge_seen(number, by), sent.phase, utc(sent.until), sent.reason)
    return answer(request, whole(number, by))


@router.put(
    "/challenges/{number}/cancellation",
    auth=LEAD,
    response={200: shapes.Challenge, **WRITES},
    operation_id="challenges_cancel",
    summary="Call a challenge off",
)
def challenges_cancel(request: HttpRequest, number: Number, sent: Body[Reason]) -> HttpResponse:
    """With a reason that everybody reads. Again is harmless."""
    by = actor(request)
    cocreation.challenge_cancel(by, challenge_seen(number, by), sent.reason)
    return answer(request, whole(number, by))


@router.put(
    "/challenges/{number}/override",
    auth=LEAD,
    response={200: shapes.Challenge, **WRITES},
    operation_id="challenges_override",
    summary="Set aside what members decided",
)
def challenges_override(
    request: HttpRequest, number: Number, sent: Body[shapes.OverrideSent]
) -> HttpResponse:
    """A named director’s public reason, which stays visible for ever. Needs the permission `decision.override`."""
    by = actor(request)
    words = cocreation.OverrideWords(sent.title, sent.reason, sent.instead)
    cocreation.decision_override(by, challenge_seen(number, by), words)
    return answer(request, whole(number, by))


@router.put(
    "/challenges/{number}/follow",
    auth=TAKE_PART,
    response={200: Given, **WRITES},
    operation_id="challenges_follow",
    summary="Follow a challenge",
)
def challenges_follow(request: HttpRequest, number: Number) -> HttpResponse:
    """Be told what happens there. Again is harmless."""
    by = actor(request)
    cocreation.follow(by, challenge_open_seen(number, by))
    return answer(request, {"holds": True, "count": None})


@router.delete(
    "/challenges/{number}/follow",
    auth=TAKE_PART,
    response={200: Given, **WRITES},
    operation_id="challenges_unfollow",
    summary="Follow a challenge no more",
)
def challenges_unfollow(request: HttpRequest, number: Number) -> HttpResponse:
    """Again is harmless."""
    by = actor(request)
    cocreation.unfollow(by, challenge_open_seen(number, by))
    return answer(request, {"holds": False, "count": None})


@router.post(
    "/challenges/{number}/similar",
    auth=READ,
    response={200: shapes.SimilarTitles, **WRITES},
    operation_id="challenges_similar",
    summary="Find similar titles",
)
def challenges_similar(request: HttpRequest, number: Number, sent: Body[shapes.SimilarSent]) -> HttpResponse:
    """What was given already under titles like this one, most alike first; slips of the finger are forgiven."""
    challenge = challenge_open_seen(number, reader(request))
    found = cocreation.similar(challenge.space_id, sent.title, challenge=challenge.pk)
    told = [{"id": one.contribution, "title": one.title, "score": round(one.score, 3)} for one in found]
    return answer(request, {"similar": told})


def light(challenge: Challenge, space: str | None = None) -> dict[str, Any]:
    """A challenge as a list tells it; its calendar was prefetched."""
    return {
        "id": challenge.pk,
        "space": space,
        "title": challenge.title,
        "power": challenge.power,
        "by_brand": challenge.by_brand,
        "opened_by": telling.person(challenge.owner),
        "opened": challenge.opened,
        "cancelled": challenge.cancelled,
        "phase": cocreation.phase_now(challenge),
        "answer_by": challenge.answer_by,
        "contributions": challenge.contributions_count,
        "people": challenge.people_count,
        "overridden": challenge.override_told is not None,
    }


def whole(number: int, member: Member | None) -> dict[str, Any]:
    """A challenge with everything that is said of it: four queries. Raises `NotThere`.

    Of one that is hidden nobody but its owner and moderators reads more than why.
    """
    challenge = cocreation.challenge_seen(number, member) or cocreation.challenge_withheld(number, member)
    if challenge is None:
        raise nothing()
    override = challenge.override_told
    return {
        **light(challenge, challenge.space.slug),
        **{name: getattr(challenge, name) for name in _BRIEF},
        "kinds": challenge.kinds,
        "hidden": telling.hidings_of("challenge", [challenge]).get(challenge.pk),
        "cancel_reason": challenge.cancel_reason or None,
        "phases": [_phase(each) for each in cocreation.phases_told(challenge)],
        "override": override
        and {
            "by": telling.speaker(override.name),
            "title": override.title,
            "reason": override.reason,
            "instead": override.instead,
            "at": override.at,
        },
        "follows": None if member is None else cocreation.follows(member, challenge),
        "leads": cocreation.leads(member, challenge),
    }


def _phase(phase: cocreation.PhaseTold) -> dict[str, Any]:
    longer = [
        {
            "was": each.was,
            "until": each.until,
            "reason": each.reason,
            "by": telling.person(each.by),
            "at": each.at,
        }
        for each in phase.extensions
    ]
    return {
        "kind": phase.kind,
        "starts": phase.starts,
        "ends": phase.ends,
        "when": phase.when,
        "extensions": longer,
    }


def _words(sent: shapes.ChallengeSent) -> cocreation.ChallengeWords:
    brief = {name: getattr(sent, name) for name in _BRIEF}
    due = utc(sent.answer_by) if sent.answer_by is not None else None
    return cocreation.ChallengeWords(
        sent.title, power=sent.power, **brief, answer_by=due, kinds=tuple(sent.kinds)
    )
