"""The parameters of the measures, with their defaults and the reasons for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

DEFAULT_WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "Create": 4.0,
        "Offer": 4.0,
        "Update": 1.0,
        "Announce": 2.0,
        "Vote": 1.0,
        "Dislike": 1.0,
        "Flag": 1.0,
        "Like": 0.0,
    }
)
"""Own choice, ordered by effort: making something, passing it on, a click that decides, a like (nothing).

They are configuration: `rank_stability` says how much the ranks depend on them.
"""

OTHER_WEIGHT: Final = 1.0
"""Weight of a kind that is not named."""


@dataclass(frozen=True)
class Settings:
    """What the measures need to know besides the acts. Lengths are in days."""

    brand_accounts: tuple[tuple[str, int], ...] = ()
    """(channel, account key) of the brand's own accounts: left out of member figures."""
    weights: Mapping[str, float] = field(default_factory=lambda: DEFAULT_WEIGHTS)
    other_weight: float = OTHER_WEIGHT
    half_life: float = 28.0
    window: int = 28
    """The present: four whole weeks, so that each weekday counts the same."""
    silence: int = 90
    """Silent for longer than this: gone."""
    span: int = 90
    """How far back shares of participation, pairs and response times look."""
    patience: int = 7
    """After this an opening without a reply is unanswered, and late."""
    linked: bool = False
    """True when a person may be in several channels: then persons of all channels are counted anew."""
    rank_sample: int = 20_000
    seed: int = 20_260_101
    replicates: int = 1_000
