"""Addresses of bringing together: proposing, one proposal, taking apart."""

from typing import Final

from django.urls import URLPattern, path

from estime.web.views.cocreation import merge, merge_new, unmerge

_ONE: Final = "together/<int:pk>/"

PATHS: list[URLPattern] = [
    path("ideas/<int:pk>/together/", merge_new.idea_together, name="idea-together"),
    path("ideas/<int:pk>/together/words/", merge_new.idea_together_words, name="idea-together-words"),
    path(_ONE, merge.merge, name="merge"),
    path(f"{_ONE}agree/", merge.merge_agree, name="merge-agree"),
    path(f"{_ONE}refuse/", merge.merge_refuse, name="merge-refuse"),
    path(f"{_ONE}withdraw/", merge.merge_withdraw, name="merge-withdraw"),
    path(f"{_ONE}decide/", merge.merge_decide, name="merge-decide"),
    path(f"{_ONE}contest/", merge.merge_contest, name="merge-contest"),
    path(f"{_ONE}words/", merge.merge_words, name="merge-words"),
    path(f"{_ONE}undo/", unmerge.merge_undo, name="merge-undo"),
    path("contests/<int:pk>/", merge.contest, name="contest"),
    path("contests/<int:pk>/answer/", merge.contest_answer, name="contest-answer"),
]
