"""Whether a refresh has something to do."""

from datetime import timedelta

from estime.engagement.actions.digest import brand_keys, figures_digest
from estime.engagement.actions.keep_places import places_kept
from estime.engagement.actions.map_state import map_changed
from estime.engagement.models import Edition, Place
from estime.kernel import clock
from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.listening import api as listening

SHELF_LIFE = timedelta(hours=1)
"""How long figures stand when nothing comes in: time passes in them too."""


def refresh_due() -> bool:
    """Whether acts, totals, an erasure or other settings came since the last refresh, or enough time went by.

    So do readings of texts, once all that came in are read.
    """
    standing = Edition.objects.order_by("-pk").first()
    if standing is None:
        return ledger.size() != (0, 0)
    if standing.stale or clock.now() - standing.made_at > SHELF_LIFE:
        return True
    totals = ledger.observation_count()
    if standing.observations != totals or ledger.acts_since(standing.batch):
        return True
    if standing.scopes.get("readings", 0) != listening.readings_mark() and not listening.listen_due():
        return True
    config = configuration()
    if map_changed(standing, config) or (not places_kept() and Place.objects.exists()):
        return True
    return standing.digest != figures_digest(config, brand_keys(config), totals)
