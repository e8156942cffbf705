"""Addresses of co-creation: votes."""

from django.urls import URLPattern, path

from estime.web.views.cocreation import objections, result, vote, vote_setup

PATHS: list[URLPattern] = [
    path("challenges/<int:pk>/votes/", vote.votes, name="challenge-votes"),
    path("challenges/<int:pk>/votes/new/", vote_setup.poll_new, name="poll-new"),
    path("votes/secret/", vote.how_secret, name="votes-secret"),
    path("votes/<int:pk>/", vote.vote, name="vote"),
    path("votes/<int:pk>/cast/", vote.vote_cast, name="vote-cast"),
    path("votes/<int:pk>/take-back/", vote.vote_withdraw, name="vote-withdraw"),
    path("votes/<int:pk>/answers/", vote.vote_answer, name="vote-answer"),
    path("votes/<int:pk>/propose/", vote.vote_propose, name="vote-propose"),
    path("votes/<int:pk>/hide/", vote.option_hide, name="option-hide"),
    path("votes/<int:pk>/set-up/", vote_setup.poll_set_up, name="poll-set-up"),
    path("votes/<int:pk>/set-up/options/", vote_setup.poll_options, name="poll-options"),
    path("votes/<int:pk>/set-up/lock/", vote_setup.poll_lock, name="poll-lock"),
    path("votes/<int:pk>/set-up/discard/", vote_setup.poll_discard, name="poll-discard"),
    path("votes/<int:pk>/result/", result.result, name="vote-result"),
    path("votes/<int:pk>/data/", result.data, name="vote-data"),
    path("votes/<int:pk>/object/", objections.vote_object, name="vote-object"),
    path("objections/<int:number>/", objections.objection, name="objection"),
    path("votes/<int:pk>/objections/<int:number>/", objections.objection_answer, name="objection-answer"),
]
