"""The door: bring a challenge in, from a path or as an uploaded file; give one away as open data."""

from estime.channels.challenges.choosing import ChallengeOptions, states_read
from estime.channels.challenges.importing import ChallengeImported, Overrides, challenge_import
from estime.channels.challenges.mapping import ChallengeMapping, challenge_mapping_load
from estime.channels.challenges.open_data import GivenAway, challenge_export
from estime.channels.challenges.registry import FORMATS as CHALLENGE_FORMATS
from estime.channels.challenges.uploaded import (
    Told,
    Wish,
    challenge_import_job,
    challenge_upload,
    challenge_upload_find,
    challenge_upload_rejects,
)

__all__ = [
    "CHALLENGE_FORMATS",
    "ChallengeImported",
    "ChallengeMapping",
    "ChallengeOptions",
    "GivenAway",
    "Overrides",
    "Told",
    "Wish",
    "challenge_export",
    "challenge_import",
    "challenge_import_job",
    "challenge_mapping_load",
    "challenge_upload",
    "challenge_upload_find",
    "challenge_upload_rejects",
    "states_read",
]
