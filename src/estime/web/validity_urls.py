"""Addresses of the validity report."""

from django.urls import URLPattern, path

from estime.web.views import validity

PATHS: list[URLPattern] = [
    path("validity/", validity.validity_page, name="validity"),
    path("validity/compute/", validity.validity_compute, name="validity-compute"),
    path("all/validity/", validity.validity_page, {"scope": "*"}, name="validity-all"),
    path("c/<str:scope>/validity/", validity.validity_page, name="validity-channel"),
]
