"""Acts in and out: POST /acts, GET /acts, GET /acts/{id}."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from estime.channels import api as channels
from estime.ledger import api as ledger
from estime.people import api as people
from estime.people.tokens import Bearer
from estime.readouts.mentions import without_mentions, without_people
from estime.rest import schemas
from estime.rest.answers import JSON, answer
from estime.rest.auth import Token, bearer_here, reached
from estime.rest.bodies import body_read, json_read, lines_of
from estime.rest.cursors import cursor_of, place_of
from estime.rest.errors import Invalid, MediaTypeUnknown, NotThere, TooManyActs
from estime.rest.filters import InChannel, OfActs
from estime.rest.moments import utc
from estime.rest.reference import ACTS_TAKEN, PAGED, problems

MOST_ACTS = 1_000
MOST_BYTES = 5 * 1024 * 1024
_LINES = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines")
_DOCUMENTS = ("application/json", "application/activity+json", "application/ld+json", "text/json")

_ITEM = ("index", "status", "source_id", "id", "code", "reason")

router = Router(tags=["acts"])


@router.post(
    "/acts",
    auth=Token("acts:write", writes=True),
    response={200: schemas.Taken, 207: schemas.Taken, **problems(400, 401, 403, 411, 413, 415, 429, 503)},
    openapi_extra=ACTS_TAKEN,
    operation_id="acts_post",
    summary="Send acts",
)
def acts_post(request: HttpRequest, asked: Query[InChannel]) -> HttpResponse:
    """Up to 1,000 Activity Streams 2.0 activities in up to 5 MiB, as JSON or, a line each, as NDJSON; gzip is read.

    Each is told what became of it: the good ones are kept even where others are refused. 200: none was refused;
    207: look at the items. When the answer comes, what is created is on the disk. The same batch again is safe:
    an act is known by its channel and its id, and told twice is one act.
    """
    bearer = bearer_here(request)
    documents, named = _documents(request)
    place = reached(bearer, asked.channel or named or bearer.channel)
    if not place:
        raise Invalid("It is not said where these acts happened.", todo="Name the channel: ?channel=forum.")
    if len(documents) > MOST_ACTS:
        raise TooManyActs(f"More than {MOST_ACTS:,} acts are not taken at once.", todo="Send them in parts.")
    ledger.check_channel_name(place)
    items = _taken(place, documents)
    counts = Counter(item["status"] for item in items)
    told = {"channel": place, **{name: counts[name] for name in ("created", "known", "refused", "erased")}}
    told["items"] = items
    return HttpResponse(orjson.dumps(told), status=207 if counts["refused"] else 200, content_type=JSON)


def _taken(channel: str, documents: list[Any]) -> list[dict[str, Any]]:
    """Translate, append, and tell of each, in its order."""
    items: list[dict[str, Any]] = [{}] * len(documents)
    drafts = []
    for row in channels.acts_from_documents(documents):
        if isinstance(row, ledger.Reject):
            items[row.line] = _item(row.line, None, ledger.Outcome("refused", None, row.code, row.reason))
        else:
            drafts.append(row)
    if drafts:
        outcomes = ledger.append_together(channel, drafts)  # type: ignore[arg-type]  # acts only
        for (line, draft), outcome in zip(drafts, outcomes, strict=True):
            items[line] = _item(line, draft.source_id, outcome)  # type: ignore[union-attr]
    return items


def _item(index: int, source_id: str | None, outcome: ledger.Outcome) -> dict[str, Any]:
    """Half a character, which is refused, cannot be told back either."""
    if outcome.status == "refused":
        source_id = None if source_id is None else source_id.encode("utf-8", "replace").decode()
        reason = str(outcome.reason).encode("utf-8", "replace").decode()
        return dict(zip(_ITEM, (index, "refused", source_id, None, outcome.code, reason), strict=True))
    return dict(zip(_ITEM, (index, outcome.status, source_id, outcome.id, None, None), strict=True))


def _documents(request: HttpRequest) -> tuple[list[Any], str]:
    """The activities of a body in any of its forms, and the channel if the body names one."""
    kind = request.headers.get("Content-Type", "application/json").partition(";")[0].strip().lower()
    if kind in _LINES:
        return lines_of(body_read(request, MOST_BYTES)), ""
    if kind not in _DOCUMENTS:
        raise MediaTypeUnknown(
            "Acts are read as JSON or NDJSON.", todo="Set Content-Type to application/json."
        )
    told = json_read(body_read(request, MOST_BYTES))
    if isinstance(told, list):
        return told, ""
    if not isinstance(told, dict):
        raise _shapeless()
    named = told.get("channel", "")
    if not isinstance(named, str):
        raise Invalid("“channel” is not a text.", todo="Write its name.")
    for name in ("acts", "orderedItems", "items"):
        if isinstance(told.get(name), list):
            return told[name], named
    if "type" in told and "items" not in told and "orderedItems" not in told:
        return [told], ""
    raise _shapeless()


def _shapeless() -> Invalid:
    return Invalid(
        "The body is neither a list of activities, nor a collection, nor an object with “acts”.",
        todo="Send [ {…}, {…} ].",
    )


@router.get(
    "/acts",
    auth=Token("acts:read"),
    response={200: schemas.Acts, **problems(401, 403, 404, 429, 503)},
    operation_id="acts_list",
    summary="List acts",
    openapi_extra=PAGED,
)
def acts_list(request: HttpRequest, asked: Query[OfActs]) -> HttpResponse:
    """Acts, page by page. Without the scope persons:read they show account keys and no handles, and texts without
    the people who are named in them; `text` does not look for people then either.
    """
    bearer = bearer_here(request)
    place = reached(bearer, asked.channel or bearer.channel)
    types = tuple(sorted(set(asked.type)))
    if asked.order == "ledger" and asked.text:
        raise Invalid("“text” is not looked for in the order of the ledger.", todo="Leave order=ledger out.")
    since, until = asked.since and utc(asked.since), asked.until and utc(asked.until)
    question = ["acts", asked.order, place, types, since, until, asked.text]
    at = place_of(question, asked.cursor) if asked.cursor else None
    if asked.order == "ledger":
        passing = ledger.Passing(place, types, since, until)
        told = ledger.acts_following(passing, asked.limit, tuple(at) if at else (0, 0))
        return acts_answer(request, Listing(told.acts, told.next, question))
    words, left_out = (asked.text, []) if bearer.may("persons:read") else without_people(asked.text)
    wanted = ledger.ActFilter(channel=place, types=types, since=since, until=until, words=words)
    return acts_newest(request, wanted, asked.limit, question, at, left_out)


class Listing(NamedTuple):
    """Acts as a page of them is answered. `next`: where the next page of this `question` begins."""

    acts: list[ledger.ActRow]
    next: Sequence[int] | None
    question: Sequence[object]
    behind: bool = False
    ignored: Sequence[str] = ()


def acts_newest(
    request: HttpRequest,
    wanted: ledger.ActFilter,
    limit: int,
    question: Sequence[object],
    at: Sequence[int] | None,
    left_out: Sequence[str] = (),
) -> HttpResponse:
    """A page of what the index of acts finds, newest first."""
    standing = ledger.standing()
    page = ledger.acts_newest(wanted, limit, (at[0], at[1]) if at else None)
    behind = standing.waiting or standing.gone > 0
    return acts_answer(request, Listing(page.acts, page.older, question, behind, [*left_out, *page.ignored]))


def _looked_at(bearer: Bearer, acts: list[ledger.ActRow]) -> bool:
    """Whether names are told; if so, each person whose name is told is looked at, which is kept."""
    named = bearer.may("persons:read")
    if named:
        accounts = sorted({act.account for act in acts if act.handle is not None})
        people.looks_record(bearer.owner, accounts, "rest", once=True)
    return named


def acts_answer(request: HttpRequest, page: Listing) -> HttpResponse:
    """One page, with the address of the next in the header Link."""
    bearer = bearer_here(request)
    named = _looked_at(bearer, page.acts)
    following = None if page.next is None else cursor_of(page.question, page.next)
    headers = {} if following is None else {"Link": next_link(request, following)}
    told = {
        "acts": [act_told(act, named=named) for act in page.acts],
        "next": following,
        "behind": page.behind,
        "ignored": page.ignored,
    }
    return answer(request, told, headers=headers)


def next_link(request: HttpRequest, cursor: str) -> str:
    """The header Link: this address with another cursor."""
    asked = request.GET.copy()
    asked["cursor"] = cursor
    return f'<{request.path}?{asked.urlencode()}>; rel="next"'


@router.get(
    "/acts/{uuid:act_id}",
    auth=Token("acts:read"),
    response={200: schemas.Act, **problems(401, 403, 404, 429, 503)},
    operation_id="acts_get",
    summary="Get one act",
)
def acts_get(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """One act by its id."""
    bearer = bearer_here(request)
    act = ledger.act_find(act_id)
    if act is None or not bearer.reaches(act.channel):
        raise NotThere("There is no act with this id that this token may see.", todo="Check the id.")
    return answer(request, act_told(act, named=_looked_at(bearer, [act])))


def act_told(act: ledger.ActRow, *, named: bool) -> dict[str, Any]:
    """An act as it is answered; `named`: with what says who did it, and whom the text names."""
    told = act._asdict()
    del told["seq"]
    told["account"] = str(act.account)
    told["extra"] = orjson.loads(act.extra) if named and act.extra else None
    if not named:
        told["handle"] = told["on_behalf_of"] = None
        told["content"] = act.content and without_mentions(act.content)
    return told
