"""What the documentation of the API (OpenAPI) says beyond what the code itself tells."""

from typing import Any, Final

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from estime.rest.problems import MEDIA_TYPE
from estime.rest.schemas import Problem

DESCRIPTION: Final = """
Acts in, acts and figures out. Every request carries an access token: `Authorization: Bearer est_…`; cookies are not
looked at. Refusals are problems of RFC 9457 with a stable `code`. Lists come page by page: follow the header `Link`
with `rel="next"`, or `next` in the body, as it is. Answers to GET carry an `ETag`; send it back in `If-None-Match`.
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
ACTS_BODY: Final = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"anyOf": [{"type": "array", "items": _ACTIVITY, "maxItems": 1000}, _COLLECTION]},
            "examples": {
                "list": {"summary": "A list of activities", "value": _EXAMPLE},
                "object": {"summary": "An object with the channel", "value": {"channel": "forum", "acts": _EXAMPLE}},
            },
        },
    },
}  # fmt: skip
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
]
_HEADERS: Final = {
    "X-Request-Id": {"description": "The one that was sent, or a new one.", "schema": {"type": "string"}},
}
_NOT_MODIFIED: Final = {"description": "You have the newest (If-None-Match)."}


def problems(*statuses: int) -> dict[int, type[Problem]]:
    """The problems that an endpoint may answer with; 500 goes without saying."""
    return dict.fromkeys((*statuses, 500), Problem)


class Api(NinjaAPI):
    """The API, with a schema in which problems have their own media type."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**kwargs)
        schema["tags"] = _TAGS
        for path in schema["paths"].values():
            for method, operation in path.items():
                _finish(method, operation)
        return schema


def _finish(method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    for status, response in responses.items():
        response.setdefault("headers", {}).update(_HEADERS)
        if int(status) >= 400 and "content" in response:
            response["content"] = {MEDIA_TYPE: next(iter(response["content"].values()))}
        if int(status) in (429, 503):
            response["headers"]["Retry-After"] = {"description": "Seconds.", "schema": {"type": "string"}}
    if method == "get":
        responses[304] = _NOT_MODIFIED
