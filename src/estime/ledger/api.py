"""The door of the ledger: what other parts may call. Light to import: Arrow and the lake are loaded when asked for."""

from importlib import import_module
from typing import TYPE_CHECKING

from estime.ledger.actions.append import Appended, Outcome, append, append_one, append_told, reject
from estime.ledger.actions.append_together import append_together
from estime.ledger.actions.ensure_channel import channel_describe, channel_ensure, check_channel_name
from estime.ledger.actions.observe import observe
from estime.ledger.drafts import ActDraft, ObservationDraft, Reject
from estime.ledger.following import (
    Passing,
    Position,
    Written,
    acts_following,
    objects_made,
    texts_end,
    texts_following,
)
from estime.ledger.guards import ERASED_PREFIX, missing_guards
from estime.ledger.listing import (
    COUNTED,
    ActPage,
    Listed,
    Standing,
    act_listed,
    acts_each,
    acts_listed,
    acts_newest,
    acts_page,
    acts_total,
    index_behind,
    index_due,
    index_version,
    moment_of,
    standing,
)
from estime.ledger.prepared import execute_prepared, planned_cursor
from estime.ledger.queries import (
    account_key,
    account_keys,
    account_keys_of,
    acts_since,
    channels,
    count,
    handles_like,
    observation_count,
    size,
)
from estime.ledger.queries_account import (
    AccountCard,
    Exchange,
    account_by_handle,
    account_card,
    account_handle,
    account_moments,
    exchange,
    first_moments,
)
from estime.ledger.reading import (
    Shown,
    Told,
    act_named,
    acts_shown,
    as_moment,
    channel_formats,
    channel_names,
    channel_titles,
    erased_counts,
    latest_between,
    reading_horizon,
    reading_step,
    texts_between,
)
from estime.ledger.search.among import Choice, acts_among, acts_keys, words_ignored
from estime.ledger.search.find import Count, Cursor
from estime.ledger.search.marking import words_found
from estime.ledger.search.tally import OfAccount, Tally, kinds_present
from estime.ledger.search.wanted import ActFilter, Place
from estime.ledger.search.words import parse as words_asked
from estime.ledger.turns import turn
from estime.ledger.vocabulary import ACTIVITY_TYPES
from estime.ledger.whole import ActRow, act_find, acts_whole

if TYPE_CHECKING:
    from estime.ledger.actions.archive import ACTS, archive, archived, erased_keys
    from estime.ledger.actions.erase import Erased, erase_accounts, finish_erasures
    from estime.ledger.bulk import acts_as_drafts, observations
    from estime.ledger.search.fill import index_acts, index_forget
    from estime.ledger.sources import arrow_reader

__all__ = [
    "ACTIVITY_TYPES",
    "ACTS",
    "COUNTED",
    "ERASED_PREFIX",
    "AccountCard",
    "ActDraft",
    "ActFilter",
    "ActPage",
    "ActRow",
    "Appended",
    "Choice",
    "Count",
    "Cursor",
    "Erased",
    "Exchange",
    "Listed",
    "ObservationDraft",
    "OfAccount",
    "Outcome",
    "Passing",
    "Place",
    "Position",
    "Reject",
    "Shown",
    "Standing",
    "Tally",
    "Told",
    "Written",
    "account_by_handle",
    "account_card",
    "account_handle",
    "account_key",
    "account_keys",
    "account_keys_of",
    "account_moments",
    "act_find",
    "act_listed",
    "act_named",
    "acts_among",
    "acts_as_drafts",
    "acts_each",
    "acts_following",
    "acts_keys",
    "acts_listed",
    "acts_newest",
    "acts_page",
    "acts_shown",
    "acts_since",
    "acts_total",
    "acts_whole",
    "append",
    "append_one",
    "append_together",
    "append_told",
    "archive",
    "archived",
    "arrow_reader",
    "as_moment",
    "channel_describe",
    "channel_ensure",
    "channel_formats",
    "channel_names",
    "channel_titles",
    "channels",
    "check_channel_name",
    "count",
    "erase_accounts",
    "erased_counts",
    "erased_keys",
    "exchange",
    "execute_prepared",
    "finish_erasures",
    "first_moments",
    "handles_like",
    "index_acts",
    "index_behind",
    "index_due",
    "index_forget",
    "index_version",
    "kinds_present",
    "latest_between",
    "missing_guards",
    "moment_of",
    "objects_made",
    "observation_count",
    "observations",
    "observe",
    "planned_cursor",
    "reading_horizon",
    "reading_step",
    "reject",
    "size",
    "standing",
    "texts_between",
    "texts_end",
    "texts_following",
    "turn",
    "words_asked",
    "words_found",
    "words_ignored",
]

_HEAVY = {
    **dict.fromkeys(("ACTS", "archive", "archived", "erased_keys"), "estime.ledger.actions.archive"),
    **dict.fromkeys(("Erased", "erase_accounts", "finish_erasures"), "estime.ledger.actions.erase"),
    **dict.fromkeys(("acts_as_drafts", "observations"), "estime.ledger.bulk"),
    **dict.fromkeys(("Indexed", "index_acts", "index_forget"), "estime.ledger.search.fill"),
    "arrow_reader": "estime.ledger.sources",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """What needs Arrow or the lake, found when it is first asked for: pages ask for none of it."""
        if name not in _HEAVY:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HEAVY[name]), name)
