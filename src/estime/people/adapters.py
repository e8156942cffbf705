"""How allauth behaves here: whom it lets in, what it says, in which language it goes on."""

from contextlib import suppress
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from estime.kernel.configuration import configuration
from estime.people.links import public
from estime.people.mail import mail_deliver
from estime.people.models import User
from estime.people.sealing import sealing_key


def in_own_language(url: str, user: User) -> str:
    """The same page in the language that somebody has chosen for themselves."""
    first, slash, rest = url.lstrip("/").partition("/")
    known = [code for code, _name in settings.LANGUAGES]
    if user.language in known and first in known:
        return f"/{user.language}{slash}{rest}"
    return url


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    error_messages = {  # noqa: RUF012  as allauth has it
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _(
            "This login was closed. An administrator can open it again, unless you left for good."
        ),
        "cannot_remove_primary_email": _("This is the address you sign in with; it cannot be removed."),
        "duplicate_email": _("This is your address already."),
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "email_taken": _("This address cannot be used."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("The code is not right, or too old."),
        "incorrect_password": _("The password is not right."),
        "invalid_or_expired_key": _("The link is incomplete, or too old."),
        "invalid_password_reset": _("The link is incomplete, or too old."),
        "max_email_addresses": _("First confirm the new address you gave last."),
        "rate_limited": _("Too many tries in a short time. Wait a minute, then try again."),
        "same_as_current": _("This is the same as before."),
        "too_many_login_attempts": _("Too many tries in a short time. Wait five minutes, then try again."),
        "unverified_primary_email": _("Confirm this address first: we have sent you a mail."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return configuration().site.sign_up == "open"

    def new_user(self, request: HttpRequest) -> User:
        return User(language=(get_language() or "")[:2])

    def get_reset_password_from_key_url(self, key: str) -> str:
        return public(super().get_reset_password_from_key_url(key))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Where a mail cannot be sent, nobody shall wait for it."""
        told = {**context, "brand": configuration().brand.name, "email": email, "request": self.request}
        if not mail_deliver(self.render_mail(template_prefix, email, told)):
            raise ImmediateHttpResponse(render(self.request, "account/mail_failed.html", status=503))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """What it tells of is done already: a mail that cannot be sent undoes nothing."""
        with suppress(ImmediateHttpResponse):
            super().send_notification_mail(*args, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        url: str = super().get_login_redirect_url(request)
        return in_own_language(url, request.user) if isinstance(request.user, User) else url

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use a code of your app, or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**each, "description": str(words[each["id"]])} for each in methods]

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("me")

    def post_login(self, request: HttpRequest, user: User, **told: Any) -> HttpResponse:
        """Wherever they were going: in their own language."""
        response: HttpResponse = super().post_login(request, user, **told)
        if isinstance(response, HttpResponseRedirect):
            response["Location"] = in_own_language(response.url, user)
        return response


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    error_messages = {  # noqa: RUF012  as allauth has it
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": _("Remove your second step first, then change your address."),
        "cannot_delete_authenticator": _("This cannot be removed."),
        "cannot_generate_recovery_codes": _(
            "Recovery codes belong to an app or a passkey: set one up first."
        ),
        "incorrect_code": _("The code is not right, or too old."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def get_totp_issuer(self) -> str:
        return configuration().brand.name

    def _get_site_name(self) -> str:
        return configuration().brand.name

    def encrypt(self, text: str) -> str:
        """Secrets of apps and recovery codes are sealed with the installation's secret, which no database holds."""
        return Fernet(sealing_key()).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return Fernet(sealing_key()).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return ""  # of an installation with another secret: no code fits, recovery is by staff link

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        from allauth.mfa.models import Authenticator

        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return str(_("Passkey %(number)d")) % {"number": number}
