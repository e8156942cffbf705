"""Addresses for programs. They carry no language: an integration’s address never changes with a reader."""

from django.urls import URLPattern, URLResolver, path

from estime.rest.segment import endpoints as segment
from estime.rest.service import API

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", API.urls),
    *(path(f"v1/{name}", segment.one, {"kind": name}, name=f"segment-{name}") for name in segment.KINDS),
    *(path(f"v1/{name}", segment.batch, name=f"segment-{name}") for name in ("batch", "import")),
]
