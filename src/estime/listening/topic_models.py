"""Topics as the job `topics` found them last. Invariants:

1. No text of anybody is copied: quotes and members are acts' `seq`s, shown only where the ledger still shows the act.
2. One row per place and length of time; its topics are those of one run, written with it in one transaction.
3. What few people say is kept as counted, and told by nobody (`queries/topics_told.py` holds the smallest group).
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

DAYS = (30, 90, 365)
"""Lengths of time that topics are told over, in days."""
NORMAL_DAYS = 90


class TopicRun(models.Model):
    """What was found in the texts of one channel, or of all (`channel` 0), in so many days against as many before.

    `mark`: what the run depended on (`actions/find_topics.py`): another one has it made again. `asked`: when somebody
    last chose it; null for those that are always made. `carried`: the topics as they are to be known again; no text.
    """

    channel = models.BigIntegerField(default=0)
    days = models.SmallIntegerField(default=NORMAL_DAYS)
    mark = models.CharField(max_length=64)
    made = models.DateTimeField()
    asked = models.DateTimeField(null=True)
    before = models.DateTimeField(null=True)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16)
    texts = models.IntegerField(default=0)
    people = models.IntegerField(default=0)
    before_texts = models.IntegerField(default=0)
    before_people = models.IntegerField(default=0)
    coverage = models.FloatField(default=0)
    stability = models.FloatField(null=True)
    cut = models.BooleanField(default=False)  # there were more texts than are read at once
    left_out = models.JSONField(default=dict)  # how many topics that reveal something, by kind
    carried = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "days"], name="listening_topicrun_once"),
            models.CheckConstraint(condition=Q(days__in=DAYS), name="listening_topicrun_days"),
            models.CheckConstraint(
                condition=Q(coverage__gte=0, coverage__lte=1), name="listening_topicrun_coverage"
            ),
        ]

    def __str__(self) -> str:
        return f"topics of {self.channel or 'all channels'} over {self.days} days"


class KeptTopic(models.Model):
    """One topic of a run. `number` stays the topic's own from run to run; `place`: the most people first.

    `ratio`, `low`, `high`: how many times as many people speak of it as before, of all who wrote, with its 95 %
    interval. `read_people`, `negative_people`: members whose tone is clear, and those of them who sound negative.
    `quotes`, `acts`: `seq`s, packed (`topics/packing.py`); all texts of it in the window, the newest first.
    """

    run = models.ForeignKey(TopicRun, on_delete=models.CASCADE, related_name="topics", db_index=False)
    number = models.IntegerField()
    place = models.SmallIntegerField()
    label = models.CharField(max_length=200)
    terms = models.JSONField(default=list)
    sensitive = models.CharField(max_length=12, blank=True, default="", db_default="")
    texts = models.IntegerField()
    people = models.IntegerField()
    newcomers = models.IntegerField()
    regulars = models.IntegerField()
    brand_people = models.IntegerField()
    brand_texts = models.IntegerField()
    before_texts = models.IntegerField()
    before_people = models.IntegerField()
    before_brand = models.IntegerField()
    ratio = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    direction = models.CharField(max_length=4, blank=True, default="", db_default="")
    read_people = models.IntegerField(default=0)
    negative_people = models.IntegerField(default=0)
    quotes = models.JSONField(default=list)  # [[seq, how many say nearly the same], …]
    acts = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "number"], name="listening_topic_once"),
            models.CheckConstraint(
                condition=Q(people=F("newcomers") + F("regulars") + F("brand_people")),
                name="listening_topic_who_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(negative_people__gte=0, negative_people__lte=F("read_people")),
                name="listening_topic_tone",
            ),
        ]

    def __str__(self) -> str:
        return f"topic {self.number} of run {self.run_id}"
