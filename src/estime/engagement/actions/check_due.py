"""Whether a refresh has something to do."""

from datetime import timedelta

from estime.engagement.actions.digest import brand_keys, figures_digest
from estime.engagement.models import Edition
from estime.kernel import clock
from estime.kernel.configuration import configuration
from estime.ledger import api as ledger

SHELF_LIFE = timedelta(hours=1)
"""How long figures stand when nothing comes in: time passes in them too."""


def refresh_due() -> bool:
    """Whether acts, totals, an erasure or other settings came since the last refresh, or enough time went by."""
    standing = Edition.objects.order_by("-pk").first()
    if standing is None:
        return ledger.size() != (0, 0)
    if standing.stale or clock.now() - standing.made_at > SHELF_LIFE:
        return True
    totals = ledger.observation_count()
    if standing.observations != totals or ledger.acts_since(standing.batch):
        return True
    config = configuration()
    return standing.digest != figures_digest(config, brand_keys(config), totals)
