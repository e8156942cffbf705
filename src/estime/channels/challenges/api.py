"""The door: bring a challenge in, give one away as open data."""

from estime.channels.challenges.choosing import ChallengeOptions, states_read
from estime.channels.challenges.importing import ChallengeImported, Overrides, challenge_import
from estime.channels.challenges.mapping import ChallengeMapping, challenge_mapping_load
from estime.channels.challenges.open_data import GivenAway, challenge_export
from estime.channels.challenges.registry import FORMATS as CHALLENGE_FORMATS

__all__ = [
    "CHALLENGE_FORMATS",
    "ChallengeImported",
    "ChallengeMapping",
    "ChallengeOptions",
    "GivenAway",
    "Overrides",
    "challenge_export",
    "challenge_import",
    "challenge_mapping_load",
    "states_read",
]
