"""What durability is compared with: the prevalence, counts of likes and acts, recency, RFM, BG/NBD."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from estime.engagement.measures.bg_nbd import bg_nbd_fit, bg_nbd_returns
from estime.engagement.measures.durability import DAYS, logit_fit
from estime.engagement.measures.panel import Panel
from estime.engagement.measures.scoring import Numbers

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "prevalence": (),
    "like_count": ("likes180",),
    "frequency": ("n",),
    "recency": ("last",),
    "rfm": ("last", "n", "first"),
}
"""A logistic line over the logarithms of these columns; without any, the share that came in the past."""

WEAK: Final = 1.0
"""A ridge that leaves three columns as they are."""


def baselines(panel: Panel, cut: int) -> dict[str, Numbers]:
    """What each of the usual ways says of the people asked about at `cut`, knowing only what came before.

    Returns name → probabilities (n,), in the order of `panel.at(cut)`: those of `COLUMNS`, and `bg_nbd` over weeks.
    """
    asked = panel.at(cut)
    known = panel.closed(cut, DAYS)
    told = {}
    for name, columns in COLUMNS.items():
        there = [column for column in columns if column in panel.columns]
        told[name] = logit_fit(known.only(there), WEAK)(asked.only(there))
    told["bg_nbd"] = _bg_nbd(panel.rows(panel.cut <= cut), asked, cut)
    return told


def _bg_nbd(panel: Panel, asked: Panel, cut: int) -> Numbers:
    """Everybody's weeks in which they did something, those who left long ago included."""
    newest = np.lexsort((panel.cut, panel.person))
    ends = np.r_[panel.person[newest][1:] != panel.person[newest][:-1], True]
    everybody = panel.rows(newest[ends])
    model = bg_nbd_fit(*_visits(everybody, cut))
    return bg_nbd_returns(model, *_visits(asked, cut), within=float(DAYS))


def _visits(panel: Panel, cut: int) -> tuple[Numbers, Numbers, Numbers]:
    """Weeks after the first, days from the first to the last act, days since the first.

    Who has no row at the cut itself did nothing since their own last row, or they would have a later one.
    """
    again = panel.columns["weeks"] - 1
    first, last = panel.columns["first"], panel.columns["last"]
    return again, np.where(again > 0, first - last, 0.0), first + (cut - panel.cut)
