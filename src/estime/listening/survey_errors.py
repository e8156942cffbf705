"""What can be wrong when somebody answers the five questions."""

from estime.kernel.errors import EstimeError


class NotAsked(EstimeError):
    """There is no such asking of theirs, or it is over."""

    code = "survey-not-asked"


class AnswerInvalid(EstimeError):
    """Nothing was answered, or something that is no answer."""

    code = "survey-answer-invalid"
