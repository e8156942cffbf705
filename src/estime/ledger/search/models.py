"""The index's tables: a view of the ledger, made from it and made again whenever that is wanted. Invariants:

1. An act stands in at most one block, and in one slot of it; slots follow the order of (published, seq).
2. Blocks do not overlap in that order.
3. Nothing here can be read as a word, a handle or an identifier of a source (`terms.py`).
4. What an erasure touched is gone with the transaction of the erasure: its blocks have no postings (`due` is GONE)
   until they are made again.

Keys that we give ourselves are auto fields all the same: on SQLite only those are the table's own order, without a
second index.
"""

from typing import ClassVar

from django.db import models

CURRENT, STALE, GONE = range(3)
"""`due` of a block: as it should be; to be made again; to be made again and without postings until then."""


class _Row(models.Model):
    """A row of the index; nobody but a shell or a log names one."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class SearchState(_Row):
    """One row. `version` changes with every change of blocks; `erasures` lets a writer see that it read too early."""

    cursor = models.BigIntegerField(default=0)
    version = models.BigIntegerField(default=0)
    erasures = models.BigIntegerField(default=0)
    indexed = models.DateTimeField(null=True)
    holder = models.CharField(max_length=32, blank=True)
    held_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_search_state"


class SearchBlock(_Row):
    """Up to 32,768 acts side by side in time. Its number is random; times are microseconds since 1970."""

    id = models.BigIntegerField(primary_key=True)
    first_at = models.BigIntegerField()
    first_seq = models.BigIntegerField()
    last_at = models.BigIntegerField()
    last_seq = models.BigIntegerField()
    acts = models.IntegerField()
    months = (
        models.TextField()
    )  # JSON: [months since 1970, first slot] of each month (UTC) that begins or goes on here
    marks = (
        models.BinaryField()
    )  # time and seq of the first act of each part (64-bit numbers, all times first)
    due = models.SmallIntegerField(default=0)  # CURRENT, STALE or GONE

    class Meta:
        db_table = "ledger_search_block"


class SearchPosting(_Row):
    """`id`: bucket · 2^40 + block, so that one term's rows lie side by side. `data`: `postings.py`."""

    id = models.BigAutoField(primary_key=True)
    data = models.BinaryField()

    class Meta:
        db_table = "ledger_search_posting"


class SearchPart(_Row):
    """Which act stands in which slot, 128 slots a row. `id`: block · 2^8 + part. 64-bit numbers, little-endian."""

    id = models.BigAutoField(primary_key=True)
    seqs = models.BinaryField()
    ats = models.BinaryField()

    class Meta:
        db_table = "ledger_search_part"


class SearchMade(_Row):
    """Which act made a text: its keyed number to its `seq`."""

    key = models.BigAutoField(primary_key=True)
    seq = models.BigIntegerField()

    class Meta:
        db_table = "ledger_search_made"


class SearchWaiting(_Row):
    """An act that points at one that is not in the ledger (yet): an answer to a text, an undoing of an act."""

    key = models.BigIntegerField()
    seq = models.BigIntegerField()

    class Meta:
        db_table = "ledger_search_waiting"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "seq"], name="ledger_search_waiting_once")
        ]


class SearchUndone(_Row):
    """An act that whoever did it took back."""

    seq = models.BigAutoField(primary_key=True)

    class Meta:
        db_table = "ledger_search_undone"
