"""Lists page by page: what they can be asked, and how a page is answered."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema

from estime.rest.answers import answer
from estime.rest.cursors import cursor_of, place_of
from estime.rest.endpoints.acts import next_link

CURSOR = "Where the page begins: `next` of the page before, with the same parameters."


class Paged(Schema):
    """Which page. Pages of this list have a fixed length."""

    cursor: str = Field("", max_length=500, description=CURSOR)


class Sized(Paged):
    """Which page, and how long."""

    limit: int = Field(20, ge=1, le=100)


def begins(question: Sequence[object], asked: Paged) -> Any:
    """Where the page begins that is asked for; None for the first."""
    return place_of(question, asked.cursor) if asked.cursor else None


def begins_beyond(question: Sequence[object], asked: Paged) -> int:
    """The same, of a list that goes by number: the last of the page before; 0 for the first page."""
    return int(begins(question, asked) or 0)


def page(
    request: HttpRequest, question: Sequence[object], told: dict[str, Any], after: object
) -> HttpResponse:
    """One page. `after`: where the next one begins; nothing (0, "", None) at the end."""
    following = cursor_of(question, after) if after else None
    headers = {} if following is None else {"Link": next_link(request, following)}
    return answer(request, {**told, "next": following}, headers=headers)
