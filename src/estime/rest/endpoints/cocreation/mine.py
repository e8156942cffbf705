"""What is one’s own: all that one gave and what became of it, notices, invitations, how often one is told."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router

from estime.cocreation import api as cocreation
from estime.cocreation.api import Became, Contribution, Interpellation, Mine
from estime.kernel import clock
from estime.people import api as people
from estime.rest.answers import answer
from estime.rest.auth import bearer_here
from estime.rest.endpoints.cocreation import telling
from estime.rest.endpoints.cocreation.asking import LEAVE, OWN, TAKE_PART, actor
from estime.rest.endpoints.cocreation.pages import Paged, begins_beyond, page
from estime.rest.endpoints.cocreation.shapes import mine as shapes
from estime.rest.endpoints.cocreation.spaces import READS, WRITES, event_told
from estime.rest.errors import Invalid
from estime.rest.reference import PAGED

router = Router(tags=["mine"])
_KINDS = {"ideas": "contribution", "questions": "question", "challenges": "challenge"}


@router.get(
    "/me/contributions",
    auth=OWN,
    response={200: shapes.MyContributions, **READS},
    operation_id="mine_list",
    summary="List what one gave",
    openapi_extra=PAGED,
)
def mine_list(request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
    """All that one gave and what became of it, newest change first; twenty-five a page."""
    by, at = actor(request), clock.now()
    question = ["mine", by.pk]
    found = cocreation.mine(by, begins_beyond(question, asked))
    ideas = {row.place[1] for row in found.rows if row.place[0] == "ideas"}
    asking = {row.place[1] for row in found.rows if row.place[0] == "questions"}
    became: dict[tuple[str, int], Became] = {
        **{("ideas", pk): told for pk, told in cocreation.became_of(ideas).items()},
        **{("questions", pk): told for pk, told in cocreation.answers_of(asking).items()},
    }
    told = {
        "contributions": [_row(row, became.get(row.place, Became()), at) for row in found.rows],
        "counts": cocreation.mine_counts(by)._asdict(),
    }
    return page(request, question, told, found.after)


def _row(row: Mine, became: Became, at: Any) -> dict[str, Any]:
    thing, words = row.thing, ""
    if isinstance(thing, Contribution):
        words = cocreation.became_words(became, at)
    elif isinstance(thing, Interpellation):
        words = cocreation.question_words(thing, became, at)
    gone = thing.erased or getattr(thing, "hidden", False)
    pledge = became.pledge
    return {
        "kind": _KINDS[row.place[0]],
        "id": row.place[1],
        "title": None if gone else thing.title,
        "gifts": row.gifts,
        "became": words,
        "late": bool(pledge and not pledge.kept and not pledge.waived and pledge.due < at),
        "changed": row.event.at,
        "news": event_told(row.event)["words"],
    }


@router.get(
    "/me/notices",
    auth=OWN,
    response={200: shapes.Notices, **READS},
    operation_id="mine_notices",
    summary="List what concerns one",
    openapi_extra=PAGED,
)
def mine_notices(request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
    """What happened to what one gave or follows, newest first; fifty a page. Reading them changes nothing."""
    by = actor(request)
    question = ["notices", by.pk]
    found, after = cocreation.notices_of(by, begins_beyond(question, asked))
    told = [{**event_told(one.event), "title": one.title, "digest": one.digest} for one in found]
    return page(request, question, {"notices": told}, after)


@router.get(
    "/me/invitations",
    auth=OWN,
    response={200: shapes.Invitations, **READS},
    operation_id="mine_invitations",
    summary="List invitations to write something too",
)
def mine_invitations(request: HttpRequest) -> HttpResponse:
    """Newest first; accepted or declined at `/contributions/{id}/authors/me`."""
    found = cocreation.invitations_of(actor(request))
    return answer(request, {"invitations": [telling.titled(one.contribution) for one in found]})


@router.get(
    "/me/digest",
    auth=OWN,
    response={200: shapes.Digest, **READS},
    operation_id="mine_digest",
    summary="Get how often one is told",
)
def mine_digest(request: HttpRequest) -> HttpResponse:
    """And when the next digest comes."""
    by = actor(request)
    return answer(request, {"rhythm": by.digest, "due": by.digest_due})


@router.put(
    "/me/digest",
    auth=TAKE_PART,
    response={200: shapes.Digest, **WRITES},
    operation_id="mine_digest_choose",
    summary="Choose how often one is told",
)
def mine_digest_choose(request: HttpRequest, sent: Body[shapes.DigestSent]) -> HttpResponse:
    """From `never` on, what happened meanwhile is not told afterwards."""
    told = cocreation.digest_choose(actor(request), sent.rhythm)
    return answer(request, {"rhythm": told.digest, "due": told.digest_due})


@router.post(
    "/me/leave",
    auth=LEAVE,
    response={202: shapes.Left, **WRITES},
    operation_id="leave",
    summary="Leave for good",
)
def leave(request: HttpRequest, sent: Body[shapes.Leaving]) -> HttpResponse:
    """Have all that is the token owner’s erased. Nobody can bring it back.

    The login is closed with this answer, with all its tokens; a job erases the rest within minutes. What goes and what
    stays: docs/members-after.md. Sent again, it is a 401: the token is gone.
    """
    user = people.User.objects.get(pk=bearer_here(request).owner)
    if sent.address.strip().lower() != user.email.lower():
        raise Invalid(
            "This is not the address of the token’s owner.", todo="Send the address they sign in with."
        )
    people.leave(user.pk)
    return answer(request, {"left": True}, status=202)
