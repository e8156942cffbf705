"""Who signs in. Accounts on channels are the ledger's; which accounts are one person comes with linking.

Until then a person is exactly one account and carries its account's key (see docs/decisions/0004-person-ids.md).
"""

from typing import Any, ClassVar, Final

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from estime.kernel.clock import now
from estime.people.names import name_clean
from estime.people.roles import Role, role_may

NOWHERE: Final = "@erased.invalid"
"""How the addresses end that stand in place of those of erased people: no mail ever goes there (RFC 2606)."""


class UserManager(BaseUserManager["User"]):
    """Makes logins; the e-mail address is the name one signs in with."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, role=Role.ADMINISTRATOR, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A login. One e-mail address, whatever its case, is one login."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    timezone = models.CharField(_("time zone"), max_length=64, blank=True)
    is_active = models.BooleanField(default=True)
    role = models.CharField(
        _("role"), max_length=16, choices=[(role.value, role.value) for role in Role], default=Role.MEMBER
    )
    date_joined = models.DateTimeField(default=now)
    session_stamp = models.CharField(max_length=32, blank=True)
    """Part of what every session of this login is bound to: a new one ends them all."""

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="people_user_email_any_case"),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="people_user_role"
            ),
        ]

    def __str__(self) -> str:
        if self.erased:
            return gettext("Somebody who left")
        return name_clean(self.name) or self.email

    @property
    def erased(self) -> bool:
        """Nothing but a number is left of this login (`actions/leave.py`)."""
        return not self.is_active and self.email.endswith(NOWHERE)

    @property
    def is_staff(self) -> bool:
        """One of the brand's people, as opposed to a member."""
        return self.is_active and self.role != Role.MEMBER

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """As Django's, over the stamp too."""
        salt = "estime.people.models.User.session"
        bound = f"{self.password}\0{self.session_stamp}"
        return salted_hmac(salt, bound, secret=secret, algorithm="sha256").hexdigest()

    def may(self, permission: str) -> bool:
        """Whether this person has a permission of the table in `roles.py`."""
        return self.is_active and role_may(self.role, permission)
