"""Challenges that were lived elsewhere, brought in: a file is sent, a job brings it, and what came of it is told.

The file is sent once and kept until it was brought; reading it happens in a process of its own, within limits. Whoever
sent it, and nobody else, is told what came of it.
"""

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from estime.channels.challenges import api as challenges
from estime.channels.challenges.api import Told, Wish
from estime.cocreation import api as cocreation
from estime.cocreation.api import Member, Space
from estime.rest.answers import answer
from estime.rest.auth import bearer_here, reached
from estime.rest.endpoints.cocreation.asking import LEAD, LEADING, Slug, actor, space_seen
from estime.rest.endpoints.cocreation.backstage import UPLOADS
from estime.rest.endpoints.cocreation.pages import Sized, begins, page
from estime.rest.endpoints.cocreation.shapes import imports as shapes
from estime.rest.endpoints.cocreation.spaces import READS
from estime.rest.endpoints.cocreation.uploads import KeptFile, field_sent, file_kept, multipart
from estime.rest.errors import Invalid
from estime.rest.once import made
from estime.rest.reference import PAGED

router = Router(tags=["challenges"])
_FIELDS: Final = {
    "as": ("format", 32, "Its format, where it cannot be seen from the file."),
    "channel": ("channel", 64, "Where its acts happened; the name of the format else."),
    "map": ("mapping", 64 * 1024, "A mapping (YAML), or the name of a shipped one: any CSV."),
    "title": ("title", 160, "What the challenge is called here, if not as in the source."),
    "source": ("known", 10_000, "Where it comes from and under which licence, for its page."),
    "closes": ("closes", 40, "When its vote ended, or until when it runs: a day."),
    "timezone": ("timezone", 64, "Zone of times without one, such as Europe/Paris."),
    "date_format": ("date_format", 64, "How times are written, such as %d/%m/%Y."),
    "encoding": ("encoding", 40, "Of the text, if it is not UTF-8, such as cp1252."),
    "component": ("component", 40, "Of a whole Decidim site: the number of the component that is brought."),
}
"""Fields of the body, named as the options of `estime challenge import`: what each is of a `Wish`, its length."""
_STATES: Final = "What a site’s own state of an answer is here, such as in_study=later; may be repeated."
_MOST_STATES: Final = 50
_TRUE, _FALSE = ("1", "true", "yes"), ("", "0", "false", "no")
_BODY: Final = multipart(
    **{name: {"type": "string", "description": told} for name, (_of, _most, told) in _FIELDS.items()},
    state={"type": "array", "items": {"type": "string"}, "description": _STATES},
    dry_run={"type": "boolean", "description": "Try everything, keep nothing."},
)


@router.post(
    "/spaces/{slug}/imports",
    auth=LEAD,
    response={201: shapes.ChallengeImport, **UPLOADS},
    operation_id="imports_send",
    summary="Bring a challenge in",
    openapi_extra=_BODY,
)
def imports_send(request: HttpRequest, slug: Slug) -> HttpResponse:
    """A challenge that was lived elsewhere, as one file: what `estime challenge import` takes, a folder as zip.

    For whoever leads challenges. The answer comes before the file is read: ask for it again at `/imports/{id}`. The
    same file again changes nothing, whether with the same Idempotency-Key or with none.
    """
    by = actor(request)
    bearer = bearer_here(request)
    if bearer.channel:
        reached(bearer, "")  # its acts lie on another channel than the one that this token is for
    space = space_seen(slug, by)
    for permission in ("challenge.lead", "channels.import"):
        cocreation.check_may(by, permission)
    kept = file_kept(request, int(settings.ESTIME_UPLOAD_MB) << 20)
    try:
        return _sent(request, kept, space, by)
    finally:
        kept.discard()


def _sent(request: HttpRequest, kept: KeptFile, space: Space, by: Member) -> HttpResponse:
    wish, arrived = _wish(request), kept.arrived
    wish.check()
    assert arrived is not None  # noqa: S101  `file_kept`

    def send() -> UUID:
        upload = challenges.challenge_upload(arrived, kept.shown, by, space, wish)
        kept.arrived = None
        return upload.pk

    said = f"{arrived.digest} {kept.shown} {wish}".encode()
    return made(request, send, lambda key: _told(challenges.challenge_upload_find(UUID(key), by)), said=said)


@router.get(
    "/imports/{uuid:key}",
    auth=LEADING,
    response={200: shapes.ChallengeImport, **READS},
    operation_id="imports_get",
    summary="Get what came of a challenge that was sent",
)
def imports_get(request: HttpRequest, key: UUID) -> HttpResponse:
    """For whoever sent it. `result` is what `estime challenge import --json` tells."""
    return answer(request, _told(challenges.challenge_upload_find(key, actor(request))))


@router.get(
    "/imports/{uuid:key}/rejects",
    auth=LEADING,
    response={200: shapes.RowsRefused, **READS},
    operation_id="imports_rejects",
    summary="List the rows of a challenge that were refused",
    openapi_extra=PAGED,
)
def imports_rejects(request: HttpRequest, key: UUID, asked: Query[Sized]) -> HttpResponse:
    """Each with line and reason, in the order of the lines: mend them in the source, and send that again. Of a dry run
    there are only the first ten, which are told with it.
    """
    told = challenges.challenge_upload_find(key, actor(request))
    question = ["imports-rejects", str(key)]
    at = begins(question, asked)
    found = challenges.challenge_upload_rejects(told, int(at[0]) if at else 0, asked.limit)
    names = ("line", "code", "reason")
    rejects = [{name: getattr(each.reject, name) for name in names} for each in found.rows]
    return page(request, question, {"rejects": rejects}, found.next and [found.next])


def _wish(request: HttpRequest) -> Wish:
    told = {of: field_sent(request, name, most) for name, (of, most, _told) in _FIELDS.items()}
    states = [text for text in request.POST.getlist("state") if text]
    if len(states) > _MOST_STATES or any(len(text) > 200 or "\x00" in text for text in states):
        raise _unclear("state", f"At most {_MOST_STATES}, of at most 200 characters each.")
    dry = field_sent(request, "dry_run", 8).casefold()
    if dry not in (*_TRUE, *_FALSE):
        raise _unclear("dry_run", "It is true or false.")
    return Wish(**told, states=challenges.states_read(states), dry_run=dry in _TRUE)


def _unclear(name: str, told: str) -> Invalid:
    errors = [{"at": f"body.{name}", "message": told}]
    return Invalid(f"This cannot be understood: {name}.", todo=told, errors=errors)


def _told(told: Told) -> dict[str, Any]:
    upload = told.upload
    result = dict(told.result) if told.result is not None else None
    dry = bool(upload.options["challenge"]["dry_run"])
    if result is not None and dry and result["fresh"]:
        result["challenge"] = None
    return {
        "id": str(upload.pk),
        "status": told.status,
        "file_name": upload.file_name,
        "bytes": upload.size,
        "dry_run": dry,
        "at": upload.at,
        "result": result,
        "error": told.error,
    }
