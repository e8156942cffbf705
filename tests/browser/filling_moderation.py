"""Something reported, something hidden with an appeal, two hints: for the pages of moderation and abuse."""

from typing import Any

from estime.cocreation import api
from estime.cocreation.api import Hint, Space
from estime.kernel import clock
from estime.people.models import User


def moderation_filled(staff: dict[str, User], space: Space) -> dict[str, Any]:
    """A question that the lead reported; one of the member’s that is hidden, with an appeal without an answer."""
    at = clock.now()
    lead, member, admin = (api.member_of(staff[name]) for name in ("lead", "member", "administrator"))
    for one in (lead, admin):
        if not (one.user and one.user.name) and not one.name:
            one.name = "Malo Roux"
            one.save(update_fields=["name"])
    question = api.question_ask(member, space, api.QuestionWords("Interpellation 60 ?", "Texte 61."), when=at)
    api.report(lead, question, "other", "Signalement 62.", when=at)
    hidden = api.question_ask(member, space, api.QuestionWords("Interpellation 63 ?", "Texte 64."), when=at)
    why = api.Why("personal", "Un nom et une adresse y figurent, avec le numéro de la rue.", True)
    hiding = api.hide(admin, hidden, why, when=at)
    appeal = api.appeal(member, hiding, "Recours 65.", when=at)
    Hint.objects.create(
        space=space, kind="ring", sign="browser", at=at,
        data={"members": [member.pk, lead.pk], "things": [f"interpellation/{question.pk}"], "together": 7,
              "expected": 0.2, "chance": 1e-4, "minutes": 10, "false": 1, "shuffles": 100, "days": 60},
    )  # fmt: skip
    return {"question": str(question.pk), "hiding": str(hiding.pk), "appeal": str(appeal.pk)}
