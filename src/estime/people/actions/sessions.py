"""End sessions. A session is bound to its login's stamp, so none outlives a new stamp, wherever it is stored."""

from allauth.usersessions.models import UserSession
from django.utils.crypto import get_random_string

from estime.people.models import User


def sessions_end(user: User) -> None:
    """Delete what is stored of somebody's sessions."""
    for session in UserSession.objects.filter(user_id=user.pk):
        session.end()


def sign_out_everywhere(user: User) -> None:
    """End every session of this login. The caller renews the one that is to stay."""
    user.session_stamp = get_random_string(32)
    user.save(update_fields=["session_stamp"])
    sessions_end(user)
