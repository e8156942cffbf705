"""Addresses of co-creation: spaces and challenges."""

from django.urls import URLPattern, path

from estime.web.views.cocreation import (
    backstage,
    challenge,
    challenge_after,
    challenge_setup,
    power,
    space,
    spaces,
)

PATHS: list[URLPattern] = [
    path("spaces/", spaces.spaces, name="spaces"),
    path("spaces/new/", spaces.space_new, name="space-new"),
    path("spaces/<slug:slug>/", space.space, name="space"),
    path("spaces/<slug:slug>/change/", spaces.space_change, name="space-change"),
    path("spaces/<slug:slug>/power/", power.power, name="power"),
    path("spaces/<slug:slug>/power/<slug:what>/", power.power_list, name="power-list"),
    path("spaces/<slug:slug>/challenges/new/", challenge_setup.challenge_new, name="challenge-new"),
    path("challenges/", challenge.challenges, name="challenges"),
    path("challenges/<int:pk>/", challenge.challenge, name="challenge"),
    path("challenges/<int:pk>/set-up/<slug:step>/", challenge_setup.challenge_step, name="challenge-step"),
    path("challenges/<int:pk>/open/", challenge_setup.challenge_open, name="challenge-open"),
    path("challenges/<int:pk>/discard/", challenge_setup.challenge_discard, name="challenge-discard"),
    path("challenges/<int:pk>/longer/", challenge_after.challenge_extend, name="challenge-extend"),
    path("challenges/<int:pk>/call-off/", challenge_after.challenge_cancel, name="challenge-cancel"),
    path("challenges/<int:pk>/set-aside/", challenge_after.challenge_override, name="challenge-override"),
    path("challenges/<int:pk>/deal/", challenge.deal, name="deal"),
    path("challenges/<int:pk>/deal/change/", challenge_after.deal_change, name="deal-change"),
    path("challenges/<int:pk>/backstage/", backstage.backstage, name="backstage"),
    path("challenges/<int:pk>/backstage/give/", backstage.backstage_give, name="backstage-give"),
    path(
        "challenges/<int:pk>/backstage/<int:entry>/change/",
        backstage.backstage_change,
        name="backstage-change",
    ),
    path(
        "challenges/<int:pk>/backstage/<int:entry>/files/",
        backstage.backstage_attach,
        name="backstage-attach",
    ),
    path("challenges/<int:pk>/backstage/drop/<uuid:file>/", backstage.backstage_drop, name="backstage-drop"),
    path("backstage/files/<uuid:pk>/", backstage.backstage_file, name="backstage-file"),
]
