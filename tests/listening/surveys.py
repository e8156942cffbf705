"""What tests of asking begin with: people with accounts, something they gave, and answers of many of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cocreation.places import Place
from cocreation.writing import given

from estime.cocreation import api as cocreation
from estime.cocreation.models import Member
from estime.listening.actions.survey_answer import Answers, survey_answer
from estime.listening.ports import Invitation
from estime.listening.survey_models import Asked

DAY = timedelta(days=1)
TAKEN = cocreation.DecisionWords("taken", "It costs less than the seam.", "The buckle.")


def decided(here: Place, by: Member, at: datetime) -> None:
    """Somebody gave something, and it was answered at a moment."""
    cocreation.decision_write(here.lea, given(here, by).pk, TAKEN, when=at)


def answered(
    people: Sequence[int], at: datetime, *, space: int = 1, values: Sequence[int] = (4,), words: str = ""
) -> None:
    """Each of these accounts answers the first question with one value after the other, and says something."""
    for place, account in enumerate(people):
        asked = Asked.objects.create(account=account, occasion="decision", act=account, space=space, due=at)
        said = f"{words} {account}" if words else ""
        survey_answer(account, asked.pk, Answers({1: values[place % len(values)]}, ["fun"], said), when=at)


TAKEN_OVER: list[Invitation] = []


def takes_over(invitations: Sequence[Invitation]) -> set[int]:
    """Somebody who delivers (listening/ports.py), and takes the first one each time."""
    TAKEN_OVER.extend(invitations)
    return {invitations[0].number}
