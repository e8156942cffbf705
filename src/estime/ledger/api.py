"""The door of the ledger: what other parts may call."""

from estime.ledger.actions.append import Appended, append
from estime.ledger.actions.archive import ACTS, archive, archived
from estime.ledger.actions.ensure_channel import channel_ensure, check_channel_name
from estime.ledger.actions.erase import Erased, erase_accounts, finish_erasures
from estime.ledger.actions.observe import observe
from estime.ledger.drafts import ActDraft, ObservationDraft, Origin, Reject
from estime.ledger.guards import missing_guards
from estime.ledger.queries import (
    account_key,
    account_keys,
    acts_as_drafts,
    acts_since,
    channels,
    count,
    observation_count,
    observations,
    size,
)

__all__ = [
    "ACTS",
    "ActDraft",
    "Appended",
    "Erased",
    "ObservationDraft",
    "Origin",
    "Reject",
    "account_key",
    "account_keys",
    "acts_as_drafts",
    "acts_since",
    "append",
    "archive",
    "archived",
    "channel_ensure",
    "channels",
    "check_channel_name",
    "count",
    "erase_accounts",
    "finish_erasures",
    "missing_guards",
    "observation_count",
    "observations",
    "observe",
    "size",
]
