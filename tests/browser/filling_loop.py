"""What became of things, in the installation of the browser tests: answers, promises, an outcome, questions."""

from datetime import timedelta
from typing import Any

from estime.cocreation import api
from estime.cocreation.api import Challenge, Contribution, Interpellation, Member, Source
from estime.kernel import clock

DAY = timedelta(days=1)


def loop_filled(lead: Member, member: Member, challenge: Challenge, ideas: dict[str, str]) -> dict[str, Any]:
    """One idea of each fate, a promise that is late, one that was moved, a question owed and one answered."""
    at = clock.now()
    head, part, given = (Contribution.objects.get(pk=ideas[name]) for name in ("head", "part", "idea"))
    words = api.DecisionWords("taken", "Raison 10.", "Reste 11.")
    first = api.decision_write(lead, head.pk, words, when=at - 3 * DAY)
    api.decision_write(lead, head.pk, words._replace(reason="Raison 12."), when=at - 2 * DAY)
    api.decision_write(lead, part.pk, words._replace(outcome="together"), when=at - 2 * DAY)
    late = api.pledge_make(lead, head, api.PledgeWords("Promesse 13.", at - DAY), when=at - 3 * DAY)
    moved = api.pledge_make(lead, challenge, api.PledgeWords("Promesse 14.", at - DAY), when=at - 3 * DAY)
    newer = api.pledge_replace(
        lead, moved.pk, api.PledgeWords("Promesse 14.", at + 9 * DAY), when=at - 2 * DAY
    )
    kept = api.pledge_make(lead, head, api.PledgeWords("Promesse 15.", at - 2 * DAY), when=at - 3 * DAY)
    api.pledge_keep(lead, kept.pk, "Fait 16.", when=at - DAY)
    outcome = api.outcome_make(
        lead, challenge.pk, api.OutcomeWords("Gourde 17", "**Là**.", (at - 2 * DAY).date()),
        [Source("taken", head.pk), Source("together", part.pk)],
    )  # fmt: skip
    asked = {
        name: api.question_ask(
            member, challenge.space, api.QuestionWords(f"Colle {n} ?", "Une **colle**."), when=at - 40 * DAY
        )
        for n, name in enumerate(("new", "owed", "answered"), 18)
    }
    Interpellation.objects.filter(pk=asked["owed"].pk).update(reached=at - 20 * DAY, due=at - 6 * DAY)
    api.question_answer(lead, asked["answered"].pk, "Réponse 21.", when=at - 4 * DAY)
    assert given.decision == ""
    return {
        "asked": {name: str(one.pk) for name, one in asked.items()},
        "promises": {
            "late": str(late.pk),
            "moved": str(moved.pk),
            "open": str(newer.pk),
            "kept": str(kept.pk),
        },
        "decision": str(first.pk),
        "outcome": str(outcome.pk),
        "stop": api.stop_token(member.pk),
    }
