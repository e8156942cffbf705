"""Letting somebody in who has shown who they are in a way of our own, and what the page "Me" shows of ways in."""

from typing import NamedTuple

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from estime.kernel.configuration import configuration
from estime.people.actions.sessions import sign_out_everywhere
from estime.people.models import Deed, User
from estime.people.queries import administrators
from estime.people.roles import Role
from estime.people.trail import Told, trail_record


def enter(request: HttpRequest, user: User, *, method: str, going: str | None = None) -> HttpResponse:
    """Sign somebody in under a new session key, and lead them on. It counts as having shown who they are just now."""
    adapter = get_adapter(request)
    adapter.login(request, user)
    record_authentication(request, user, method=method, reauthenticated=True)
    response: HttpResponse = adapter.post_login(
        request,
        user,
        email_verification="none",
        signal_kwargs=None,
        email=None,
        signup=False,
        redirect_url=going,
    )
    return response


def sign_out_elsewhere(request: HttpRequest, user: User) -> None:
    """End all sessions of this login but the one that asks; that one gets a new key."""
    sign_out_everywhere(user)
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)


class WaysIn(NamedTuple):
    """By which ways somebody can sign in."""

    password: bool
    passkeys: int
    app: bool
    recovery_codes: int
    provider: bool


def ways_in(user: User) -> WaysIn:
    found = list(Authenticator.objects.filter(user_id=user.pk))
    codes = [one for one in found if one.type == Authenticator.Type.RECOVERY_CODES]
    return WaysIn(
        password=user.has_usable_password(),
        passkeys=sum(one.type == Authenticator.Type.WEBAUTHN for one in found),
        app=any(one.type == Authenticator.Type.TOTP for one in found),
        recovery_codes=len(codes[0].wrap().get_unused_codes()) if codes else 0,
        provider=SocialAccount.objects.filter(user_id=user.pk).exists(),
    )


def sessions_of(user: User) -> list[UserSession]:
    """Where somebody is signed in, the newest first; what has ended is forgotten."""
    found: list[UserSession] = UserSession.objects.purge_and_list(user)
    return sorted(found, key=lambda session: session.created_at, reverse=True)


def password_path(user: User) -> str:
    """The path of a page on which a new password can be chosen once, within an hour."""
    key = default_token_generator.make_token(user)
    told = {"uidb36": user_pk_to_url_str(user), "key": key}
    trail_record(Deed.PASSWORD_LINK_MADE, None, Told(user))
    return reverse("account_reset_password_from_key", kwargs=told)


@transaction.atomic
def second_steps_forget(user: User) -> int:
    """Forget somebody's app, passkeys and recovery codes; how many there were."""
    gone = int(Authenticator.objects.filter(user_id=user.pk).delete()[0])
    if gone:
        trail_record(Deed.SECOND_STEPS_FORGOTTEN, None, Told(user))
    return gone


def second_step_missing(user: User) -> bool:
    """Whether the installation asks this administrator for a second step that they have not set up."""
    if user.role != Role.ADMINISTRATOR or not configuration().site.administrators_second_step:
        return False
    return not _stepping().filter(user_id=user.pk).exists()


def administrators_without_second_step() -> list[User]:
    """Administrators who sign in by one step alone, in the order of their numbers."""
    return list(administrators().exclude(pk__in=_stepping().values("user_id")))


def _stepping() -> QuerySet[Authenticator]:
    """Apps and passkeys; recovery codes belong to one of them and are no step of their own."""
    found: QuerySet[Authenticator] = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    return found
