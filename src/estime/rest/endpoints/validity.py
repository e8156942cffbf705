"""How far it can be trusted who stays, and how many are expected again: groups only, as the last job found it."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from ninja import Field, Query, Router, Schema

from estime.engagement import api as engagement
from estime.readouts.validity import sentences
from estime.rest.answers import answer
from estime.rest.auth import Token
from estime.rest.endpoints.figures import language_wanted
from estime.rest.errors import NotThere
from estime.rest.filters import InScopeAndLanguage
from estime.rest.reference import problems
from estime.rest.scopes import scope_asked

router = Router(tags=["readouts"])


class ValidityEstimate(Schema):
    """A number with the ends of its 95 % interval; null where nothing can be told."""

    value: float | None
    low: float | None
    high: float | None


class ValidityScores(Schema):
    """How well one way of telling did. Leads: how much better durability is; above 0, it is."""

    auc: ValidityEstimate
    brier: ValidityEstimate
    auc_lead: ValidityEstimate | None = None
    brier_lead: ValidityEstimate | None = None


class CalibrationBin(Schema):
    """Predictions of about the same size: what was said on average, and what share came. Neighbours are one where few
    came, or few did not."""

    n: int
    said: float
    came: float
    low: float
    high: float


class Calibration(Schema):
    """Whether what was said came true. An honest slope is 1, an honest intercept 0."""

    slope: float
    slope_low: float | None = None
    slope_high: float | None = None
    intercept: float
    intercept_low: float | None = None
    intercept_high: float | None = None
    bins: list[CalibrationBin]


class ValidityCut(Schema):
    """One judged day by itself; null is what would tell of few people."""

    day: date
    n: int | None
    came: int | None
    said: float | None = Field(description="How many were expected to come.")
    auc: float | None
    brier: float | None
    rfm_auc: float | None
    rfm_brier: float | None


class AffectAdds(Schema):
    """What affect adds, overall or within a third by how much people did lately."""

    name: Literal["overall", "little", "middling", "much"]
    n: int
    came: int | None = Field(
        description="Null where few came, or few did not. Of such a third nothing is told."
    )
    without: ValidityScores


class HeardTexts(Schema):
    """Of how many texts what people feel is known, of those who were looked at."""

    texts: int
    tone: int = Field(description="How the text feels is clear, or what it feels toward the brand is.")
    toward: int | None = Field(
        description="What it feels toward the brand or its products is clear; null where too few people wrote of it."
    )


class ExpectedGroup(Schema):
    """Of so many people, so many are expected to act again."""

    name: str
    people: int
    expected: float
    low: float
    high: float


class ExpectedAgain(Schema):
    """How many of those active in the last 180 days are expected to act again within 90."""

    outcome: Literal["told", "too_short", "too_few_people"]
    reason: str | None = None
    tested: bool | None = Field(None, description="Whether the past was long enough to test it.")
    people: int | None = None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    by_channel: list[ExpectedGroup] = Field(default_factory=list)
    by_cell: list[ExpectedGroup] = Field(default_factory=list)


class Validity(Schema):
    """The validity report of one scope. With `too_short`, `reason` says why there are no figures."""

    scope: str
    outcome: Literal["measured", "too_short"]
    as_of: datetime | None
    made_at: datetime
    reason: str | None = None
    closed_cuts: int | None = None
    needed_cuts: int | None = None
    few: bool | None = Field(None, description="So few came, or did not, that it says next to nothing.")
    n: int | None = None
    persons: int | None = None
    prevalence: float | None = Field(None, description="Null where few came, or few did not.")
    durability: ValidityScores | None = None
    baselines: dict[str, ValidityScores] = Field(default_factory=dict)
    ablations: dict[str, ValidityScores] = Field(default_factory=dict)
    calibration: Calibration | None = None
    cuts: list[ValidityCut] = Field(default_factory=list)
    affect: list[AffectAdds] = Field(default_factory=list)
    heard: HeardTexts | None = None
    toward: ValidityScores | None = Field(
        None,
        description="Behaviour alone; the leads say what adding what is felt toward the brand, and no tone, gains.",
    )
    placebo: ValidityScores | None = Field(
        None,
        description="Readings dealt out at random among the same texts, alone; the leads say how much better those "
        "that people wrote tell alone.",
    )
    words: list[str] = Field(
        default_factory=list, description="The report in sentences, in the language asked for."
    )
    skipped: list[date] = Field(default_factory=list)
    expected: ExpectedAgain


@router.get(
    "/validity",
    auth=Token("readouts:read"),
    response={200: Validity, **problems(401, 403, 404, 429, 503)},
    operation_id="validity_get",
    summary="Get the validity report",
)
def validity_get(request: HttpRequest, asked: Query[InScopeAndLanguage]) -> HttpResponse:
    """How well durability foretold the past of a channel, or of `*`, beside simpler ways, and what each evidence adds.

    Computed once a week; what fewer people than may be told did is left out.
    """
    scope = scope_asked(request, asked.scope)
    found = engagement.validity_of(scope)
    if found is None:
        raise NotThere(
            "There is no validity report of this scope yet.",
            todo="It is made once a week, or by `estime validate`.",
        )
    language = language_wanted(request, asked.lang)
    with override(language):
        words = sentences(found.told)
    return answer(request, _told(found.told) | {"words": words}, headers={"Content-Language": language})


def _told(told: dict[str, Any]) -> dict[str, Any]:
    """The stored report, in the shape that is promised."""
    return Validity.model_validate(told).model_dump(mode="json")
