"""What was read in texts. Invariants:

1. No text of anybody is kept here: the act's `seq` leads to it, and an erased person's rows go (`actions/forget.py`).
2. A reading can be made again from its act; `version` says by which reader it was made, and rows of another one stand
   until they are read again.
3. Rows are written by one transaction after another, each with the position up to which it read (`Followed`): of those
   that came in one step all are there or none, and `step` tells readers which are new to them.
4. Nothing here is about what somebody may do: no part that decides anything about a person reads these tables.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from estime.ledger.api import Position
from estime.listening.followed import FollowedLedger

BEGINNING: Position = (0, 0)
LANGUAGES = ((0, "other"), (1, "fr"), (2, "en"), (3, "too short"))
TARGETS = ((0, "unknown"), (1, "brand"), (2, "product"), (3, "member"), (4, "third party"))


_LISTED = ("lang", "unclear", "negative", "neutral", "positive", "felt")
"""What lists of texts are narrowed by: told by the index alone (queries/text_filter.py)."""


class Followed(FollowedLedger):
    """How far the ledger was read, and by which reader. One row at most; whoever writes readings holds it.

    A position is `ledger.Position`: (`xid`, `seq`). Once the reader is another one, texts up to `until` are read again,
    from `again` on; `version` counts readers, `made` counts how often all was read, `step` counts steps.
    """

    again_xid = models.BigIntegerField(default=0)
    again_seq = models.BigIntegerField(default=0)
    until_xid = models.BigIntegerField(default=0)
    until_seq = models.BigIntegerField(default=0)
    reader = models.CharField(max_length=64)
    version = models.SmallIntegerField(default=1)
    made = models.IntegerField(default=1)
    step = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(pk=1), name="listening_followed_is_one")]

    def __str__(self) -> str:
        return f"read up to {self.xid}/{self.seq}"

    @property
    def again(self) -> Position:
        """Up to where earlier texts were read again; all were when this is `until`."""
        return (self.again_xid, self.again_seq)

    @again.setter
    def again(self, at: Position) -> None:
        self.again_xid, self.again_seq = at

    @property
    def until(self) -> Position:
        """Up to where texts are to be read again."""
        return (self.until_xid, self.until_seq)

    @until.setter
    def until(self, at: Position) -> None:
        self.until_xid, self.until_seq = at


class Reading(models.Model):
    """What was read in the text of one act. `negative`, `neutral` and `positive` are thousandths."""

    seq = models.BigIntegerField(primary_key=True)
    channel = models.BigIntegerField()
    account = models.BigIntegerField()
    day = models.IntegerField()  # since 1970, UTC
    lang = models.SmallIntegerField(choices=LANGUAGES)
    negative = models.SmallIntegerField()
    neutral = models.SmallIntegerField()
    positive = models.SmallIntegerField()
    emotions = models.BinaryField(
        max_length=8
    )  # the probability of each in 255ths, by the order of the alphabet
    felt = models.SmallIntegerField()  # those that are told: bit 0 stands for the first
    unclear = models.BooleanField()
    target = models.SmallIntegerField(choices=TARGETS)
    target_id = models.BigIntegerField()  # which of those listed (targets/listed.py, `identity`), 0 for none
    toward = models.SmallIntegerField(
        null=True
    )  # what it feels for the brand or its products, -1,000 to 1,000; none where it is about others, or unclear
    near = models.BigIntegerField()
    version = models.SmallIntegerField()
    step = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["channel", "day", "seq", *_LISTED], name="listening_reading_when"),
            models.Index(fields=["day", "seq", *_LISTED], name="listening_reading_newest"),
            models.Index(
                fields=["target", "day", "seq", "target_id", *_LISTED],
                name="listening_reading_whom",
                condition=Q(target__gt=0),
            ),
            models.Index(fields=["account", "day"], name="listening_reading_whose"),
            models.Index(fields=["near"], name="listening_reading_near"),
            models.Index(fields=["step"], name="listening_reading_step"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(negative__gte=0, neutral__gte=0, positive__gte=0),
                name="listening_reading_shares_are_none_or_more",
            ),
            models.CheckConstraint(
                condition=Q(negative=1000 - F("neutral") - F("positive")),
                name="listening_reading_shares_add_up",
            ),
            models.CheckConstraint(
                condition=Q(toward=None) | Q(target__in=(1, 2)), name="listening_reading_toward_ours"
            ),
        ]

    def __str__(self) -> str:
        return f"reading of act {self.seq}"


# where Django finds them: subjects of their own
from estime.listening import search_models, survey_models, topic_models  # noqa: E402, F401
