"""What the link that chooses a new password is bound to: it ends with whatever ends the sessions of its login.

Named by ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR in the settings. Over the password, the last sign-in and the addresses
as allauth's own; and over the stamp of the sessions, so that signing out everywhere and closing a login end it too.
"""

from allauth.account.models import EmailAddress
from django.contrib.auth.tokens import PasswordResetTokenGenerator

from estime.people.models import User


class ResetTokens(PasswordResetTokenGenerator):
    def _make_hash_value(self, user: User, timestamp: int) -> str:
        addresses = EmailAddress.objects.filter(user_id=user.pk).values_list("email", flat=True)
        bound = [super()._make_hash_value(user, timestamp), user.session_stamp]
        return "\0".join([*bound, *sorted(addresses)])
