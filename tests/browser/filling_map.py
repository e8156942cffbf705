"""The engagement map in the installation of the browser tests, and a validity report; what a member can contest."""

from typing import Any

from readouts.told_map import mapped
from readouts.told_validity import measured

from estime.cocreation.api import CHANNEL, Member
from estime.engagement import api as engagement
from estime.engagement.models import StoredFigure
from estime.ledger.models import Act
from estime.listening import api as listening
from estime.listening.models import Reading
from estime.readouts.actions import publish
from estime.readouts.validity_draw import validity_publish

SCOPE = "houston-slack"


def map_filled(member: Member) -> dict[str, Any]:
    """A map of 412 people, on the channel whose own people are too few; a text of the member's that was read."""
    StoredFigure.objects.filter(scope=SCOPE, measure__startswith="map").delete()
    StoredFigure.objects.filter(scope=SCOPE, measure="affect").delete()
    StoredFigure.objects.bulk_create(
        StoredFigure(**figure._asdict() | {"scope": SCOPE}) for figure in mapped()
    )
    edition = engagement.edition()
    assert edition is not None
    publish(edition)
    validity_publish({**measured(), "scope": SCOPE})
    account = Member.objects.values_list("account", flat=True).get(pk=member.pk)
    act = Act.objects.filter(actor=account, channel__name=CHANNEL, content__gt="").order_by("seq").first()
    assert act is not None
    listening.listen()  # or the worker would read it, and nothing about the brand in it
    Reading.objects.filter(seq=act.seq).update(
        negative=700, neutral=200, positive=100, unclear=False, target=1, toward=-600
    )
    engagement.place_contest(account, "Je plaisantais.", out=False)
    return {"read": str(act.seq)}
