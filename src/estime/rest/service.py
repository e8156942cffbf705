"""The API of /api/v1: its endpoints, and how errors become problems."""

from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError

from estime.kernel.errors import EstimeError
from estime.rest.endpoints import (
    about,
    acts,
    figures,
    persons,
    place,
    readings,
    searches,
    surveys,
    texts,
    topics,
    validity,
)
from estime.rest.endpoints.cocreation.api import ROUTERS
from estime.rest.filters import only_known
from estime.rest.problems import (
    problem_of,
    problem_of_exception,
    problem_of_status,
    problem_of_validation,
)
from estime.rest.reference import DESCRIPTION, Api

API = Api(
    title="Estime",
    version="1",
    description=DESCRIPTION,
    urls_namespace="rest",
    docs_url=None,
    openapi_extra={"info": {"license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}}},
)
API.add_decorator(only_known)
for router in (
    acts.router,
    persons.router,
    figures.router,
    validity.router,
    *ROUTERS,
    place.router,
    readings.router,
    surveys.router,
    texts.router,
    searches.router,
    topics.router,
    about.router,
):
    API.add_router("", router)


@API.exception_handler(EstimeError)
def _told(request: HttpRequest, error: EstimeError) -> HttpResponse:
    return problem_of(request, error)


@API.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem_of_validation(request, error)


@API.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem_of_status(request, error.status_code)


@API.exception_handler(Http404)
def _not_there(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_of_status(request, 404)


@API.exception_handler(Exception)
def _wrong(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem_of_exception(request, error)
