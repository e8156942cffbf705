"""Addresses of co-creation: reports, hidings, appeals."""

from django.urls import URLPattern, path

from estime.web.views.cocreation import moderation, moderation_log, reports

PATHS: list[URLPattern] = [
    path("report/<slug:kind>/<slug:key>/", reports.report, name="report"),
    path("spaces/<slug:slug>/hidden/", reports.hidden_list, name="hidden-list"),
    path("hidden/<int:pk>/", reports.hidden, name="hidden"),
    path("hidden/<int:pk>/appeal/", reports.hidden_appeal, name="hidden-appeal"),
    path("moderation/", moderation.moderation, name="moderation"),
    path("moderation/reports/<int:pk>/", moderation.reported, name="moderation-report"),
    path("moderation/appeals/", moderation.appeals, name="moderation-appeals"),
    path("moderation/appeals/<int:pk>/", moderation.appeal, name="moderation-appeal"),
    path("moderation/hints/", moderation_log.hints, name="moderation-hints"),
    path("moderation/hints/<int:pk>/", moderation_log.hint, name="moderation-hint"),
    path("moderation/log/", moderation_log.log, name="moderation-log"),
    path("moderation/look/<slug:kind>/<slug:key>/", moderation.look, name="moderation-look"),
    path("moderation/keep/<slug:kind>/<slug:key>/", moderation.keep, name="moderation-keep"),
    path("moderation/hide/<slug:kind>/<slug:key>/", moderation.hide, name="moderation-hide"),
    path("moderation/show/<slug:kind>/<slug:key>/", moderation.show, name="moderation-show"),
]
