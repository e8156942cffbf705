"""What tests of answers begin with: an idea as somebody gave it, a decision in words."""

from typing import Any

from cocreation.places import Place

from estime.cocreation.actions.decisions import DecisionWords
from estime.cocreation.acts import source_new
from estime.cocreation.models import Author, Contribution, Member, Version
from estime.kernel import clock

TAKEN = DecisionWords(
    "taken", "It costs less than the seam, and it lasts longer in our tests.", "The buckle."
)
NOW = clock.now().replace(microsecond=0)


def idea(here: Place, by: Member, title: str = "A buckle", **more: Any) -> Contribution:
    made = Contribution.objects.create(
        space=here.space, challenge=here.challenge, kind="idea", title=title, body="Two of them.", author=by,
        at=here.at, changed=here.at, source=source_new("contribution"), **more,
    )  # fmt: skip
    Version.objects.create(contribution=made, number=1, title=title, body="Two of them.", by=by, at=here.at)
    Author.objects.create(contribution=made, member=by, number=1, accepted=here.at)
    return made
