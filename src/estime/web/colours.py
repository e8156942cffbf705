"""Contrast of the brand's accent on our papers: the arithmetic is the readouts', whose pictures need it too."""

from estime.readouts.colours import (
    ENOUGH,
    INKS,
    PAPERS,
    accents_legible,
    contrast,
    is_colour,
    mixed,
    nearest_legible,
    on_accent,
)

__all__ = [
    "ENOUGH",
    "INKS",
    "PAPERS",
    "accents_legible",
    "contrast",
    "is_colour",
    "mixed",
    "nearest_legible",
    "on_accent",
]
