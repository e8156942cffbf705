"""What texts say: sums of what was read by month, and the reading of texts that a client sends."""

from datetime import date
from typing import Any, Final, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic import ValidationError

from estime.listening import api as listening
from estime.listening.version import model_there
from estime.rest.answers import answer
from estime.rest.auth import Token
from estime.rest.bodies import body_read, json_read
from estime.rest.endpoints.cocreation.shapes.base import Sent
from estime.rest.errors import Invalid, NotNow
from estime.rest.filters import InScope
from estime.rest.reference import problems
from estime.rest.scopes import channel_asked

MOST_TEXTS: Final = 1_000
LONGEST: Final = 100_000
MOST_BYTES: Final = 5 * 1024 * 1024
router = Router(tags=["listening"])


class OfMonths(InScope):
    """Which months."""

    months: int = Field(12, ge=1, le=36, description="How many months, counted back from the last one.")
    until: date | None = Field(
        None, description="Only months that begin before this day. By default all that are over."
    )


class TextsShare(Schema):
    """How many texts, and which share of all that were read, with the ends of its 95 % interval."""

    texts: int
    share: float
    low: float
    high: float


class LanguagesRead(Schema):
    """How many texts are in which language."""

    fr: int
    en: int
    other: int
    too_short: int = Field(description="Too short to tell.")


class PolarityRead(Schema):
    """Which polarity is likelier than all others together."""

    negative: TextsShare
    neutral: TextsShare
    positive: TextsShare
    unclear: TextsShare = Field(description="None is.")


class EmotionsRead(Schema):
    """In how many texts each emotion is likely enough to be told; a text may have several or none."""

    anger: int
    anticipation: int
    disgust: int
    fear: int
    joy: int
    sadness: int
    surprise: int
    trust: int


class TargetsRead(Schema):
    """How many texts are about whom."""

    brand: int
    product: int
    member: int
    third_party: int
    unknown: int


class MonthRead(Schema):
    """What was read in the texts of one month."""

    month: date = Field(description="Its first day.")
    people: int
    texts: int
    languages: LanguagesRead
    polarity: PolarityRead
    emotions: EmotionsRead
    targets: TargetsRead


class ReadingsTold(Schema):
    """Months that may be told, oldest first."""

    scope: str
    months: list[MonthRead]


class TextsSent(Sent):
    """Texts to be read."""

    texts: list[str] = Field(max_length=MOST_TEXTS)


class TextRead(Schema):
    """What one text feels, as `estime affect --json` tells it."""

    lang: Literal["fr", "en", "other", "und"] = Field(description="und: too short to tell.")
    polarity: dict[str, float] = Field(
        description="Probabilities of negative, neutral and positive; they add up to 1."
    )
    emotions: dict[str, float] = Field(
        description="Those that are likely enough to be told, likeliest first."
    )
    unclear: bool = Field(description="No polarity is likelier than all others together.")


class TextsRead(Schema):
    """A reading for each text, in the order of the texts."""

    readings: list[TextRead]


TEXTS_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "At most 1,000 texts of up to 100,000 characters in 5 MiB, counted after unpacking: plain, or"
        " with Content-Encoding gzip.",
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "texts": {
                            "type": "array",
                            "items": {"type": "string", "maxLength": LONGEST},
                            "maxItems": MOST_TEXTS,
                        }
                    },
                    "required": ["texts"],
                    "additionalProperties": False,
                },
                "example": {"texts": ["Merci pour votre réponse !", "Still no answer. Annoying."]},
            }
        },
    }
}


@router.get(
    "/readings",
    auth=Token("figures:read"),
    response={200: ReadingsTold, **problems(401, 403, 404, 429, 503)},
    operation_id="readings_list",
    summary="List what was read in texts, by month",
)
def readings_list(request: HttpRequest, asked: Query[OfMonths]) -> HttpResponse:
    """Months that are over, of at least ten people each; what could be found out by subtraction is left out too."""
    scope, _number = channel_asked(request, asked.scope)
    found = listening.readings_told(scope, asked.months, asked.until)
    return answer(request, {"scope": scope, "months": [_month(one) for one in found]})


def _month(one: listening.MonthTold) -> dict[str, Any]:
    told = one._asdict()
    told["polarity"] = {
        name: {"texts": count, "share": share.value, "low": share.low, "high": share.high}
        for name, (count, share) in one.polarity.items()
    }
    return told


@router.post(
    "/affect",
    auth=Token("affect:read"),
    response={200: TextsRead, **problems(400, 401, 403, 411, 413, 429, 503)},
    openapi_extra=TEXTS_BODY,
    operation_id="affect_read",
    summary="Read what texts feel",
)
def affect_read(request: HttpRequest) -> HttpResponse:
    """Language, polarity and emotions of texts that are sent. Nothing of them is kept, nor written to any log.

    Of a text the first 2,000 characters are read.
    """
    texts = _texts(request)
    if not model_there():
        raise NotNow(
            "This installation comes from a checkout in which no model was trained.",
            todo="Run `make affect` there.",
        )
    from estime.listening.affect.reading import read  # numbers and model: a second, for whoever asks first

    return answer(request, {"readings": [one.as_json() for one in read(texts)]})


def _texts(request: HttpRequest) -> list[str]:
    told = json_read(body_read(request, MOST_BYTES))
    try:
        texts = TextsSent.model_validate(told).texts
    except ValidationError as error:
        wrong = [
            {"at": ".".join(map(str, ("body", *each["loc"]))), "message": each["msg"]}
            for each in error.errors(include_input=False)[:20]
        ]
        raise _invalid(wrong) from None
    long = [number for number, text in enumerate(texts) if len(text) > LONGEST]
    if long:
        raise _invalid(
            [
                {"at": f"body.texts.{number}", "message": f"It has more than {LONGEST:,} characters."}
                for number in long[:20]
            ]
        )
    return texts


def _invalid(wrong: list[dict[str, str]]) -> Invalid:
    return Invalid(
        f"This cannot be understood: {', '.join(each['at'] for each in wrong[:8])}.",
        todo=f'Send {{"texts": ["…"]}}: at most {MOST_TEXTS:,} texts, each of up to {LONGEST:,} characters.',
        errors=wrong,
    )
