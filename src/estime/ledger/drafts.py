"""What a channel hands to the ledger: acts, observations, and rows it could not translate.

Drafts are named tuples rather than models: an import makes millions of them.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class Origin(NamedTuple):
    """Where an act stood before, when it comes from Estime's own export."""

    channel: str
    act_id: UUID
    recorded: datetime
    account_key: int


class ActDraft(NamedTuple):
    """One act as a channel tells it. Field names and meanings follow W3C Activity Streams 2.0."""

    source_id: str
    actor: str | None
    type: str
    published: datetime
    object_id: str | None = None
    object_type: str | None = None
    in_reply_to: str | None = None
    context: str | None = None
    content: str | None = None
    lang: str | None = None
    value: float | None = None
    unit: str | None = None
    incentive: str | None = None
    on_behalf_of: str | None = None
    extra: dict[str, object] | None = None
    origin: Origin | None = None


class ObservationDraft(NamedTuple):
    """A total that a platform gives without saying who: kept beside the acts, never turned into persons."""

    object_id: str
    metric: str
    value: float
    observed: datetime
    published: datetime | None = None
    object_type: str | None = None
    channel: str | None = (
        None  # only from our own export: where it stood before, and when it was recorded there
    )
    recorded: datetime | None = None


class Reject(NamedTuple):
    """A row that was not taken in, with its place, a code and what to do about it."""

    line: int
    code: str
    reason: str
    raw: str
