"""Told at start: a brand's accent that nobody could read."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from estime.web.colours import ENOUGH, PAPERS, accents_legible, contrast, is_colour


@register("estime")
def check_accent(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    accents: dict[str, str] = getattr(settings, "ESTIME_ACCENT", {})
    legible = accents_legible(accents)
    return [_told(scheme, colour) for scheme, colour in accents.items() if scheme not in legible]


def _told(scheme: str, colour: str) -> CheckMessage:
    if scheme not in PAPERS or not is_colour(colour):
        return Warning(
            f"ESTIME_ACCENT: {scheme} {colour} is not understood; our own accent is shown.",
            hint='Give {"light": "#rrggbb", "dark": "#rrggbb"}.',
            id="estime.web.W001",
        )
    ratio = contrast(colour, PAPERS[scheme])
    return Warning(
        f"ESTIME_ACCENT: {colour} has contrast {ratio:.1f} on {scheme} paper; our own accent is shown.",
        hint=f"Choose a colour with a contrast of at least {ENOUGH} on {PAPERS[scheme]}.",
        id="estime.web.W002",
    )
