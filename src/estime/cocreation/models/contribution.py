"""What members give: ideas, tips, stories, creations; who wrote which words of it, and who stands behind it.

1. A contribution's text is its newest `Version`; versions are never changed (erasure blanks their words).
2. Nothing that belongs to one contribution ever moves to another: bringing together sets `together` and nothing else,
   so undoing it is exact (`models/merge.py`).
3. `number` of an `Author` is the order in which they joined; number 1 wrote the first version.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from estime.cocreation.models.challenge import Challenge
from estime.cocreation.models.space import Member, Space
from estime.cocreation.vocabulary import KINDS, OUTCOMES


class Contribution(models.Model):
    """An idea, tip, story or creation, published. Drafts are `Draft`s.

    `together`: the contribution it is brought together into; the head of a group points nowhere. `supports`: people who
    support it, each once, over the whole group if it is a head. `decision`: the newest decision's outcome.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="+", db_index=False)
    challenge = models.ForeignKey(
        Challenge, on_delete=models.PROTECT, related_name="contributions", null=True, db_index=False
    )
    kind = models.CharField(max_length=8)
    title = models.CharField(max_length=160)
    body = models.TextField(blank=True)
    lang = models.CharField(max_length=12, blank=True)
    version = models.IntegerField(default=1)
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="contributions", db_index=False)
    built_on = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="built", null=True, db_index=False
    )
    together = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="parts", null=True, db_index=False
    )
    at = models.DateTimeField()
    changed = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True)
    hidden = models.BooleanField(default=False, db_default=False)
    erased = models.BooleanField(default=False, db_default=False)
    supports = models.IntegerField(default=0, db_default=0)
    comments = models.IntegerField(default=0, db_default=0)
    decision = models.CharField(max_length=9, blank=True, default="", db_default="")
    answered = models.DateTimeField(null=True)
    """When it was first answered."""
    channel = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=200)
    """With `channel`: the id of its act in the ledger."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "source"], name="cocreation_contribution_source"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="cocreation_contribution_kind"),
            models.CheckConstraint(
                condition=Q(decision__in=["", *OUTCOMES]), name="cocreation_contribution_decision"
            ),
            models.CheckConstraint(
                condition=~Q(together=F("id")), name="cocreation_contribution_not_into_itself"
            ),
            models.CheckConstraint(
                condition=~Q(title="") | Q(erased=True), name="cocreation_contribution_title"
            ),
        ]
        indexes: ClassVar = [
            # Lists show heads that stand; each order has its index, so no list sorts.
            models.Index(
                fields=["challenge", "-id"],
                name="cocreation_list_new",
                condition=Q(together=None, hidden=False, withdrawn=None),
            ),
            models.Index(
                fields=["challenge", "-supports", "-id"],
                name="cocreation_list_support",
                condition=Q(together=None, hidden=False, withdrawn=None),
            ),
            models.Index(
                fields=["challenge", "-comments", "-id"],
                name="cocreation_list_talk",
                condition=Q(together=None, hidden=False, withdrawn=None),
            ),
            models.Index(
                fields=["challenge", "kind", "-id"],
                name="cocreation_list_kind",
                condition=Q(together=None, hidden=False, withdrawn=None),
            ),
            models.Index(
                fields=["challenge", "kind", "-supports", "-id"],
                name="cocreation_list_kind_support",
                condition=Q(together=None, hidden=False, withdrawn=None),
            ),
            models.Index(
                fields=["challenge", "kind", "-comments", "-id"],
                name="cocreation_list_kind_talk",
                condition=Q(together=None, hidden=False, withdrawn=None),
            ),
            models.Index(
                fields=["challenge", "kind", "id"],
                name="cocreation_list_kind_open",
                condition=Q(together=None, hidden=False, withdrawn=None, decision=""),
            ),
            models.Index(
                fields=["space", "kind", "-id"],
                name="cocreation_list_space_kind",
                condition=Q(together=None, hidden=False, withdrawn=None),
            ),
            models.Index(
                fields=["space", "-id"],
                name="cocreation_list_space",
                condition=Q(together=None, hidden=False, withdrawn=None),
            ),
            models.Index(
                fields=["challenge", "id"],
                name="cocreation_list_open",
                condition=Q(together=None, hidden=False, withdrawn=None, decision=""),
            ),
            models.Index(fields=["challenge"], name="cocreation_list_decided", condition=~Q(decision="")),
            models.Index(fields=["challenge"], name="cocreation_erased", condition=Q(erased=True)),
            # How many were answered by a day, and how many not at all: counted, not kept (queries/power.py).
            models.Index(
                fields=["challenge", "answered"],
                name="cocreation_list_answered",
                condition=Q(together=None, hidden=False, withdrawn=None),
            ),
            models.Index(fields=["author", "-id"], name="cocreation_by_author"),
            # Of those that have one: SQLite would rather look for all that have none than use an index of lists.
            models.Index(fields=["together"], name="cocreation_parts", condition=Q(together__isnull=False)),
            models.Index(fields=["built_on"], name="cocreation_built", condition=Q(built_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """The words of a contribution as they stood from `at` on. `by` published them.

    `edit`: the member's improvement that was adopted with it, whose author is its contributor. `merge`: it brought
    contributions together.
    """

    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, related_name="versions", db_index=False
    )
    number = models.IntegerField()
    title = models.CharField(max_length=160)
    body = models.TextField(blank=True)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    contributor = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", null=True)
    edit = models.ForeignKey("cocreation.Edit", on_delete=models.PROTECT, related_name="+", null=True)
    merge = models.ForeignKey(
        "cocreation.Merge", on_delete=models.PROTECT, related_name="versions", null=True
    )
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contribution", "number"], name="cocreation_version_number")
        ]

    def __str__(self) -> str:
        return f"version {self.number} of contribution {self.contribution_id}"


class Disowning(models.Model):
    """An author says of a version that it is not theirs: their name stays with what they wrote, not with this."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="disownings", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "member"], name="cocreation_disowning_once")
        ]

    def __str__(self) -> str:
        return f"disowning of version {self.version_id}"


class Author(models.Model):
    """Who writes a contribution. Invited by another author: an author once they have accepted. `left`: no more."""

    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, related_name="authors", db_index=False
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="authored")
    number = models.IntegerField()
    invited_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", null=True)
    invited = models.DateTimeField(null=True)
    accepted = models.DateTimeField(null=True)
    declined = models.DateTimeField(null=True)
    left = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contribution", "member"], name="cocreation_author_once")
        ]

    def __str__(self) -> str:
        return f"author {self.number} of contribution {self.contribution_id}"


class Draft(models.Model):
    """What a member is writing, saved as they write; nobody else sees it. Published or thrown away, it goes.

    `contribution`: a new version of it is being written. `built_on`: it will be built on that one.
    """

    id = models.UUIDField(primary_key=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="drafts", db_index=False)
    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="+", db_index=False)
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="+", null=True)
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="+", null=True)
    built_on = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="+", null=True)
    base = models.IntegerField(default=0)
    kind = models.CharField(max_length=8)
    title = models.CharField(max_length=160, blank=True)
    body = models.TextField(blank=True)
    saved = models.IntegerField(default=0)
    """Rises with each saving: an older window does not overwrite what a newer one saved."""
    at = models.DateTimeField()
    changed = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="cocreation_draft_kind")
        ]
        indexes: ClassVar = [models.Index(fields=["member", "-changed"], name="cocreation_draft_member")]

    def __str__(self) -> str:
        return f"draft {self.id}"


class Support(models.Model):
    """A member stands behind a contribution. It stays with the contribution that was supported."""

    contribution = models.ForeignKey(
        Contribution, on_delete=models.PROTECT, related_name="supported", db_index=False
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="supporting", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contribution", "member"], name="cocreation_support_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["member", "contribution"], name="cocreation_support_member")
        ]

    def __str__(self) -> str:
        return f"support of contribution {self.contribution_id}"


class Picture(models.Model):
    """A picture that a member brought, made anew from its pixels; shown where it belongs to something published."""

    id = models.UUIDField(primary_key=True)
    owner = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="pictures")
    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="+", db_index=False)
    sha256 = models.CharField(max_length=64)
    width = models.IntegerField()
    height = models.IntegerField()
    size = models.IntegerField()
    alt = models.CharField(max_length=300, blank=True)
    published = models.BooleanField(default=False, db_default=False)
    hidden = models.BooleanField(default=False, db_default=False)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["sha256"], name="cocreation_picture_content")]

    def __str__(self) -> str:
        return f"picture {self.id}"


class File(models.Model):
    """A file that the brand gives in the *Coulisses* of a challenge."""

    id = models.UUIDField(primary_key=True)
    backstage = models.ForeignKey("cocreation.Backstage", on_delete=models.PROTECT, related_name="files")
    owner = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["sha256"], name="cocreation_file_content")]

    def __str__(self) -> str:
        return self.name
