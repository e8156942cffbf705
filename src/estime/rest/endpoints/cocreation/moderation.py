"""Reports, hiding for a reason, appeals; and what everybody may know of it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router

from estime.cocreation import api as cocreation
from estime.cocreation.api import Appeal, Hiding, Member, Report
from estime.rest.answers import answer
from estime.rest.endpoints.cocreation import telling
from estime.rest.endpoints.cocreation.asking import (
    MODERATE,
    MODERATION,
    OWN,
    READ,
    TAKE_PART,
    Number,
    Slug,
    actor,
    nothing,
    reader,
    space_seen,
)
from estime.rest.endpoints.cocreation.pages import Paged, begins_beyond, page
from estime.rest.endpoints.cocreation.shapes import moderation as shapes
from estime.rest.endpoints.cocreation.shapes.base import Reason
from estime.rest.endpoints.cocreation.spaces import READS, WRITES
from estime.rest.once import made
from estime.rest.reference import PAGED

router = Router(tags=["moderation"])
_TARGETS = {
    "contribution": "contribution",
    "comment": "comment",
    "question": "interpellation",
    "challenge": "challenge",
    "picture": "picture",
}


@router.post(
    "/reports",
    auth=TAKE_PART,
    response={201: shapes.Reported, **WRITES},
    operation_id="reports_make",
    summary="Report something",
)
def reports_make(request: HttpRequest, sent: Body[shapes.ReportSent]) -> HttpResponse:
    """A moderator looks, and whoever reported is told what became of it. Once a person and thing."""
    by = actor(request)
    thing = _thing(sent, by)
    return made(
        request,
        lambda: cocreation.report(by, thing, sent.reason, sent.words).pk,
        lambda number: _report(Report.objects.get(pk=number)),
    )


@router.get(
    "/spaces/{slug}/hidings",
    auth=READ,
    response={200: shapes.Hidings, **READS},
    operation_id="hidings_list",
    summary="List what was hidden in a space",
    openapi_extra=PAGED,
)
def hidings_list(request: HttpRequest, slug: Slug, asked: Query[Paged]) -> HttpResponse:
    """For everybody: how much, for which reasons, how much of it criticism; never the words that were hidden."""
    space = space_seen(slug, reader(request))
    question = ["hidings", space.pk]
    found = cocreation.hidings_listed(space, begins_beyond(question, asked))
    names = ("reason", "criticism", "at", "lifted")
    told = {
        "hidings": [{name: getattr(one, name) for name in names} for one in found.rows],
        **cocreation.hiding_numbers(space)._asdict(),
    }
    return page(request, question, told, found.after)


@router.get(
    "/moderation/reports",
    auth=MODERATION,
    response={200: shapes.Queue, **READS},
    operation_id="reports_list",
    summary="List what was reported",
    openapi_extra=PAGED,
)
def reports_list(request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
    """Things that nobody looked at yet, the one that waits longest first. Who reported them is not told."""
    by = actor(request)
    question = ["reports", by.pk]
    found = cocreation.reports_listed(begins_beyond(question, asked))
    counts = cocreation.report_numbers(found.rows)
    told = [
        {**about(one), "space": one.space.slug, "reports": counts.get(one.pk, 1), "reason": one.reason,
         "at": one.at, "due": one.due}
        for one in found.rows
    ]  # fmt: skip
    return page(request, question, {"things": told}, found.after)


@router.post(
    "/moderation/kept",
    auth=MODERATE,
    response={200: shapes.Settled, **WRITES},
    operation_id="reports_keep",
    summary="Settle reports: it stays",
)
def reports_keep(request: HttpRequest, sent: Body[shapes.ThingSent]) -> HttpResponse:
    """All open reports of a thing. Again is harmless."""
    by = actor(request)
    return answer(request, {"settled": cocreation.report_keep(by, _thing(sent, by))})


@router.post(
    "/moderation/hidings",
    auth=MODERATE,
    response={201: shapes.Hiding, **WRITES},
    operation_id="hidings_make",
    summary="Hide something",
)
def hidings_make(request: HttpRequest, sent: Body[shapes.HideSent]) -> HttpResponse:
    """By name, for a reason that is told in its place. What is hidden already stays as it was."""
    by = actor(request)
    thing = _thing(sent, by)
    why = cocreation.Why(sent.reason, sent.words, sent.criticism)
    return made(
        request,
        lambda: cocreation.hide(by, thing, why).pk,
        lambda number: _hiding(cocreation.hiding_seen(int(number), by)),
    )


@router.get(
    "/hidings/{number}",
    auth=OWN,
    response={200: shapes.Hiding, **READS},
    operation_id="hidings_get",
    summary="Get a hiding",
)
def hidings_get(request: HttpRequest, number: Number) -> HttpResponse:
    """For whoever wrote what is hidden, and for moderators."""
    return answer(request, _hiding(cocreation.hiding_seen(number, actor(request))))


@router.put(
    "/hidings/{number}/lifting",
    auth=MODERATE,
    response={200: shapes.Hiding, **WRITES},
    operation_id="hidings_lift",
    summary="Show something again",
)
def hidings_lift(request: HttpRequest, number: Number, sent: Body[Reason]) -> HttpResponse:
    """For a reason that is kept. Again is harmless."""
    return _deed(request, number, lambda by, hiding: cocreation.show_again(by, hiding, sent.reason))


@router.put(
    "/hidings/{number}/appeal",
    auth=TAKE_PART,
    response={200: shapes.Hiding, **WRITES},
    operation_id="appeals_make",
    summary="Ask to look again",
)
def appeals_make(request: HttpRequest, number: Number, sent: Body[shapes.AppealSent]) -> HttpResponse:
    """As an author of what is hidden, once; somebody else than who hid it answers. The second time gives it back."""
    return _deed(request, number, lambda by, hiding: cocreation.appeal(by, hiding, sent.words))


@router.get(
    "/moderation/appeals",
    auth=MODERATION,
    response={200: shapes.Appeals, **READS},
    operation_id="appeals_list",
    summary="List appeals without an answer",
    openapi_extra=PAGED,
)
def appeals_list(request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
    """The one that waits longest first."""
    by = actor(request)
    question = ["appeals", by.pk]
    found = cocreation.appeals_listed(begins_beyond(question, asked))
    told = [
        {
            "hiding": one.hiding_id,
            "by": telling.person(one.member),
            **{name: getattr(one, name) for name in ("words", "at", "due")},
        }
        for one in found.rows
    ]
    return page(request, question, {"appeals": told}, found.after)


@router.put(
    "/hidings/{number}/appeal/answer",
    auth=MODERATE,
    response={200: shapes.Hiding, **WRITES},
    operation_id="appeals_settle",
    summary="Answer an appeal",
)
def appeals_settle(request: HttpRequest, number: Number, sent: Body[shapes.SettleAppeal]) -> HttpResponse:
    """In words, by somebody else than who hid it. Granted, it is shown again."""

    def settle(by: Member, hiding: Hiding) -> None:
        found = _appeal_of(hiding)
        if found is None:
            raise nothing()
        found.hiding = hiding
        cocreation.appeal_settle(by, found, sent.answer, granted=sent.granted)

    return _deed(request, number, settle)


def _deed(request: HttpRequest, number: int, deed: Callable[[Member, Hiding], object]) -> HttpResponse:
    """Do it to a hiding that whoever asks may look at, and tell what stands then."""
    by = actor(request)
    deed(by, cocreation.hiding_seen(number, by))
    return answer(request, _hiding(cocreation.hiding_seen(number, by)))


def _thing(sent: shapes.ThingSent, by: Member) -> Any:
    return cocreation.hideable(_TARGETS[sent.kind], sent.id, by)


def about(row: Report | Hiding) -> dict[str, str]:
    kind, column = next((k, c) for k, c in _TARGETS.items() if getattr(row, f"{c}_id") is not None)
    return {"kind": kind, "thing": str(getattr(row, f"{column}_id"))}


def _report(one: Report) -> dict[str, Any]:
    names = ("reason", "at", "settled", "kept")
    return {"id": one.pk, **{name: getattr(one, name) for name in names}}


def _appeal_of(hiding: Hiding) -> Appeal | None:
    return getattr(hiding, "appeal", None)


def _hiding(one: Hiding) -> dict[str, Any]:
    names = ("reason", "words", "criticism", "at", "lifted", "name")
    asked = _appeal_of(one)
    return {
        "id": one.pk,
        **about(one),
        **{name: getattr(one, name) for name in names},
        "lifted_reason": one.lifted_reason or None,
        "appeal": _appeal(asked) if asked is not None else None,
    }


def _appeal(one: Appeal) -> dict[str, Any]:
    names = ("words", "at", "settled", "granted")
    return {**{name: getattr(one, name) for name in names}, "answer": one.answer or None}
