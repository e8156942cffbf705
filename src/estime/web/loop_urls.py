"""Addresses of co-creation: decisions, promises, outcomes, questions to the brand, my contributions."""

from typing import Final

from django.urls import URLPattern, path

from estime.web.views.cocreation import (
    answers,
    considered,
    feeds,
    mine,
    outcome,
    pledges,
    question,
    questions,
    widget,
)

_ASKED: Final = "questions/<int:pk>/"
_CHALLENGE: Final = "challenges/<int:pk>/"
_SPACE: Final = "spaces/<slug:slug>/"

PATHS: list[URLPattern] = [
    path(f"{_SPACE}questions/", questions.questions, name="questions"),
    path(f"{_SPACE}questions/ask/", questions.question_ask, name="question-ask"),
    path(f"{_SPACE}considered/", considered.considered, name="considered"),
    path(f"{_SPACE}feed.xml", feeds.space_feed, name="space-feed"),
    path(f"{_CHALLENGE}questions/ask/", questions.challenge_ask, name="challenge-question-ask"),
    path(_ASKED, question.question, name="interpellation"),
    path(f"{_ASKED}join/", question.question_join, name="question-join"),
    path(f"{_ASKED}leave/", question.question_leave, name="question-leave"),
    path(f"{_ASKED}withdraw/", question.question_withdraw, name="question-withdraw"),
    path(f"{_ASKED}answer/", question.question_answer, name="question-answer-public"),
    path(f"{_ASKED}considered/", question.question_considered, name="question-considered"),
    path(f"{_ASKED}promise/", pledges.pledge_new, {"kind": "question"}, name="question-pledge"),
    path("ideas/<int:pk>/decide/", answers.decide, name="decide"),
    path("ideas/<int:pk>/promise/", pledges.pledge_new, {"kind": "idea"}, name="idea-pledge"),
    path("decisions/<int:pk>/", answers.decision, name="decision"),
    path("decisions/<int:pk>/considered/", answers.decision_considered, name="decision-considered"),
    path("promises/<int:pk>/", pledges.pledge, name="pledge"),
    path(f"{_CHALLENGE}answers/", answers.answers, name="answers"),
    path(f"{_CHALLENGE}decisions/", answers.challenge_decisions, name="challenge-decisions"),
    path(f"{_CHALLENGE}promise/", pledges.pledge_new, {"kind": "challenge"}, name="challenge-pledge"),
    path(f"{_CHALLENGE}outcomes/", outcome.challenge_outcomes, name="challenge-outcomes"),
    path(f"{_CHALLENGE}outcomes/new/", outcome.outcome_new, name="outcome-new"),
    path("outcomes/<int:pk>/", outcome.outcome, name="outcome"),
    path("votes/<int:pk>/made/", outcome.vote_made, name="vote-made"),
    path(f"{_CHALLENGE}feed.xml", feeds.challenge_feed, name="challenge-feed"),
    path(f"{_CHALLENGE}card.png", widget.challenge_card, name="challenge-card"),
    path(f"{_CHALLENGE}widget/", widget.widget, name="widget"),
    path("me/contributions/", mine.mine, name="mine"),
    path("me/contributions/file/", mine.mine_taken, name="mine-taken"),
    path("me/digests/", mine.digest_settings, name="digest-settings"),
    path("digests/stop/<str:token>/", mine.digest_stop, name="digest-stop"),
]
