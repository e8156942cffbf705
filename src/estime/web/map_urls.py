"""Addresses of the engagement map, and of what members see and contest of their own place."""

from django.urls import URLPattern, path

from estime.web.views import map, me_place

PATHS: list[URLPattern] = [
    path("map/", map.map_page, name="map"),
    path("all/map/", map.map_page, {"scope": "*"}, name="map-all"),
    path("c/<str:scope>/map/", map.map_page, name="map-channel"),
    path("me/place/", me_place.me_place, name="me-place"),
    path("me/place/object/", me_place.me_place_object, name="me-place-object"),
    path("me/place/object/withdraw/", me_place.me_place_object_withdraw, name="me-place-object-withdraw"),
    path("me/place/texts/<int:seq>/", me_place.me_place_text, name="me-place-text"),
    path(
        "me/place/texts/<int:seq>/withdraw/", me_place.me_place_text_withdraw, name="me-place-text-withdraw"
    ),
]
