"""Brand against products, counted: for each window and target how texts read, now and before, and of how many people.

Counted are texts of members that stand (the brand's own and those taken back are left out). One pass over the readings
serves all windows; what was counted stands until the readings have changed, so that a page reads one row.

`weighed` is the number of texts that the interval counts: (sum of m)² / sum of m², m being how many texts each person
wrote. Somebody who writes a hundred texts is one voice (Kish 1965, *Survey Sampling*, on clusters: the most cautious
case, in which one person's texts say the same).
"""

from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
from django.db import transaction
from numpy.typing import NDArray

from estime.kernel import clock
from estime.ledger import api as ledger
from estime.listening.actions.search_due import last_day
from estime.listening.queries.marks import readings_mark
from estime.listening.queries.targets_told import WINDOWS
from estime.listening.queries.text_filter import EPOCH, TextFilter, of_ledger
from estime.listening.search_models import TargetsTold

Column = NDArray[np.int64]
_NAMES: Final = ("seq", "account", "day", "target", "target_id", "felt")
UNNAMED: Final = -1
_QUERY: Final = """
SELECT seq, account, day, target, target_id,
 CASE WHEN unclear THEN 3 WHEN negative >= neutral AND negative >= positive THEN 0
  WHEN neutral >= positive THEN 1 ELSE 2 END AS felt
FROM listening_reading WHERE day > {first} AND day <= {last} AND target > 0
"""


def targets_tell() -> int:
    """Count every window; returns how many texts were looked at. Doing it twice changes nothing."""
    mark = readings_mark()
    until = last_day(clock.now().date())
    columns = _read(until)
    made = clock.now()
    rows = [
        TargetsTold(days=days, mark=mark, until=until, made=made, figures=_figures(columns, until, days))
        for days in WINDOWS
    ]
    with transaction.atomic():
        TargetsTold.objects.exclude(days__in=WINDOWS).delete()
        for row in rows:
            row.save()
    return len(columns["seq"])


def _read(until: date) -> dict[str, Column]:
    last = (until - EPOCH).days
    query = _QUERY.format(first=last - 2 * max(WINDOWS), last=last)
    schema = pa.schema([(name, pa.int64()) for name in _NAMES])
    with ledger.arrow_reader(query, schema) as reader:
        table = reader.read_all()
    columns = {name: table.column(name).to_numpy() for name in _NAMES}
    keep = np.isin(columns["seq"], _of_members(until))
    return {name: column[keep] for name, column in columns.items()}


def _of_members(until: date) -> Column:
    """The texts of these days that members wrote and that stand, as far as the ledger's index holds them."""
    since = until - timedelta(days=2 * max(WINDOWS) - 1)
    pages = ledger.acts_keys(of_ledger(TextFilter(since=since, until=until, brand=False)))
    return np.fromiter((seq for page in pages for _, seq in page.acts), np.int64)


def _figures(columns: dict[str, Column], until: date, days: int) -> list[dict[str, Any]]:
    """A row for each target and each kind as a whole (`target_id` 0), now and before.

    `UNNAMED`: what of a kind names none that is listed. It is told nowhere, and kept since subtraction would tell it.
    """
    last = (until - EPOCH).days
    now, before = (
        (columns["day"] > last - days * (n + 1)) & (columns["day"] <= last - days * n) for n in (0, 1)
    )
    kinds = columns["target"]
    asked = {(int(kind), 0) for kind in np.unique(kinds)}
    asked |= {
        (int(kind), int(number))
        for kind, number in np.unique(np.stack([kinds, columns["target_id"]]), axis=1).T
    }
    asked |= {(kind, UNNAMED) for kind, number in asked if number}
    rows = []
    for kind, number in sorted(asked):
        whose = kinds == kind
        if number:
            whose &= columns["target_id"] == (0 if number == UNNAMED else number)
        row = {"target": kind, "target_id": number}
        rows.append(
            {**row, "now": _counted(columns, whose & now), "before": _counted(columns, whose & before)}
        )
    return rows


def _counted(columns: dict[str, Column], rows: NDArray[np.bool_]) -> dict[str, Any]:
    """Texts, people, how clear texts read, and the people and the weight behind those."""
    felt, account = columns["felt"][rows], columns["account"][rows]
    clear = felt < 3
    each = np.unique(account[clear], return_counts=True)[1].astype(np.float64)
    return {
        "texts": int(rows.sum()),
        "people": len(np.unique(account)),
        "read": np.bincount(felt[clear], minlength=3).tolist(),
        "people_read": len(each),
        "weighed": round(float(each.sum() ** 2 / (each**2).sum()), 2) if len(each) else 0.0,
    }
