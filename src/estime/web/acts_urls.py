"""Addresses of acts and of the people who did them. No handle, no word looked for: account keys and acts' ids only."""

from django.urls import URLPattern, path

from estime.web.views import act, acts, acts_export, person, person_place

PATHS: list[URLPattern] = [
    path("acts/", acts.acts, name="acts"),
    path("acts/find/", acts.acts_find, name="acts-find"),
    path("acts/export/", acts_export.acts_export, name="acts-export"),
    path("acts/<uuid:act_id>/", act.act, name="act"),
    path("people/find/", acts.person_find, name="person-find"),
    path("people/<int:key>/", person.person, name="person"),
    path("people/<int:key>/looks/", person.looks, name="looks"),
    path("people/<int:key>/place/", person_place.person_place, name="person-place"),
]
