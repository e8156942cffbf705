"""Contributions in the installation of the browser tests: written, improved, discussed, withdrawn, brought together."""

from datetime import datetime
from io import BytesIO
from typing import Any

from PIL import Image

from browser.filling_merges import merges_filled
from estime.cocreation import api
from estime.cocreation.api import Challenge, Contribution, Edit, Member
from estime.kernel import clock
from estime.people.models import User


def ideas_filled(member: Member, challenge: Challenge) -> dict[str, Any]:
    """What Lise and Lou gave, said and offered; ids by name, for addresses."""
    at = clock.now()
    lou = api.member_of(User.objects.create(email="lou@example.org", name="Lou", role="member", password="!"))
    ideas = {
        name: _given(member, challenge, f"Gourde {n}", at) for n, name in enumerate(("idea", "head", "gone"))
    }
    ideas |= {name: _given(lou, challenge, f"Anse {n}", at) for n, name in enumerate(("part", "asked"))}
    ideas |= {name: _given(lou, challenge, f"Bec {n}", at) for n, name in enumerate(("bec", "col"))}
    one = ideas["idea"]
    deal = api.deal_of(challenge)
    offer = api.Offer(one.title, "Clic **clac** clic.", 1, deal=deal.version if deal else 0)
    comment = api.comment_write(lou, one, api.Said("Clic !", "improvement"), offer=offer)
    api.version_write(member, one.pk, api.NewWords(one.title, "Clic clac, clac."), 1)
    stream = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(stream, "PNG")
    stream.seek(0)
    picture = api.picture_add(member, challenge.space, stream, "Gourde")
    own = api.comment_write(
        member, one, api.Said(f"Merci, @Lou.\n\n{api.picture_markdown(picture)}", parent=comment.pk)
    )
    api.comment_write(lou, one, api.Said("Oui.", "tried"))
    api.comment_write(lou, one, api.Said("> Clic !", parent=own.pk, quoted=comment.pk))
    api.support(lou, one.pk)
    api.coauthor_invite(lou, ideas["asked"].pk, member)
    api.contribution_withdraw(member, ideas["gone"].pk)
    merges = merges_filled(member, lou, ideas)
    draft = api.draft_begin(member, api.Place(challenge))
    api.draft_save(member, draft.pk, api.DraftWords("Bec 7", "Un bec.", "tip"), 0)
    return {
        "ideas": {name: str(each.pk) for name, each in ideas.items()},
        "merges": merges,
        "comment": str(comment.pk),
        "own_comment": str(own.pk),
        "improvement": str(Edit.objects.get(comment=comment).pk),
        "draft": str(draft.pk),
        "picture": str(picture.pk),
    }


def _given(by: Member, challenge: Challenge, title: str, at: datetime) -> Contribution:
    draft = api.draft_begin(by, api.Place(challenge))
    api.draft_save(by, draft.pk, api.DraftWords(title, "Clic clac clic."), 0)
    deal = api.deal_of(challenge)
    return api.contribution_publish(by, draft.pk, deal=deal.version if deal else 0, when=at)
