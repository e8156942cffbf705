"""Bringing together in the installation of the browser tests: proposed, agreed with words that meet, contested."""

from estime.cocreation import api
from estime.cocreation.api import Contribution, Member


def merges_filled(member: Member, lou: Member, ideas: dict[str, Contribution]) -> dict[str, str]:
    """Ids by state. `done`: what was written since is in the way of taking it apart; `contested`: decided by a lead."""
    lead = ideas["idea"].challenge.owner if ideas["idea"].challenge is not None else member
    done = _proposed(member, ideas["head"], ideas["part"])
    api.merge_agree(lou, done)
    whole = api.contribution_seen(ideas["head"].pk, member)
    words = api.NewWords(whole.title, whole.body.replace("Anse", "Une anse"))
    api.version_write(member, whole.pk, words, whole.version)
    contested = _proposed(member, ideas["bec"], ideas["col"])
    api.merge_decide(lead, contested, "Raison 11.")
    api.merge_contest(lou, contested, "Raison 12.")
    return {
        "open": str(_proposed(member, ideas["idea"], ideas["asked"])),
        "done": str(done),
        "contested": str(contested),
    }


def _proposed(by: Member, head: Contribution, part: Contribution) -> int:
    begun = api.merge_beginning(head.pk, [part.pk], by)
    deal = head.challenge and api.deal_of(head.challenge)
    versions = {side.one.pk: side.one.version for side in begun.sides}
    return api.merge_propose(
        by,
        head.pk,
        [part.pk],
        api.WholeWords("Raison 10.", begun.title, begun.body, versions, deal=deal.version if deal else 0),
    ).pk
