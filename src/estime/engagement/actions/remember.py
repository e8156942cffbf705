"""The memory of measures (tables/memory.py), kept in the lake as the table `persons`.

It is rewritten only when a few percent of the acts are newer than it: until then the persons who acted since are
counted afresh, which costs less than writing everybody again.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import ibis

from estime.engagement.tables.memory import Begun, Known
from estime.engagement.tables.recent import READ
from estime.engagement.tables.shelf import rows
from estime.kernel.engine import read_lake
from estime.kernel.lake import Lake

PERSONS = "persons"
WORN = 0.02
_STATS = ["reference"]


class LakeMemory:
    """What the last computations left in the lake, if it was made with the same configuration."""

    def __init__(
        self, backend: Any, lake: Lake, acts: ibis.Table, digest: str, begun: Mapping[str, Any]
    ) -> None:
        self.begun: Begun = {scope: (first, since) for scope, (first, since) in begun.items()}
        self._lake, self._digest, self._acts = lake, digest, acts
        self._known = self._recall(backend)

    @property
    def known(self) -> Known | None:
        """What was kept, if it still holds."""
        return self._known

    def _recall(self, backend: Any) -> Known | None:
        kept = read_lake(backend, self._lake, PERSONS)
        if kept is None or not self.begun:
            return None
        marks = rows(kept.select("digest").distinct())
        if len(marks) != 1 or marks[0]["digest"] != self._digest:
            return None
        batch = self._lake.cursor(PERSONS) or 0
        since = self._acts.filter(self._acts.batch > batch)
        kinds = kept.select("channel", "account", "kind", "decayed", "first", "last", "reference")
        return Known(kinds, batch, since.select(*READ), self.begun, self._acts)

    def read_only(self, acts: ibis.Table, since: ibis.Table) -> None:
        """Have the next computation read these acts instead of the whole lake, those `since` the memory among them."""
        if self._known is not None:
            self._known = replace(self._known, acts=acts, since=since)

    def keep(self, kinds: ibis.Table, begun: Begun) -> None:
        """Write the table if there is none that holds, or it has become worn."""
        self.begun = begun
        batch = self._lake.cursor("acts") or 0
        if self._known is not None and not self._worn():
            return
        kept = kinds.mutate(digest=ibis.literal(self._digest))
        # Not in batches: Ibis 12 asks DuckDB 2 for them by a name that is gone. A row has some 50 bytes.
        self._lake.overwrite(PERSONS, kept.to_pyarrow(), batch, stats=_STATS)
        self._lake.vacuum(PERSONS)

    def _worn(self) -> bool:
        since = self._acts.batch > (self._lake.cursor(PERSONS) or 0)
        told = rows(self._acts.aggregate(fresh=since.sum(), total=self._acts.count()))[0]
        return bool(told["fresh"] > WORN * told["total"])
