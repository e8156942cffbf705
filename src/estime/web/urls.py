"""Every page stands at its address (the browser decides the language) and under /fr/ and /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, path

from estime.web import views

PAGES = [
    path("", views.overview, name="overview"),
    path("all/", views.overview, {"scope": "*"}, name="all"),
    path("c/<str:scope>/", views.overview, name="channel"),
    path("definitions/", views.definitions, name="definitions"),
    path("definitions/<slug:measure>/", views.definition, name="definition"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("brand.css", views.brand_css, name="brand-css"),
    *PAGES,
    *i18n_patterns(*PAGES),
]

handler404 = "estime.web.views.not_found"
handler500 = "estime.web.views.went_wrong"
