"""What moderators look at besides reports: hints, with the figures that they rest on, and the log of all they did."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Body, Field, Query, Router

from estime.cocreation import api as cocreation
from estime.cocreation.api import Hint, Moderated
from estime.rest.answers import answer
from estime.rest.endpoints.cocreation import telling
from estime.rest.endpoints.cocreation.asking import MODERATE, MODERATION, Number, actor, nothing
from estime.rest.endpoints.cocreation.moderation import about
from estime.rest.endpoints.cocreation.pages import Paged, begins_beyond, page
from estime.rest.endpoints.cocreation.shapes import moderation as shapes
from estime.rest.endpoints.cocreation.spaces import READS, WRITES
from estime.rest.reference import PAGED

router = Router(tags=["moderation"])
_FIGURES: Final = ("together", "expected", "chance", "minutes", "false", "shuffles", "days")


class OfHints(Paged):
    """Which hints."""

    seen: bool = Field(False, description="Those that somebody looked at already.")


@router.get(
    "/moderation/hints",
    auth=MODERATION,
    response={200: shapes.Hints, **READS},
    operation_id="hints_list",
    summary="List hints",
    openapi_extra=PAGED,
)
def hints_list(request: HttpRequest, asked: Query[OfHints]) -> HttpResponse:
    """Accounts that support the same things together, texts that are nearly the same; newest first. A hint proves
    nothing, and nothing follows from it by itself.
    """
    by = actor(request)
    question = ["hints", by.pk, asked.seen]
    found = cocreation.hints_listed(begins_beyond(question, asked), seen=asked.seen)
    return page(request, question, {"hints": _hints(found.rows)}, found.after)


@router.put(
    "/moderation/hints/{number}/seen",
    auth=MODERATE,
    response={200: shapes.Hint, **WRITES},
    operation_id="hints_seen",
    summary="Say that a hint was looked at",
)
def hints_seen(request: HttpRequest, number: Number, sent: Body[shapes.NoteSent]) -> HttpResponse:
    """With a note for the other moderators. Nothing else happens. Again is harmless: the first note stays."""
    by = actor(request)
    found = Hint.objects.select_related("space", "seen_by").filter(pk=number).first()
    if found is None:
        raise nothing()
    held = cocreation.hint_seen(by, found, sent.note)
    return answer(request, _hints([held])[0])


@router.get(
    "/moderation/log",
    auth=MODERATION,
    response={200: shapes.Log, **READS},
    operation_id="moderation_log",
    summary="List what moderators did",
    openapi_extra=PAGED,
)
def moderation_log(request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
    """Every deed, newest first. The database keeps each as it was."""
    by = actor(request)
    question = ["moderation-log", by.pk]
    found = cocreation.log_listed(begins_beyond(question, asked))
    return page(request, question, {"deeds": [_deed(each) for each in found.rows]}, found.after)


def _hints(rows: list[Hint]) -> list[dict[str, Any]]:
    """Hints with the people whom they name: one query for all."""
    named = {number for row in rows for number in row.data.get("members", [])}
    people = {one.pk: one for one, _since in cocreation.hint_members(sorted(named))} if named else {}
    return [
        {
            "id": row.pk,
            "kind": row.kind,
            "space": row.space.slug,
            "at": row.at,
            "things": [_thing(word) for word in row.data.get("things", [])],
            "people": [telling.person(people[n]) for n in row.data.get("members", []) if n in people],
            **{name: row.data.get(name) for name in _FIGURES},
            "seen": row.seen,
            "seen_by": telling.person(row.seen_by) if row.seen_by is not None else None,
            "note": row.note or None,
        }
        for row in rows
    ]


def _thing(word: str) -> dict[str, str]:
    kind, _slash, number = word.partition("/")
    return {"kind": "question" if kind == "interpellation" else kind, "thing": number}


def _deed(row: Moderated) -> dict[str, Any]:
    hiding = row.hiding or (row.appeal.hiding if row.appeal is not None else None)
    thing = hiding or row.report
    return {
        "id": row.pk,
        "deed": row.kind,
        "by": telling.person(row.by),
        "space": row.space.slug,
        "at": row.at,
        "about": about(thing) if thing is not None else None,
        "hiding": hiding.pk if hiding is not None else None,
        "hint": row.hint_id,
    }
