"""One's own drafts and invitations: nobody else's are ever in these lists."""

from uuid import UUID

from estime.cocreation.actions.drafts import draft_source
from estime.cocreation.models import Author, Contribution, Draft, Member
from estime.cocreation.standing import not_found

SHOWN = 50


def draft_of(member: Member, number: UUID) -> Draft | None:
    """A draft of somebody's own; None where there is none yet. Raises `NotFound` for somebody else's."""
    found = (
        Draft.objects.select_related("challenge__space", "contribution", "built_on__author", "space")
        .filter(pk=number)
        .first()
    )
    if found is not None and found.member_id != member.pk:
        raise not_found()
    return found


def drafts_of(member: Member) -> list[Draft]:
    """Somebody's drafts, newest first."""
    found = Draft.objects.filter(member=member).select_related("challenge", "contribution", "built_on")
    return list(found.order_by("-changed")[:SHOWN])


def draft_for(member: Member, contribution: int) -> Draft | None:
    """The version that somebody is writing of a contribution, if any."""
    return Draft.objects.filter(member=member, contribution=contribution).order_by("-changed").first()


def invitations_of(member: Member) -> list[Author]:
    """Contributions that somebody is asked to write too."""
    found = Author.objects.filter(
        member=member,
        invited__isnull=False,
        accepted=None,
        declined=None,
        left=None,
        contribution__withdrawn=None,
        contribution__hidden=False,
    )
    return list(found.select_related("contribution", "invited_by").order_by("-invited")[:SHOWN])


def published_from(member: Member, number: UUID) -> Contribution | None:
    """What somebody published from a draft, if they did."""
    return Contribution.objects.filter(source=draft_source(number), author=member).first()
