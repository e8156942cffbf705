"""Is “affect alone” feeling, or how much somebody wrote? `ESTIME_HOME=… python bench/affect_alone.py CHANNEL`, two minutes.

What was read in texts is dealt out at random among the texts in which anything was read, three times; then each is
learnt from and judged alone, as in the validity report (docs/validity.md). The installation must be refreshed.
"""

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import django
import ibis
import numpy as np
import pyarrow as pa

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estime.config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from scipy.stats import spearmanr  # noqa: E402

from estime.engagement.actions import validate  # noqa: E402
from estime.engagement.measures.durability import Durability, durability_fit  # noqa: E402
from estime.engagement.measures.panel import Panel, family_of  # noqa: E402
from estime.engagement.measures.scoring import scored  # noqa: E402
from estime.engagement.measures.validity import Cuts, cuts_of  # noqa: E402
from estime.engagement.models import Edition  # noqa: E402
from estime.engagement.tables.foresee import known_only, panel_of  # noqa: E402
from estime.engagement.tables.prepare import DAY  # noqa: E402
from estime.engagement.tables.shelf import Shelf  # noqa: E402
from estime.kernel.engine import connect  # noqa: E402

SEEDS: Final = (1, 2, 3)
AS_READ: Final = "as read"
TOGETHER: Final = ("affect_valence", "affect_strength")


def dealt(readings: pa.Table, seed: int) -> pa.Table:
    """The same numbers, missing where they were missing, each with another text."""
    rng = np.random.default_rng(seed)
    columns = {name: np.asarray(readings[name].to_numpy(), float) for name in readings.column_names[1:]}
    known = np.flatnonzero(~np.isnan(columns["affect_valence"]))
    order = rng.permutation(known)
    for name in TOGETHER:
        columns[name][known] = columns[name][order]
    known = np.flatnonzero(~np.isnan(columns["affect_toward"]))
    columns["affect_toward"][known] = columns["affect_toward"][rng.permutation(known)]
    told = {name: pa.array(values, from_pandas=True) for name, values in columns.items()}
    return pa.table({"seq": readings["seq"], **told})


def said(panel: Panel, cuts: Cuts) -> np.ndarray:
    """What affect alone says at all judged cuts."""
    alone = panel.only([name for name in panel.columns if family_of(name) == "affect"])
    parts = []
    for cut in cuts.judged:
        model = durability_fit(alone, cut)
        if not isinstance(model, Durability):
            raise SystemExit("this history is too short")
        parts.append(model.tell(alone.at(cut)))
    return np.concatenate(parts)


def main(channel: str) -> None:
    edition = Edition.objects.order_by("-pk").first()
    if edition is None:
        raise SystemExit("estime refresh first")
    moments: Mapping[str, Any] = {
        name: datetime.fromisoformat(at) for name, at in edition.scopes["as_of"].items()
    }
    backend = connect(settings.ESTIME_ENGINE_URL, threads=1)
    with Shelf(backend) as shelf:
        copied = validate._copied(backend, shelf, moments)
        if copied is None or copied.scores is None:
            raise SystemExit("no text was read here")
        acts = copied.acts.filter(copied.acts.scope == copied.codes.channels[channel])
        ends = int(moments[channel].astimezone(UTC).timestamp()) // DAY
        first = acts.filter(~acts.liking & ~acts.brand)["at"].min().to_pyarrow().as_py() // DAY
        cuts = cuts_of(first, ends)
        readings = copied.scores.to_pyarrow()
        told = {}
        for seed in (None, *SEEDS):
            numbers = shelf.keep(ibis.memtable(readings if seed is None else dealt(readings, seed)))
            panel = known_only(panel_of(shelf, acts, cuts.learnt, ends, scores=numbers))
            told[AS_READ if seed is None else f"dealt out, {seed}"] = said(panel, cuts)
    asked = [panel.at(cut) for cut in cuts.judged]
    came, people, acts_done = (
        np.concatenate(parts)
        for parts in zip(*((each.came(90), each.person, each.columns["n"]) for each in asked), strict=True)
    )
    for name, scores in scored(told, came, people, AS_READ, replicates=500).items():
        rank = float(spearmanr(told[name], acts_done)[0])
        print(name, scores.auc, scores.auc_lead, f"rank correlation with acts {rank:.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
