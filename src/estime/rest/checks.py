"""Told at start: an event of Segment that estime.toml gives a type that is none."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning, register

from estime.kernel.configuration import BadConfiguration
from estime.rest.segment.events import unknown_types


@register("estime")
def check_events(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Such an event is taken for what it is without the setting, a View if nobody knows it."""
    try:
        unknown = unknown_types()
    except BadConfiguration:  # said by whatever needs the file
        return []
    return [
        Warning(
            f"segment.events: “{name}” is not an Activity Streams 2.0 activity type, so it is passed over.",
            hint="Use one such as View, Create or Join: docs/segment.md.",
            id="estime.rest.W001",
        )
        for name in unknown
    ]
