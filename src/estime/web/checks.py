"""Told at start: a brand's accent that nobody could read as it is."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning, register

from estime.web.brand import accents
from estime.web.colours import ENOUGH, PAPERS, contrast, nearest_legible


@register("estime")
def check_accent(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """A dark accent grows lighter on dark paper as it must; one that light paper cannot carry is worth a word."""
    colour = accents().get("light")
    paper = PAPERS["light"]
    if colour is None or contrast(colour, paper) >= ENOUGH:
        return []
    return [
        Warning(
            f"brand.accent: {colour} has contrast {contrast(colour, paper):.1f} on light paper; "
            f"its nearest shade that can be read, {nearest_legible(colour, paper)}, is shown there.",
            hint=f"Choose a colour with a contrast of at least {ENOUGH} on {paper}, or keep the shade.",
            id="estime.web.W002",
        )
    ]
