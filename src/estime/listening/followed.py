"""How far a reader of the ledger has come: the row that it holds while it writes."""

from django.db import models

from estime.ledger.api import Position


class FollowedLedger(models.Model):
    """One row at most, of one server: a position is the server's own, and is in no backup."""

    xid = models.BigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    erased = models.BigIntegerField(default=0)  # accounts erased when what is kept of them was last taken out

    class Meta:
        abstract = True

    @property
    def position(self) -> Position:
        """Up to where the ledger was read."""
        return (self.xid, self.seq)

    @position.setter
    def position(self, at: Position) -> None:
        self.xid, self.seq = at
