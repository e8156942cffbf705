"""Figures and readouts: what the last refresh computed, as numbers and as sentences."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header
from ninja import Query, Router

from estime.engagement import api as engagement
from estime.readouts.json import as_json
from estime.readouts.report import report_build, scope_title
from estime.rest import schemas
from estime.rest.answers import answer
from estime.rest.auth import Token, bearer_here, reached
from estime.rest.cursors import cursor_of, place_of
from estime.rest.endpoints.acts import next_link
from estime.rest.errors import FiguresMoved, NotThere
from estime.rest.filters import InLanguage, InScope, OfFigures
from estime.rest.reference import PAGED, problems
from estime.rest.scopes import scope_asked

router = Router()


@router.get(
    "/figures",
    tags=["figures"],
    auth=Token("figures:read"),
    response={200: schemas.Figures, **problems(401, 403, 404, 409, 429, 503)},
    operation_id="figures_list",
    summary="List figures",
    openapi_extra=PAGED,
)
def figures_list(request: HttpRequest, asked: Query[OfFigures]) -> HttpResponse:
    """What pages show, unrounded: each figure with its interval and the counts behind it."""
    scope = scope_asked(request, asked.scope)
    edition = engagement.edition()
    if edition is None:
        told: dict[str, Any] = dict.fromkeys(("edition", "as_of", "made_at", "next"))
        return answer(request, told | {"figures": []})
    _scope(edition, scope)
    measures = sorted(asked.measure)
    question = ["figures", scope, measures, asked.since, asked.until]
    start = _start(place_of(question, asked.cursor), edition) if asked.cursor else 0
    found = [
        figure
        for figure in engagement.figures(scope, measures or None)
        if _within(figure.period, asked.since, asked.until)
    ]
    end = start + asked.limit
    following = cursor_of(question, [edition.id, end]) if end < len(found) else None
    headers = {} if following is None else {"Link": next_link(request, following)}
    told = {
        "edition": edition.id,
        "as_of": edition.as_of.get(scope),
        "made_at": edition.made_at,
        "figures": [figure._asdict() for figure in found[start:end]],
        "next": following,
    }
    return answer(request, told, headers=headers)


def _start(place: list[int], edition: engagement.Edition) -> int:
    if place[0] != edition.id:
        raise FiguresMoved(
            "The figures have been computed anew meanwhile.", todo="Begin with the first page."
        )
    return place[1]


def _within(period: date | None, since: date | None, until: date | None) -> bool:
    if since is None and until is None:
        return True
    return period is not None and (since is None or period >= since) and (until is None or period < until)


def _scope(edition: engagement.Edition | None, scope: str) -> engagement.ScopeInfo:
    for info in edition.scopes if edition else ():
        if info.name == scope:
            return info
    raise NotThere("There are no figures of this scope.", todo="GET /api/v1/readouts lists those there are.")


@router.get(
    "/figures/measures",
    tags=["figures"],
    auth=Token("figures:read"),
    response={200: schemas.Measures, **problems(401, 403, 429, 503)},
    operation_id="figures_measures",
    summary="List measures",
)
def figures_measures(request: HttpRequest, asked: Query[InScope]) -> HttpResponse:
    """The measures that a scope has figures of. What each means is told under /en/definitions/."""
    scope = scope_asked(request, asked.scope)
    counts = engagement.measure_counts(scope).items()
    measures = [{"measure": name, "figures": count} for name, count in counts]
    return answer(request, {"scope": scope, "measures": measures})


@router.get(
    "/readouts",
    tags=["readouts"],
    auth=Token("readouts:read"),
    response={200: schemas.Scopes, **problems(401, 403, 429, 503)},
    operation_id="readouts_list",
    summary="List readouts",
)
def readouts_list(request: HttpRequest) -> HttpResponse:
    """Every channel that there is a readout of, and `*`, all together."""
    bearer = bearer_here(request)
    edition = engagement.edition()
    scopes = [
        {
            "scope": info.name,
            "title": scope_title(info),
            "acts": info.acts,
            "first_act": info.first_act,
            "last_act": info.last_act,
            "archive": info.archive,
            "attribution": info.attribution,
        }
        for info in (edition.scopes if edition else ())
        if bearer.reaches(info.name)
    ]
    return answer(request, {"edition": edition.id if edition else None, "scopes": scopes})


@router.get(
    "/readouts/{scope}",
    tags=["readouts"],
    auth=Token("readouts:read"),
    response={200: schemas.Readout, **problems(401, 403, 404, 429, 503)},
    operation_id="readouts_get",
    summary="Get a readout",
)
def readouts_get(request: HttpRequest, scope: str, asked: Query[InLanguage]) -> HttpResponse:
    """What the overview page says of a channel, or of `*`: the paragraph of truth, each finding, every figure."""
    bearer = bearer_here(request)
    reached(bearer, scope)
    edition = engagement.edition()
    _scope(edition, scope)
    language = language_wanted(request, asked.lang)
    report = report_build(edition, scope, language) if edition else None
    if report is None:
        raise NotThere(
            "There is no readout of this scope.", todo="GET /api/v1/readouts lists those there are."
        )
    return answer(request, as_json(report), headers={"Content-Language": language})


def language_wanted(request: HttpRequest, told: str) -> str:
    """fr or en: what was asked for, else what the header wants, else what the installation speaks."""
    wanted = parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500])
    for code in [told] if told else [code for code, _weight in wanted]:
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return str(settings.LANGUAGE_CODE)
