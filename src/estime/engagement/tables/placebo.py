"""What was read in texts, and beside it the same dealt out at random among the same texts: feelings that are nobody's.

Whatever the second tells is how much somebody writes, and not what they feel.
"""

from typing import Any, Final, NamedTuple

import ibis
import numpy as np
import pyarrow as pa

from estime.engagement.measures.felt import Heard
from estime.engagement.measures.scoring import Flags, Numbers
from estime.engagement.tables.shelf import Shelf
from estime.engagement.tables.table import Table

SEED: Final = 0
DEALT: Final = (("affect_valence", "affect_strength"), ("affect_toward",))
"""What goes from one text to another together, among the texts in which the first of it is known."""


class Dealt(NamedTuple):
    """Scores of `durability_rows`: as read (`affect_…`) and dealt out (`dealt_…`); and of how many texts they are."""

    scores: Table
    heard: Heard


def dealt(shelf: Shelf, acts: Table, scores: Table, part: int = 1, seed: int = SEED) -> Dealt:
    """The scores of members' texts in `acts`, of the people whose number leaves no rest when divided by `part`.

    The same for the same texts read in the same order, on every engine.
    """
    texts = acts.filter(acts.text & ~acts.brand & (acts.person % part == 0)).select("seq", "person", "at")
    read: Any = texts.left_join(scores, "seq")
    names = [name for group in DEALT for name in group]
    told = read.order_by("at", "seq").select("seq", "person", *names).to_pyarrow()
    as_read = {name: np.asarray(told[name].to_numpy(zero_copy_only=False), np.float64) for name in names}
    columns = {
        name: pa.array(values, from_pandas=True) for name, values in (as_read | _dealt(as_read, seed)).items()
    }
    tone, toward = (~np.isnan(as_read[group[0]]) for group in DEALT)
    heard = Heard(len(told), int(tone.sum()), int(toward.sum()), _people(told, toward))
    return Dealt(shelf.keep(ibis.memtable(pa.table({"seq": told["seq"], **columns}))), heard)


def _dealt(as_read: dict[str, Numbers], seed: int) -> dict[str, Numbers]:
    """The same numbers, missing where they were missing, each with another text."""
    rng = np.random.default_rng(seed)
    found = {}
    for group in DEALT:
        known = np.flatnonzero(~np.isnan(as_read[group[0]]))
        drawn = rng.permutation(known)
        for name in group:
            values = np.full(len(as_read[name]), np.nan)
            values[known] = as_read[name][drawn]
            found[name.replace("affect_", "dealt_")] = values
    return found


def _people(told: pa.Table, chosen: Flags) -> int:
    return len(np.unique(told["person"].to_numpy()[chosen]))
