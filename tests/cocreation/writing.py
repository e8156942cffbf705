"""What tests of contributions do over and over: publish one, say something, offer an improvement."""

from cocreation.places import Place

from estime.cocreation import api
from estime.cocreation.models import Comment, Contribution, Edit, Member


def given(place: Place, by: Member, title: str = "A lid with a click", body: str = "It clicks when it is shut.",
          kind: str = "idea", built_on: Contribution | None = None) -> Contribution:  # fmt: skip
    """A contribution, published as members do it."""
    draft = api.draft_begin(by, api.Place(place.challenge, built_on), when=place.at)
    api.draft_save(by, draft.pk, api.DraftWords(title, body, kind), 0, when=place.at)
    return api.contribution_publish(by, draft.pk, deal=1, when=place.at)


def said(place: Place, by: Member, where: api.Spot, body: str = "I like it.", **more: object) -> Comment:
    return api.comment_write(by, where, api.Said(body, **more), when=place.at)  # type: ignore[arg-type]


def offered(place: Place, by: Member, where: Contribution, body: str, base: int = 1, title: str = "") -> Edit:
    """An improvement with its concrete change."""
    offer = api.Offer(title or where.title, body, base, deal=1)
    comment = api.comment_write(by, where, api.Said("Better so.", "improvement"), offer=offer, when=place.at)
    return Edit.objects.get(comment=comment)
