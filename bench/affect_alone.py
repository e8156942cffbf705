"""Does it matter how readings are dealt out? `ESTIME_HOME=… python bench/affect_alone.py CHANNEL`, two minutes.

The validity report deals what was read in texts out at random once, always the same way (docs/validity.md). Here it is
dealt out five times over, and each time learnt from and judged alone. The installation must be refreshed.
"""

import os
import sys
from datetime import UTC, datetime
from typing import Final

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estime.config.settings")
django.setup()

from django.conf import settings
from scipy.stats import spearmanr

from estime.engagement.actions import validate
from estime.engagement.measures.durability import Durability, durability_fit
from estime.engagement.measures.lesser import ALONE, DEALT, lesser
from estime.engagement.measures.panel import Panel
from estime.engagement.measures.scoring import Draws, scored
from estime.engagement.measures.validity import Cuts, cuts_of
from estime.engagement.models import Edition
from estime.engagement.tables.foresee import known_only, panel_of
from estime.engagement.tables.placebo import dealt
from estime.engagement.tables.prepare import DAY
from estime.engagement.tables.shelf import Shelf
from estime.kernel.engine import connect

SEEDS: Final = range(5)
AS_READ: Final = "as read"


def said(panel: Panel, cuts: Cuts) -> np.ndarray:
    """What these columns say at all judged cuts."""
    parts = []
    for cut in cuts.judged:
        model = durability_fit(panel, cut)
        if not isinstance(model, Durability):
            raise SystemExit("this history is too short")
        parts.append(model.tell(panel.at(cut)))
    return np.concatenate(parts)


def main(channel: str) -> None:
    edition = Edition.objects.order_by("-pk").first()
    if edition is None:
        raise SystemExit("estime refresh first")
    moments = {name: datetime.fromisoformat(at) for name, at in edition.scopes["as_of"].items()}
    backend = connect(settings.ESTIME_ENGINE_URL, threads=1)
    told = {}
    with Shelf(backend) as shelf:
        copied = validate._copied(backend, shelf, moments)
        if copied is None or copied.scores is None:
            raise SystemExit("no text was read here")
        ends = int(moments[channel].astimezone(UTC).timestamp()) // DAY
        acts = copied.acts.filter(copied.acts.scope == copied.codes.channels[channel])
        acts = acts.filter(acts["at"] < ends * DAY)
        first = acts.filter(~acts.liking & ~acts.brand)["at"].min().to_pyarrow().as_py() // DAY
        cuts = cuts_of(first, ends)
        for seed in SEEDS:
            scores = dealt(shelf, acts, copied.scores, seed=seed).scores
            panel = known_only(panel_of(shelf, acts, cuts.learnt, ends, scores=scores))
            alone = lesser(panel)
            if not told:
                told[AS_READ] = said(alone[ALONE], cuts)
            told[f"dealt out, {seed}"] = said(alone[DEALT], cuts)
    asked = [panel.at(cut) for cut in cuts.judged]
    came, people, acts_done = (
        np.concatenate(parts)
        for parts in zip(*((each.came(90), each.person, each.columns["n"]) for each in asked), strict=True)
    )
    for name, scores in scored(told, came, Draws(people), AS_READ).items():
        rank = float(spearmanr(told[name], acts_done)[0])
        leads = [lead and [round(number, 4) for number in lead] for lead in scores[2:]]
        print(
            name,
            [round(each.value, 4) for each in scores[:2]],
            *leads,
            f"rank correlation with acts {rank:.2f}",
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
