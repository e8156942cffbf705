"""The addresses of *To keep*: the list, the questions on it, and the paragraph above it."""

from typing import Final

from django.urls import URLPattern, path

from estime.web.views import desk, paragraph, questions

_ONE: Final = "to-keep/questions/<int:act>/"

PATHS: Final[list[URLPattern]] = [
    path("to-keep/", desk.desk, name="desk"),
    path("to-keep/paragraph/", paragraph.paragraph, name="paragraph"),
    path("to-keep/paragraph/send/", paragraph.paragraph_send, name="paragraph-send"),
    path("to-keep/paragraph/mail.eml", paragraph.paragraph_file, name="paragraph-file"),
    path("to-keep/settled/", questions.questions_settled, name="questions-settled"),
    path("to-keep/archives/", questions.questions_archived, name="questions-archived"),
    path(_ONE, questions.question, name="question"),
    path(f"{_ONE}answer/", questions.question_answer, name="question-answer"),
    path(f"{_ONE}said/", questions.question_said, name="question-said"),
    path(f"{_ONE}hand-over/", questions.question_hand_over, name="question-hand-over"),
    path(f"{_ONE}hand-back/", questions.question_hand_back, name="question-hand-back"),
    path(f"{_ONE}waive/", questions.question_waive, name="question-waive"),
    path(f"{_ONE}reopen/", questions.question_reopen, name="question-reopen"),
]
