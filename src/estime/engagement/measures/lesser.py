"""The same people, less known of each: what every kind of evidence is worth, and what is left when it stands alone."""

from collections.abc import Set
from typing import Final

import numpy as np

from estime.engagement.measures.panel import Panel, family_of

CORE: Final = ("last", "n", "first")
FAMILIES: Final = ("rhythm", "role", "replies", "partners", "conversations", "likes", "words")
ALONE: Final = "affect_alone"
"""What texts feel like, no recency or frequency beside it. How much somebody wrote shines through all the same: a mean
of many texts lies nearer the middle, and of few texts more often none is clear (docs/validity.md)."""
DEALT: Final = "affect_dealt"
"""The same of readings dealt out at random among the same texts: what it tells is how much somebody wrote."""
TONELESS: Final = "without_tone"
"""Of what texts feel like only what they feel toward the brand; where none names the brand, there is no such panel."""
TOWARD: Final = "affect_toward"


def lesser(panel: Panel) -> dict[str, Panel]:
    """By name: the panel without each family of evidence that it has, recency, frequency and age kept.

    Then one's own rhythm alone, affect alone, affect dealt out, and everything with the season.
    """
    dealt, whole = _family(panel, "dealt"), panel.without(["dealt"])
    families = {family_of(name) for name in whole.columns}
    found = {
        f"without_{family}": _without(whole, {family})
        for family in (*FAMILIES, "affect")
        if family in families
    }
    affect = _family(whole, "affect")
    toward = {name for name in affect if name.startswith(TOWARD)}
    if any(not np.isnan(whole.columns[name]).all() for name in toward):
        found[TONELESS] = whole.only([name for name in whole.columns if name not in affect - toward])
    found["rhythm_only"] = _without(whole, families - {"rhythm"})
    if affect:
        found[ALONE] = whole.only(sorted(affect))
    if dealt:
        found[DEALT] = panel.only(sorted(dealt))
    found["with_season"] = _with_season(whole)
    return found


def _family(panel: Panel, family: str) -> set[str]:
    return {name for name in panel.columns if family_of(name) == family}


def _without(panel: Panel, families: Set[str]) -> Panel:
    kept = [name for name in panel.columns if name in CORE or family_of(name) not in families]
    return panel.only(kept)


def _with_season(panel: Panel) -> Panel:
    angle = 2 * np.pi * panel.cut / 365.2425
    season = {"season_sine": np.sin(angle), "season_cosine": np.cos(angle)}
    return Panel(panel.person, panel.cut, panel.wait, {**panel.columns, **season}, panel.ends)
