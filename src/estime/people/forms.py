"""allauth's forms with our labels. What they check is allauth's."""

from typing import Any, Final

from allauth.account import forms as account
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from estime.people.models import User
from estime.people.names import name_clean

LABELS: Final = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("Present password"),
    "password1": _("New password"),
    "password2": _("New password once more"),
    "code": _("Code"),
    "name": _("Name"),
}
NO_ADDRESS: Final = _("This is no e-mail address. Write it like name@example.org.")


class Worded:
    """Our labels, no placeholders: what stands in a field disappears when one writes."""

    labels: dict[str, Any] = {}  # noqa: RUF012  each form says its own
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name) or LABELS.get(name) or field.label
            field.widget.attrs.pop("placeholder", None)
            field.help_text = password_help() if name == "password1" else ""
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = NO_ADDRESS
        if "code" in self.fields:
            self.fields["code"].widget.attrs.update(autocomplete="one-time-code", spellcheck="false")


def password_help() -> str:
    return " ".join(str(text) for text in password_validators_help_texts())


class LoginForm(Worded, account.LoginForm):  # type: ignore[misc]
    pass


class SignupForm(Worded, account.SignupForm):  # type: ignore[misc]
    """Asks for the name too: whoever says something here says it under a name."""

    labels = {"name": _("Your name, as everybody here will see it"), "password1": _("Password")}  # noqa: RUF012
    name = forms.CharField(max_length=150, widget=forms.TextInput({"autocomplete": "name"}))
    field_order = ("name", "email", "password1")

    def clean_name(self) -> str:
        name = name_clean(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Write a name that can be read."), code="name")
        return name

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


class AddEmailForm(Worded, account.AddEmailForm):  # type: ignore[misc]
    labels = {"email": _("New e-mail address")}  # noqa: RUF012


class ChangePasswordForm(Worded, account.ChangePasswordForm):  # type: ignore[misc]
    """Whoever has just shown who they are in another way (passkey, app, staff link) need not know the old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if context.request is not None and did_recently_reauthenticate(context.request):
            del self.fields["oldpassword"]


class SetPasswordForm(Worded, account.SetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(Worded, account.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(Worded, account.ReauthenticateForm):  # type: ignore[misc]
    pass


class RequestLoginCodeForm(Worded, account.RequestLoginCodeForm):  # type: ignore[misc]
    pass


class ConfirmLoginCodeForm(Worded, account.ConfirmLoginCodeForm):  # type: ignore[misc]
    labels = {"code": _("Code from the mail")}  # noqa: RUF012


class ConfirmAddressForm(Worded, account.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    labels = {"code": _("Code from the mail")}  # noqa: RUF012


class SecondStepForm(Worded, mfa.AuthenticateForm):  # type: ignore[misc]
    labels = {"code": _("Code from the app, or a recovery code")}  # noqa: RUF012


class SecondStepAgainForm(Worded, mfa.ReauthenticateForm):  # type: ignore[misc]
    labels = {"code": _("Code from the app, or a recovery code")}  # noqa: RUF012


class ActivateAppForm(Worded, totp.ActivateTOTPForm):  # type: ignore[misc]
    labels = {"code": _("Code that the app shows")}  # noqa: RUF012


class AddPasskeyForm(Worded, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """Every key that is added here signs in by itself: what is called a passkey."""

    labels = {"name": _("A name for it, such as the device it is on")}  # noqa: RUF012

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].widget = forms.HiddenInput()
        self.fields["passwordless"].initial = True


class RenamePasskeyForm(Worded, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    pass
