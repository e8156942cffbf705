"""What the lists can be asked: parameters of the address, checked before anything is looked up."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Annotated, Any, Literal, get_origin

from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema
from pydantic import AfterValidator, StringConstraints, WithJsonSchema

from estime.ledger.api import ACTIVITY_TYPES
from estime.rest.errors import Invalid

View = Callable[..., HttpResponse]


def _kind(name: str) -> str:
    if name not in ACTIVITY_TYPES:
        raise ValueError("This is not an Activity Streams 2.0 activity type, such as Create or Like.")
    return name


Name = Annotated[str, StringConstraints(max_length=64, pattern=r"^[^\x00]*$")]
Words = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00]*$")]
Kind = Annotated[
    str,
    AfterValidator(_kind),
    WithJsonSchema({"type": "string", "enum": sorted(ACTIVITY_TYPES)}),
]
_CURSOR = "Where the page begins: `next` of the page before, with the same parameters."


def only_known(view: View) -> View:
    """Refuse parameters that mean nothing, or are said twice: a misspelt filter must not answer as if it were none."""

    @wraps(view)
    def checked(request: HttpRequest, **given: Any) -> HttpResponse:
        asked = given.get("asked")
        known = type(asked).model_fields if isinstance(asked, Schema) else {}
        wrong = [
            {
                "at": name,
                "message": "There is no such parameter." if name not in known else "It is said twice.",
            }
            for name, values in request.GET.lists()
            if name not in known or (len(values) > 1 and get_origin(known[name].annotation) is not list)
        ]
        if wrong:
            places = ", ".join(each["at"][:64] for each in wrong[:8])
            told = f"This cannot be understood: {places}."
            raise Invalid(told, todo="See /api/v1/openapi.json for what can be asked.", errors=wrong)
        return view(request, **given)

    return checked


class InChannel(Schema):
    """Where the acts of a batch happened."""

    channel: Name = Field("", description="Where they happened. A token for one channel need not say it.")


class OfActs(Schema):
    """Which acts."""

    channel: Name = Field("", description="Only of this channel.")
    type: list[Kind] = Field([], max_length=40, description="Activity types; one of them has to fit.")
    text: Words = Field(
        "",
        description='Only acts whose text has all of these words: a word, `"words side by side"`, `-without`,'
        " `begin*`; case and accents do not matter. As on the page of acts; not with `order=ledger`.",
    )
    since: datetime | None = Field(None, description="Happened at this time or later.")
    until: datetime | None = Field(None, description="Happened before this time.")
    order: Literal["newest", "ledger"] = Field(
        "newest",
        description="newest: what happened last first. ledger: in the order in which acts became readable, for a"
        " program that follows along: there `next` never ends, and nothing that is committed late is missed.",
    )
    limit: int = Field(100, ge=1, le=500)
    cursor: str = Field("", max_length=500, description=_CURSOR)


class OfPerson(Schema):
    """Which page of a person’s acts."""

    limit: int = Field(100, ge=1, le=500)
    cursor: str = Field("", max_length=500, description=_CURSOR)


class InScope(Schema):
    """A channel, or all together."""

    scope: Name = Field("", description="A channel, or `*` for all together (the default).")


class OfFigures(InScope):
    """Which figures."""

    measure: list[Name] = Field([], max_length=40, description="Only these measures.")
    since: date | None = Field(None, description="Only periods that begin on this day or later.")
    until: date | None = Field(None, description="Only periods that begin before this day.")
    limit: int = Field(500, ge=1, le=5000)
    cursor: str = Field("", max_length=500, description=_CURSOR)


class InLanguage(Schema):
    """In which language."""

    lang: str = Field("", max_length=20, description="fr or en; else what the header Accept-Language wants.")


class InScopeAndLanguage(InScope, InLanguage):
    """A channel, or all together, told in a language."""
