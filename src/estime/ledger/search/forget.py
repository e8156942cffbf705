"""Erasure in the index, in the transaction of the erasure: what an erased act was found by is gone with it.

The blocks that hold those acts lose all that they are found by, and are made again afterwards (`fill.py`). Nothing of a
word is left in the meantime either: the index holds keyed numbers only (`terms.py`).
"""

import secrets
from collections.abc import Iterable

from django.db import connection
from django.db.models import F

from estime.kernel.home import secret
from estime.ledger.search import rows
from estime.ledger.search.models import GONE, SearchMade, SearchState, SearchUndone, SearchWaiting
from estime.ledger.search.places import acts_at, by_block, slots_in
from estime.ledger.search.terms import Terms


def erasure_begins() -> None:
    """To be called first in the transaction: who builds a block from what was read before will see that it must not."""
    SearchState.objects.get_or_create(pk=1)
    SearchState.objects.filter(pk=1).update(erasures=F("erasures") + 1)


def erased_forget(channel: int, seqs: Iterable[int], names: Iterable[str]) -> None:
    """Forget the acts that were blanked or whose identifiers changed; `names`: the identifiers that are no more."""
    terms = Terms(secret())
    keys = [terms.place(kind, channel, name) for name in names for kind in ("o", "s")]
    for part in rows.chunks(keys):
        SearchMade.objects.filter(pk__in=part).delete()
        SearchWaiting.objects.filter(key__in=part).delete()
    listed = sorted(set(seqs))
    for part in rows.chunks(listed):
        SearchUndone.objects.filter(pk__in=part).delete()
        SearchWaiting.objects.filter(seq__in=part).delete()
    touched = [block for block, acts in by_block(rows.blocks(), acts_at(listed)) if slots_in(block, acts)]
    with connection.cursor() as cursor:
        rows.drop_postings(cursor, [block.id for block in touched])
        rows.mark(cursor, [block.id for block in touched], GONE)
    SearchState.objects.filter(pk=1).update(version=secrets.randbits(62))
