"""What may stand against settling a question."""

from estime.kernel.errors import EstimeError


class UnknownQuestion(EstimeError):
    """There is no question with this number."""

    code = "unknown-question"


class QuestionChanged(EstimeError):
    """Somebody else changed the question meanwhile; `data["by"]` and `data["at"]` say who and when."""

    code = "question-changed"


class QuestionNotOpen(EstimeError):
    """It is not on the list: answered, taken back, or settled."""

    code = "question-not-open"


class WordsNeeded(EstimeError):
    """An answer, or another reason, needs words."""

    code = "words-needed"


class WordsTooLong(EstimeError):
    """A text is longer than what is kept."""

    code = "words-too-long"


class CannotBeHandedTo(EstimeError):
    """This colleague may not answer questions, or is gone."""

    code = "cannot-be-handed-to"
