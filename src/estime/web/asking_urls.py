"""Addresses of asking: one's own answers, and what staff see of everybody's."""

from django.urls import URLPattern, path

from estime.web.views import answers_told, asking

PATHS: list[URLPattern] = [
    path("me/answers/", asking.asking, name="asking"),
    path("me/answers/never/", asking.asking_never, name="asking-never"),
    path("me/answers/<int:pk>/", asking.asking_answer, name="asking-answer"),
    path("me/answers/<int:pk>/later/", asking.asking_later, name="asking-later"),
    path("me/answers/<int:pk>/delete/", asking.asking_delete, name="asking-delete"),
    path("answers/", answers_told.answers_told, name="answers-told"),
]
