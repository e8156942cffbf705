"""Contrast of the brand's accent on our papers (WCAG 2.2, relative luminance)."""

import re

PAPERS = {"light": "#fbfaf7", "dark": "#171613"}
ENOUGH = 4.5


def _luminance(colour: str) -> float:
    def linear(part: str) -> float:
        level = int(part, 16) / 255
        return level / 12.92 if level <= 0.04045 else float(((level + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(colour[at : at + 2]) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white).

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def is_colour(told: str) -> bool:
    return re.fullmatch(r"#[0-9a-fA-F]{6}", told) is not None


def accents_legible(accents: dict[str, str]) -> dict[str, str]:
    """The accents that can be read on their paper; the check says which ones cannot."""
    return {
        scheme: colour
        for scheme, colour in accents.items()
        if scheme in PAPERS and is_colour(colour) and contrast(colour, PAPERS[scheme]) >= ENOUGH
    }
