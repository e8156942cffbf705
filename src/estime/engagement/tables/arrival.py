"""People by the order in which they came, instead of by keys that each installation draws for itself.

What is sampled, folded or drawn by person is then the same wherever the same acts were read in the same order.
"""

from typing import Any

import ibis
import numpy as np

from estime.engagement.measures.scoring import Whole
from estime.engagement.tables.shelf import Shelf
from estime.engagement.tables.table import Table


def numbered(shelf: Shelf, acts: Table) -> tuple[Table, Whole]:
    """`acts` with people's numbers in place of their keys, and the keys in order of these numbers, from 0 on.

    Whoever acted first is 0. Of those who came within one second, the one whose acts were read first comes first.
    """
    firsts = acts.group_by("person").agg(came=acts["at"].min(), read=acts.seq.min())
    order: Any = ibis.window(order_by=["came", "read"])
    people = shelf.keep(firsts.select("person", number=ibis.row_number().over(order).cast("int64")))
    joined = acts.join(people, "person").drop("person").rename(person="number")
    told = people.order_by("number").to_pyarrow()
    return shelf.keep(joined.select(*acts.columns)), np.asarray(told["person"].to_numpy(), np.int64)
