"""Where people meet, and who they are here."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from estime.cocreation.vocabulary import RHYTHMS


class Space(models.Model):
    """A place of one community: its challenges, its questions to the brand. `reading`: whether strangers may look."""

    slug = models.SlugField(max_length=64, unique=True)
    title = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    public = models.BooleanField(default=True, db_default=True)
    fictional = models.BooleanField(default=False, db_default=False)
    """Said on each of its pages: an invented brand, to show how things go."""
    attribution = models.TextField(blank=True)
    threshold = models.IntegerField()
    """How many people make a question to the brand one that is owed an answer; taken over when a question opens."""
    created = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(threshold__gt=0), name="cocreation_space_threshold")
        ]

    def __str__(self) -> str:
        return self.title


class Member(models.Model):
    """Somebody in co-creation: a login, or somebody known from an import who has none here.

    `channel` and `handle` are the account in the ledger, `account` its key once there is an act. A member is never
    deleted: what they were part of stays true. Erasure takes the name, the login and the words (`actions/forget.py`).
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="member", null=True
    )
    channel = models.CharField(max_length=64)
    handle = models.CharField(max_length=200)
    account = models.BigIntegerField(null=True, unique=True)
    name = models.CharField(max_length=150, blank=True)
    about = models.TextField(blank=True)
    joined = models.DateTimeField()
    welcomed = models.DateTimeField(null=True)
    """When another member first answered them."""
    spoke = models.DateTimeField(null=True)
    """When they first said something (a contribution or a comment)."""
    spoke_in = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    digest = models.CharField(max_length=6, default="weekly", db_default="weekly")
    digest_due = models.DateTimeField(null=True)
    """When what changed for them is told next; null: there is nothing to tell."""
    erased = models.BooleanField(default=False, db_default=False)
    address = ""
    """No column: of the request that somebody acts in, hashed; empty where there is none (`limits.py`)."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "handle"], name="cocreation_member_once"),
            models.CheckConstraint(condition=Q(digest__in=RHYTHMS), name="cocreation_member_digest"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["digest_due", "id"],
                name="cocreation_member_due",
                condition=Q(digest_due__isnull=False),
            ),
            # Newcomers whom nobody has answered yet, by the space of their first words.
            models.Index(
                fields=["spoke_in", "-spoke"],
                name="cocreation_member_new",
                condition=Q(welcomed=None, spoke__isnull=False),
            ),
            models.Index(
                fields=["spoke_in", "-welcomed"],
                name="cocreation_member_welcome",
                condition=Q(welcomed__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.handle

    def may(self, permission: str) -> bool:
        """Whether this person has a permission of people/roles.py; who has no login has none."""
        return self.user is not None and self.user.may(permission)
