"""How far it can be trusted who stays, and how many are expected again: groups only, as the last job found it."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from estime.engagement import api as engagement
from estime.kernel.configuration import configuration
from estime.rest.answers import answer
from estime.rest.auth import Token, bearer_here, reached
from estime.rest.errors import NotThere
from estime.rest.filters import InScope
from estime.rest.reference import problems

ALL = "*"
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
    """Predictions of about the same size: what was said on average, and what share came."""

    n: int
    said: float
    came: float
    low: float
    high: float


class Calibration(Schema):
    """Whether what was said came true. An honest slope is 1, an honest intercept 0."""

    slope: float
    intercept: float
    bins: list[CalibrationBin]


class ValidityCut(Schema):
    """One judged day by itself."""

    day: date
    n: int
    came: int
    said: float = Field(description="How many were expected to come.")
    auc: float | None
    brier: float | None
    rfm_auc: float | None
    rfm_brier: float | None


class AffectAdds(Schema):
    """What affect adds, overall or within a third by how much people did lately."""

    name: Literal["overall", "little", "middling", "much"]
    n: int
    came: int
    without: ValidityScores


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
    n: int
    persons: int | None = None
    prevalence: float | None = None
    durability: ValidityScores | None = None
    baselines: dict[str, ValidityScores] = Field(default_factory=dict)
    ablations: dict[str, ValidityScores] = Field(default_factory=dict)
    calibration: Calibration | None = None
    cuts: list[ValidityCut] = Field(default_factory=list)
    affect: list[AffectAdds] = Field(default_factory=list)
    skipped: list[date] = Field(default_factory=list)
    expected: ExpectedAgain


@router.get(
    "/validity",
    auth=Token("readouts:read"),
    response={200: Validity, **problems(401, 403, 404, 429, 503)},
    operation_id="validity_get",
    summary="Get the validity report",
)
def validity_get(request: HttpRequest, asked: Query[InScope]) -> HttpResponse:
    """How well durability foretold the past of a channel, or of `*`, beside simpler ways, and what each evidence adds.

    Computed once a week; what fewer people than may be told did is left out.
    """
    bearer = bearer_here(request)
    scope = reached(bearer, asked.scope or bearer.channel or ALL)
    found = engagement.validity_of(scope)
    if found is None:
        raise NotThere(
            "There is no validity report of this scope yet.",
            todo="It is made once a week, or by `estime validate`.",
        )
    return answer(request, _told(found.told))


def _told(told: dict[str, Any]) -> dict[str, Any]:
    """The stored report, in the shape that is promised."""
    fewest = configuration().privacy.smallest_group
    shown = Validity.model_validate(told).model_dump(mode="json")
    for name in ("cuts", "affect"):
        shown[name] = [each for each in shown[name] if each["n"] >= fewest]
    return shown
