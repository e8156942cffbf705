"""Every page stands at its address (the browser decides the language) and under /fr/ and /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from estime.web.views import definitions, front, overview

PAGES: list[URLPattern] = [
    path("", front.front, name="front"),
    path("overview/", overview.overview, name="overview"),
    path("all/", overview.overview, {"scope": "*"}, name="all"),
    path("c/<str:scope>/", overview.overview, name="channel"),
    path("definitions/", definitions.definitions, name="definitions"),
    path("definitions/<slug:measure>/", definitions.definition, name="definition"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("brand.css", definitions.brand_css, name="brand-css"),
    *i18n_patterns(*PAGES, path("account/", include("allauth.urls"))),
    *PAGES,
]

handler403 = "estime.web.errors.forbidden"
handler404 = "estime.web.errors.not_found"
handler500 = "estime.web.errors.went_wrong"
