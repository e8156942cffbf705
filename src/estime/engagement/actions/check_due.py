"""Whether a refresh has something to do."""

from datetime import timedelta

from estime.engagement.models import Edition
from estime.kernel import clock
from estime.ledger import api as ledger

SHELF_LIFE = timedelta(hours=1)
"""How long figures stand when nothing comes in: time passes in them too."""


def refresh_due() -> bool:
    """Whether acts, totals or an erasure came since the last refresh, or enough time went by."""
    standing = Edition.objects.order_by("-pk").first()
    if standing is None:
        return ledger.size() != (0, 0)
    if standing.stale or clock.now() - standing.made_at > SHELF_LIFE:
        return True
    return standing.observations != ledger.observation_count() or ledger.acts_since(standing.batch)
