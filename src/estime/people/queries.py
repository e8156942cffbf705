"""Who works here, who is invited, who can administer."""

from django.db.models import QuerySet

from estime.people.models import Invitation, User
from estime.people.roles import Role


def staff() -> list[User]:
    """The brand's people by name, those who were shut out last."""
    people = User.objects.exclude(role=Role.MEMBER)
    return sorted(people, key=lambda user: (not user.is_active, str(user).casefold(), user.pk))


def invitations_open() -> QuerySet[Invitation]:
    """Invitations nobody has used yet, the newest first; those that have expired can be renewed."""
    pending = Invitation.objects.filter(accepted=None, revoked=None)
    return pending.select_related("invited_by").order_by("-made")


def administrators() -> QuerySet[User]:
    return User.objects.filter(is_active=True, role=Role.ADMINISTRATOR).order_by("pk")


def only_administrator(user: User) -> bool:
    """Whether nobody else could administer."""
    return user.role == Role.ADMINISTRATOR and not administrators().exclude(pk=user.pk).exists()


def person_find(email: str) -> User | None:
    """Whoever signs in with this address, in any case of letters."""
    return User.objects.filter(email__iexact=email.strip()).first()
