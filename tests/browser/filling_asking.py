"""What people were asked and answered, in the installation of the browser tests: a quarter told, an open card."""

from datetime import timedelta
from typing import Any

from estime.cocreation.api import Challenge, Member, Space
from estime.kernel import clock
from estime.listening.actions.survey_answer import Answers, survey_answer
from estime.listening.actions.survey_tell import quarters_tell
from estime.listening.survey_models import Asked

PEOPLE = range(900_001, 900_030)


def asking_filled(member: Member, challenge: Challenge) -> dict[str, Any]:
    """The member answered once, put questions aside, and is asked again; 29 others of two spaces answered with them."""
    at, before = clock.now(), clock.now() - timedelta(days=100)
    account = Member.objects.values_list("account", flat=True).get(pk=member.pk)
    spaces = (challenge.space_id, Space.objects.get(slug="atelier").pk)
    given = 0
    for place, key in enumerate((account, *PEOPLE)):
        one = Asked.objects.create(
            account=key, occasion="decision", act=-place, space=spaces[place % 2], due=before, shown=before
        )
        values = {question: (place + question) % 5 + 1 for question in range(1, 6)}
        survey_answer(one.account, one.pk, Answers(values, ["fun", "useful"], f"Mots {place}."), when=before)
        given = given or one.pk
    quarters_tell(at)
    Asked.objects.create(account=account, occasion="outcome", act=-99, space=challenge.space_id, due=at)
    over = Asked.objects.create(
        account=account, occasion="answer", act=-98, space=challenge.space_id, due=before, dismissed=before
    )
    return {"surveyed": {"given": str(given), "over": str(over.pk)}}
