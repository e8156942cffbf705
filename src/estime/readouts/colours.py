"""Contrast of the brand's accent on our papers (WCAG 2.2, relative luminance)."""

import re

PAPERS = {"light": "#fbfaf7", "dark": "#171613"}
INKS = {"light": "#1d1c1a", "dark": "#ece8df"}
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


def mixed(one: str, other: str, share: float) -> str:
    """`share` of the other colour in the first, channel by channel.

    >>> mixed("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def nearest_legible(colour: str, paper: str) -> str:
    """The colour itself where it can be read on this paper; else its nearest shade that can.

    A light colour is darkened on light paper, a dark one lightened on dark paper: the hue stays the brand's.

    >>> nearest_legible("#1f5c4d", PAPERS["light"])
    '#1f5c4d'
    >>> contrast(nearest_legible("#1f5c4d", PAPERS["dark"]), PAPERS["dark"]) >= ENOUGH
    True
    """
    end = max(("#000000", "#ffffff"), key=lambda extreme: contrast(extreme, paper))
    shades = (mixed(colour, end, step / 50) for step in range(51))
    return next((shade for shade in shades if contrast(shade, paper) >= ENOUGH), end)


def on_accent(accent: str) -> str:
    """The colour of words on a button in the accent: whichever of our papers is read best on it.

    >>> on_accent("#1f5c4d"), on_accent("#7cc3ad")
    ('#fbfaf7', '#171613')
    """
    return max(PAPERS.values(), key=lambda paper: contrast(paper, accent))


def accents_legible(accents: dict[str, str]) -> dict[str, str]:
    """The accents that can be read on their paper as they are; the check says which ones cannot."""
    return {
        scheme: colour
        for scheme, colour in accents.items()
        if scheme in PAPERS and is_colour(colour) and contrast(colour, PAPERS[scheme]) >= ENOUGH
    }
