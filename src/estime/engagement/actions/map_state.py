"""With which settings the map was told: asked every minute, so no engine is loaded."""

import hashlib
from typing import Final

import orjson

from estime.engagement.models import Edition
from estime.kernel.configuration import Configuration

RULES: Final = 1
"""Raise it when the map is made in another way: it is then told anew."""


def map_digest(config: Configuration, figures_digest: str) -> str:
    """What the map depends on besides acts, readings and time."""
    told = [RULES, figures_digest, config.privacy.smallest_group, config.privacy.person_affect]
    return hashlib.sha256(orjson.dumps(told)).hexdigest()


def map_changed(standing: Edition, config: Configuration) -> bool:
    """Whether the map that stands was made with other settings."""
    told = standing.scopes.get("placed") or {}
    return bool(told) and told["digest"] != map_digest(config, standing.digest)
