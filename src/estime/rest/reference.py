"""What the documentation of the API (OpenAPI) says beyond what the code itself tells."""

from collections.abc import Iterator
from typing import Any, Final

import orjson
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from estime.rest.auth import Token
from estime.rest.problems import MEDIA_TYPE
from estime.rest.schemas import Problem

DESCRIPTION: Final = """
Acts in, acts and figures out; and everything that members and the brand’s people do in co-creation. A request carries
an access token: `Authorization: Bearer est_…`; cookies are not looked at. Each operation names the scopes that the
token needs in its `security`; what is public of co-creation can be read without one. Refusals are problems of RFC 9457
with a stable `code`. Lists come page by page: follow the header `Link` with `rel="next"`, or `next` in the body, as it
is. Answers to GET carry an `ETag`; send it back in `If-None-Match`.
The headers `RateLimit` and `RateLimit-Policy` tell what is left; a 429 says in `Retry-After` how long to wait.
""".strip()

_ACTIVITY: Final = {
    "type": "object",
    "description": "An Activity Streams 2.0 activity: `type`, `actor` and `published` are needed, `id` is wanted. An"
    " act without id is known by its content. Fields that are not known here are kept.",
    "additionalProperties": True,
    "properties": {
        "id": {
            "description": "Unique on its channel: what makes sending it again safe.",
            "type": ["string", "null"],
        },
        "type": {"type": ["string", "array"], "items": {}},
        "actor": {"type": ["string", "object", "array", "integer", "null"], "items": {}},
        "published": {
            "description": "When it happened, with a time zone.",
            "type": ["string", "integer", "number", "null"],
        },
    },
}
_EXAMPLE: Final = [
    {
        "id": "https://forum.example.org/post/41",
        "type": "Create",
        "actor": "marie",
        "published": "2026-03-01T18:30:00+01:00",
        "object": {"id": "post/41", "type": "Note", "content": "The cap leaks.", "inReplyTo": "post/40"},
    },
    {
        "id": "like/7/marie",
        "type": "Like",
        "actor": "paul",
        "published": "2026-03-01T18:31:00Z",
        "object": "post/41",
    },
]
_COLLECTION: Final = {
    "type": "object",
    "properties": {
        "channel": {"type": "string"},
        "acts": {"type": "array", "items": _ACTIVITY, "maxItems": 1000},
    },
    "required": ["acts"],
}
_LINES: Final = "\n".join(orjson.dumps(act).decode() for act in _EXAMPLE) + "\n"
ACTS_BODY: Final = {
    "required": True,
    "description": "At most 1,000 activities in 5 MiB, counted after unpacking: plain, or with Content-Encoding gzip.",
    "content": {
        "application/json": {
            "schema": {"anyOf": [{"type": "array", "items": _ACTIVITY, "maxItems": 1000}, _COLLECTION]},
            "examples": {
                "list": {"summary": "A list of activities", "value": _EXAMPLE},
                "object": {"summary": "An object with the channel", "value": {"channel": "forum", "acts": _EXAMPLE}},
            },
        },
        "application/x-ndjson": {
            "schema": {"type": "string", "description": "An activity a line. The channel is named in the address."},
            "examples": {"lines": {"summary": "A line each", "value": _LINES}},
        },
    },
}  # fmt: skip
_TAKEN: Final = {
    "channel": "forum", "created": 1, "known": 0, "refused": 1, "erased": 0,
    "items": [
        {"index": 0, "status": "created", "source_id": "https://forum.example.org/post/41",
         "id": "019c9b1e-5c1a-7d2e-8f3b-0a1b2c3d4e5f", "code": None, "reason": None},
        {"index": 1, "status": "refused", "source_id": "like/7/marie", "id": None, "code": "time-in-future",
         "reason": "The time 2036-03-01T18:31:00+00:00 lies in the future: check the clock or the time zone."},
    ],
}  # fmt: skip
ACTS_TAKEN: Final = {
    "requestBody": ACTS_BODY,
    "responses": {
        200: {"description": "None was refused."},
        207: {
            "description": "At least one was refused: look at the items. The others are kept.",
            "content": {"application/json": {"example": _TAKEN}},
        },
    },
}
PAGED: Final = {
    "responses": {
        200: {
            "headers": {
                "Link": {"description": 'The next page, `rel="next"`.', "schema": {"type": "string"}},
            }
        }
    }
}
_TAGS: Final = [
    {"name": "acts", "description": "What people did, on every channel."},
    {"name": "persons", "description": "Who did it. Every look is recorded."},
    {"name": "figures", "description": "What was computed of it, unrounded."},
    {"name": "readouts", "description": "What there is to say about it."},
    {"name": "about", "description": "Channels, and the token itself."},
    {"name": "spaces", "description": "Co-creation: places, and what happens there."},
    {"name": "challenges", "description": "What is asked of members, with how much say, until when."},
    {"name": "contributions", "description": "Ideas, tips, stories, creations: what members give."},
    {"name": "drafts", "description": "What somebody is writing; nobody else sees it."},
    {"name": "pictures", "description": "Pictures and files."},
    {"name": "discussion", "description": "What members say to each other; improvements offered."},
    {"name": "questions", "description": "Questions to the brand."},
    {"name": "answers", "description": "Decisions, promises, and what was made."},
    {"name": "votes", "description": "Votes. Nothing here tells how somebody voted."},
    {"name": "mine", "description": "What somebody gave, and what became of it."},
    {"name": "moderation", "description": "Reports, what was hidden and why, appeals."},
    {"name": "listening", "description": "What texts say and feel: sums by month, and texts that are sent."},
    {"name": "surveys", "description": "How people say that they are treated: one's own answers, and sums."},
]


_HEADERS: Final[dict[str, dict[str, Any]]] = {}
"""Headers of answers, told once (`components/headers`) and referred to."""


def _header(description: str, name: str = "") -> dict[str, Any]:
    told = {"description": description, "schema": {"type": "string"}}
    if not name:
        return told
    _HEADERS[name] = told
    return {"$ref": f"#/components/headers/{name}"}


_LEFT: Final = {
    "RateLimit-Policy": _header("How many requests one may make: `q` in `w` seconds.", "RateLimit-Policy"),
    "RateLimit": _header(
        "What is left: `r` requests; after `t` seconds all are there. None without a limit.", "RateLimit"
    ),
}
_OF_STATUS: Final = {
    200: {**_LEFT},
    201: {**_LEFT},
    207: {**_LEFT},
    304: {**_LEFT, "ETag": _header("The one that you have.", "ETag-Known")},
    401: {"WWW-Authenticate": _header("How to sign in.", "WWW-Authenticate")},
    429: {**_LEFT, "Retry-After": _header("How many seconds to wait.", "Retry-After")},
    503: {"Retry-After": _header("How many seconds to wait.", "Retry-After")},
}
"""Headers of answers by their status; X-Request-Id is on all of them."""
_NUMBER: Final = {"X-Request-Id": _header("The one that was sent, or a new one.", "X-Request-Id")}
_ETAG: Final = _header("Changes with what is answered.", "ETag")
_IF_NONE_MATCH: Final = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "description": "The ETag of what you have: 304 says that it is the newest.",
    "schema": {"type": "string"},
}

_IDEMPOTENCY_KEY: Final = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "Yours to make up, once for each thing to be made: sent again within a day, the same request makes"
    " nothing new and is answered with what it made.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


def problems(*statuses: int) -> dict[int, None]:
    """The problems that an endpoint may answer with; 422 (a parameter that is none) and 500 go without saying.

    What a problem looks like is told once (`_finish`): a model of its own for each would cost seconds at the start.
    """
    return dict.fromkeys(sorted({*statuses, 422, 500}))


class Api(NinjaAPI):
    """The API, with a schema in which problems have their own media type and operations name their scopes."""

    _made: OpenAPISchema | None = None
    """It never changes while a process lives, and takes a second to make."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        if self._made is None:
            self._made = self._schema_made(**kwargs)
        return self._made

    def _schema_made(self, **kwargs: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**kwargs)
        schema["tags"] = _TAGS
        scopes = dict(self._scopes())
        for path in schema["paths"].values():
            for method, operation in path.items():
                needed, strangers = scopes[operation["operationId"]]
                operation["security"] = [*([{}] if strangers else []), {Token.__name__: needed}]
                _finish(method, operation)
        told = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schema["components"]["schemas"] |= {**told.pop("$defs", {}), Problem.__name__: told}
        schema["components"]["headers"] = _HEADERS
        return schema

    def _scopes(self) -> Iterator[tuple[str, tuple[list[str], bool]]]:
        for bound in self._get_bound_routers():
            for view in bound.path_operations.values():
                for operation in view.operations:
                    tokens = [token for token in operation.auth_callbacks if isinstance(token, Token)]
                    yield str(operation.operation_id), (list(tokens[0].scopes), tokens[0].strangers)


_PROBLEM: Final = {"$ref": f"#/components/schemas/{Problem.__name__}"}


def _finish(method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    if method == "post" and 201 in responses:
        operation["parameters"] = [*operation["parameters"], _IDEMPOTENCY_KEY]
    if method == "get":
        operation["parameters"] = [*operation["parameters"], _IF_NONE_MATCH]
        responses[304] = {"description": "You have the newest."}
        responses[200].setdefault("headers", {})["ETag"] = _ETAG
    for status, response in responses.items():
        response.setdefault("headers", {}).update({**_OF_STATUS.get(int(status), {}), **_NUMBER})
        if int(status) >= 400:
            response["content"] = {MEDIA_TYPE: {"schema": _PROBLEM}}
