"""Who may come in through the OpenID Connect provider.

In this order: whoever has connected it to their login; whoever has a login with the address that the provider says is
verified, if it is verified here as well; whoever is invited at that address; everybody, where `ESTIME_OIDC_ROLE` names
a role. Nobody comes in by an address that only they themselves have told.
"""

from typing import Any, NoReturn

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from estime.people.actions.accept import invitation_accept, invitation_of
from estime.people.actions.make_login import Profile, login_make
from estime.people.models import User


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        email = verified_email(sociallogin)
        if not email:
            _refuse(request, _("The provider does not say that your e-mail address is confirmed."))
        with transaction.atomic():
            user = _known(request, email) or _invited(email, sociallogin) or _granted(email, sociallogin)
            if user is None:
                _refuse(request, _("Nobody has invited this address yet. Ask one of the administrators."))
            sociallogin.connect(request, user)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False  # everybody who may come in has a login by now

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("me")

    def on_authentication_error(self, request: HttpRequest, provider: Any, **told: Any) -> None:
        _refuse(request, _("The provider did not sign you in. Try again, or sign in another way."))

    def validate_disconnect(self, account: Any, accounts: Any) -> None:
        """Nothing against it: a code by mail always opens."""


def verified_email(sociallogin: Any) -> str:
    """The address that the provider vouches for. `true` counts, and nothing that merely looks like it."""
    told = sociallogin.account.extra_data or {}
    claims = told.get("userinfo") or told.get("id_token") or told
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str):
        return ""
    return email.strip().lower()


def _known(request: HttpRequest, email: str) -> User | None:
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        return None
    if not EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists():
        # Whoever made this login never showed that the address is theirs: it may be somebody else's trap.
        _refuse(request, _("Your address is not confirmed here yet. Sign in with a code by mail once."))
    return user


def _profile(sociallogin: Any) -> Profile:
    told = sociallogin.account.extra_data or {}
    name = (told.get("userinfo") or told.get("id_token") or told).get("name")
    return Profile(str(name or "")[:150], (get_language() or "")[:2])


def _invited(email: str, sociallogin: Any) -> User | None:
    invitation = invitation_of(email)
    return invitation_accept(invitation, _profile(sociallogin)) if invitation else None


def _granted(email: str, sociallogin: Any) -> User | None:
    role = settings.ESTIME_OIDC.auto_role
    return login_make(email, role, _profile(sociallogin)) if role else None


def _refuse(request: HttpRequest, why: str) -> NoReturn:
    messages.error(request, why)
    raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))
