"""Searches that people keep, and what they were told of. Invariants:

1. A search belongs to a login and goes with it; others see it where it is shared, and never change it.
2. An alert says how many, of whom nobody is named: no text and no account stands here. What it is about is looked for
   anew when it is opened, so whoever was erased is not in it.
3. Up to which step a search was told (`upto`) is written together with the alert about it: killed anywhere, no new text
   is told twice or not at all.
4. A rise is told once in its window; an alert is mailed under one number, whatever falls in between.
5. A target is kept by its kind and name (`text_asked.py`), so that a list in another order means the same.
6. Words that name somebody who was erased go, and what the search told with them (`actions/forget_names.py`): it finds
   and tells nothing until its owner says what it looks for.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

NONE, EACH, RISE = "", "each", "rise"
ALERTS = ((NONE, "none"), (EACH, "new texts, once a day"), (RISE, "more people than before"))
LONGEST_NAME = 100


class SavedSearch(models.Model):
    """A search of texts under a name. `asked`: its filter as it was asked (text_asked.py), without its words.

    `words_gone`: its words named somebody who was erased. `alert`: what its owner is told of. `rise`: when at least
    `people` people wrote a text that fits within `days` days, and more than twice as many as in as many days before.
    `looked`: when it was last looked whether they did.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    words = models.CharField(max_length=300, blank=True, default="", db_default="")
    words_gone = models.BooleanField(default=False, db_default=False)
    asked = models.JSONField(default=dict)
    shared = models.BooleanField(default=False)
    alert = models.CharField(max_length=4, blank=True, default=NONE, db_default=NONE)
    people = models.SmallIntegerField(default=10)
    days = models.SmallIntegerField(default=7)
    made = models.DateTimeField()
    upto = models.BigIntegerField(default=0)
    looked = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="listening_search_name"),
            models.CheckConstraint(condition=Q(alert__in=(NONE, EACH, RISE)), name="listening_search_alert"),
            models.CheckConstraint(
                condition=Q(people__gte=1, days__gte=1, days__lte=366), name="listening_search_rise"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["alert"], name="listening_search_alerts", condition=~Q(alert=NONE)),
            models.Index(fields=["shared"], name="listening_search_shared", condition=Q(shared=True)),
        ]

    def __str__(self) -> str:
        return f"search {self.pk}"


class SearchAlert(models.Model):
    """Something that a search was to tell. Texts read in the steps after `after` up to `upto`, or written from `since`
    to `until`, a rise from `before` people to `people`."""

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=4)
    made = models.DateTimeField()
    texts = models.IntegerField()
    people = models.IntegerField()
    before = models.IntegerField(default=0)
    after = models.BigIntegerField(default=0)
    upto = models.BigIntegerField(default=0)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    claimed = models.DateTimeField(null=True)
    mailed = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["search", "upto"], condition=Q(kind=EACH), name="listening_alert_each_once"
            ),
            models.UniqueConstraint(
                fields=["search", "until"], condition=Q(kind=RISE), name="listening_alert_rise_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=(EACH, RISE)), name="listening_alert_kind"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["made"], name="listening_alert_unmailed", condition=Q(mailed=None)),
        ]

    def __str__(self) -> str:
        return f"alert {self.pk}"


class AlertsSeen(models.Model):
    """Up to which alert somebody has seen theirs."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    upto = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"alerts seen by {self.user_id}"


class TargetsTold(models.Model):
    """What was counted of a window of `days` days that ends with `until`, of readings up to `mark`: sums of people, of
    nobody by themselves. One row a window, made anew by the job."""

    days = models.SmallIntegerField(primary_key=True)
    mark = models.BigIntegerField()
    until = models.DateField()
    made = models.DateTimeField()
    figures = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"targets of {self.days} days"
