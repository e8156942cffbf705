"""A challenge: what is asked, what members may decide, by which rules. Held by the database (`guards.py`):

1. What is said at opening (the brief, the power, who opened it) does not change once it is open, and it cannot go.
2. Its calendar only moves later, and only with an `Extension` that says why; there is one `Cancellation` at most.
3. A version of the deal, an acceptance, an extension and an override are never changed nor taken away.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from estime.cocreation.models.space import Member, Space
from estime.cocreation.vocabulary import PHASES, POWERS

BRIEF = ("problem", "known", "decided", "off_table", "decider", "resources")
"""What a challenge has to say before it opens, besides until when (`answer_by`)."""


class Challenge(models.Model):
    """`owner`: who opened it and leads it. `opened`, `cancelled`: null until then. Its phase is a matter of time."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="challenges", db_index=False)
    owner = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="challenges")
    by_brand = models.BooleanField()
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=160)
    power = models.CharField(max_length=8)
    problem = models.TextField(blank=True)
    known = models.TextField(blank=True)
    decided = models.TextField(blank=True)
    off_table = models.TextField(blank=True)
    decider = models.TextField(blank=True)
    resources = models.TextField(blank=True)
    answer_by = models.DateTimeField(null=True)
    kinds = models.JSONField(default=list)
    created = models.DateTimeField()
    opened = models.DateTimeField(null=True)
    cancelled = models.DateTimeField(null=True)
    cancel_reason = models.TextField(blank=True)
    cancelled_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", null=True)
    source = models.CharField(max_length=200, null=True)  # noqa: DJ001  null: made here; else the ledger's context of an import
    channel = models.CharField(max_length=64, blank=True)
    erased = models.BooleanField(default=False, db_default=False)
    hidden = models.BooleanField(default=False, db_default=False)
    # Counted with each contribution: lists of challenges count nothing.
    contributions_count = models.IntegerField(default=0, db_default=0)
    people_count = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "source"], name="cocreation_challenge_source"),
            models.CheckConstraint(condition=Q(power__in=POWERS), name="cocreation_challenge_power"),
            models.CheckConstraint(
                condition=Q(opened=None)
                | Q(erased=True)
                | Q(source__isnull=False)  # brought from elsewhere: it says what it said there
                | (
                    Q(answer_by__isnull=False)
                    & ~Q(problem="") & ~Q(known="") & ~Q(decided="")
                    & ~Q(off_table="") & ~Q(decider="") & ~Q(resources="")
                ),
                name="cocreation_challenge_brief",
            ),
            models.CheckConstraint(
                condition=Q(cancelled=None, cancelled_by=None, cancel_reason="")
                | Q(cancelled__isnull=False, cancelled_by__isnull=False) & ~Q(cancel_reason=""),
                name="cocreation_challenge_cancelled",
            ),
            models.CheckConstraint(  # the brand's own is the brand's to call off
                condition=Q(hidden=False) | Q(by_brand=False, opened__isnull=False),
                name="cocreation_challenge_hidden",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["space", "-opened"], name="cocreation_challenge_space")]

    def __str__(self) -> str:
        return self.title

    phases_held: "list[Phase] | None" = None
    """No column: its calendar, where a query read it along (queries/phases.py)."""

    @property
    def override_told(self) -> "Override | None":
        """What a director set aside; None where members' decision stands."""
        return getattr(self, "override", None)


class Phase(models.Model):
    """A part of the calendar. They follow each other in the order of `PHASES`; some may be left out."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="phases", db_index=False)
    kind = models.CharField(max_length=8)
    starts = models.DateTimeField()
    ends = models.DateTimeField()

    extensions_held: "list[Extension] | None" = None
    """No column: each time that it was made longer, where a query read that along."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["challenge", "kind"], name="cocreation_phase_once"),
            models.CheckConstraint(condition=Q(kind__in=PHASES), name="cocreation_phase_kind"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="cocreation_phase_order"),
        ]
        indexes: ClassVar = [models.Index(fields=["ends", "kind"], name="cocreation_phase_ends")]

    def __str__(self) -> str:
        return f"{self.kind} of challenge {self.challenge_id}"


class Extension(models.Model):
    """One phase was made longer: announced, with its reason. The phases after it move with it."""

    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="extensions")
    was = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.TextField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__gt=F("was")), name="cocreation_extension_later"),
            models.CheckConstraint(condition=~Q(reason=""), name="cocreation_extension_reason"),
        ]

    def __str__(self) -> str:
        return f"extension of phase {self.phase_id}"


class Deal(models.Model):
    """*Le contrat / The deal*: one version of who owns what, under which licence, and what happens then."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="deals", db_index=False)
    version = models.IntegerField()
    owns = models.TextField()
    licence = models.TextField()
    if_adopted = models.TextField()
    if_refused = models.TextField()
    if_withdrawn = models.TextField()
    if_altered = models.TextField()
    reason = models.TextField(blank=True)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["challenge", "version"], name="cocreation_deal_version"),
            models.CheckConstraint(condition=Q(version=1) | ~Q(reason=""), name="cocreation_deal_reason"),
        ]

    def __str__(self) -> str:
        return f"deal {self.version} of challenge {self.challenge_id}"


class Acceptance(models.Model):
    """A member agreed to one version of a deal, at their first contribution under it."""

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="acceptances", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="acceptances")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deal", "member"], name="cocreation_acceptance_once")
        ]

    def __str__(self) -> str:
        return f"acceptance of deal {self.deal_id}"


class Override(models.Model):
    """What members decided is not done: by a named director, for a reason that stays visible for ever."""

    challenge = models.OneToOneField(Challenge, on_delete=models.PROTECT, related_name="override")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    title = models.CharField(max_length=150)
    reason = models.TextField()
    instead = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(title="") & ~Q(reason="") & ~Q(instead=""),
                name="cocreation_override_said",
            )
        ]

    def __str__(self) -> str:
        return f"override of challenge {self.challenge_id}"


class Backstage(models.Model):
    """*Coulisses*: what the brand gives first, or tells on the way, so that there is something to work on."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="backstage")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    body = models.TextField(blank=True)
    at = models.DateTimeField()
    changed = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title
