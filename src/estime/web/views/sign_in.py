"""Ways in of our own: an invitation, a staff link, the start of the way through the provider."""

import logging
from collections.abc import Callable
from ipaddress import ip_address

from allauth.socialaccount.providers.openid_connect.views import callback as provider_callback
from allauth.socialaccount.providers.openid_connect.views import login as provider_login
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import password_validation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estime.kernel.errors import EstimeError
from estime.people import api as people
from estime.web.access import open_to_all
from estime.web.frame import language, viewer
from estime.web.limits import limited

LOG = logging.getLogger(__name__)
INVITED = "invitation"
GOING = "invitation-going"
"""Where whoever was invited wanted to go; only a path of this site."""
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")


class JoinForm(forms.Form):
    """What somebody who was invited tells of themselves."""

    name = forms.CharField(
        label=gettext_lazy("Your name, as everybody here will see it"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("A password, if you want one"),
        required=False,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=gettext_lazy(
            "At least ten characters. Left empty, you sign in with codes by mail or with a passkey."
        ),
    )

    def __init__(self, *args: object, email: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as they came
        self._email = email

    def clean(self) -> None:
        """Checked against the name and the address too: both are easily guessed."""
        told = super().clean() or self.cleaned_data
        if told.get("password"):
            somebody = people.User(email=self._email, name=told.get("name", ""))
            try:
                password_validation.validate_password(told["password"], somebody)
            except forms.ValidationError as error:
                self.add_error("password", error)


@require_safe
@open_to_all
@never_cache
@limited("invitation")
def invitation(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Take the secret out of the address at once: what stands in an address is kept in histories."""
    request.session[INVITED] = people.digest_of(secret)
    going = request.GET.get("next", "")
    request.session[GOING] = going if url_has_allowed_host_and_scheme(going, None) else ""
    return redirect("join")


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
@never_cache
@sensitive_post_parameters("password")
@limited("invitation")
def join(request: HttpRequest) -> HttpResponseBase:
    """Accept an invitation: with a name, and a password or another way to sign in later."""
    try:
        found = people.invitation_find(request.session.get(INVITED, ""))
        known = people.person_find(found.email)
        if known is not None:
            return _join_as(request, found, known)
        form = JoinForm(request.POST or None, email=found.email)
        if request.method == "POST" and form.is_valid():
            return _joined(request, found, form)
    except EstimeError as error:
        return render(request, "web/sign_in_over.html", {"error": error}, status=410)
    shown = {"form": form, "invitation": found, "role": people.role_name(found.role)}
    return render(request, "web/sign_in_join.html", shown)


def _joined(request: HttpRequest, found: people.Invitation, form: JoinForm) -> HttpResponseBase:
    told = form.cleaned_data
    profile = people.Profile(told["name"], language(), "", told["password"] or None)
    user = people.invitation_accept(found, profile)
    led = request.session.pop(GOING, "") or None
    going = reverse("mfa_add_webauthn") if request.POST.get("next") == "passkey" else led
    return people.enter(request, user, method="invitation", going=going)


def _join_as(request: HttpRequest, found: people.Invitation, known: people.User) -> HttpResponseBase:
    """A member was invited: they show by signing in that it is they who accept."""
    user = viewer(request)
    if user is None or user.pk != known.pk:
        return HttpResponseRedirect(f"{reverse('account_login')}?next={reverse('join')}")
    if request.method == "POST":
        people.invitation_accept_as(found, user)
        return redirect("front")
    return render(
        request, "web/sign_in_join_as.html", {"invitation": found, "role": people.role_name(found.role)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
@never_cache
@limited("staff_link")
def staff_link(request: HttpRequest) -> HttpResponseBase:
    """Sign in with a link that was printed on this machine, from this machine only.

    The secret is the fragment of the link: it comes in the body of this form and stands in no address.
    """
    if not on_this_machine(request):
        raise Http404(_("Staff links work on the machine itself only."))
    error = None
    if request.method == "POST":
        try:
            user = people.staff_link_use(request.POST.get("secret", "").strip().rpartition("#")[2])
            return people.enter(request, user, method="staff_link")
        except EstimeError as refused:
            error = refused
    return render(request, "web/sign_in_staff_link.html", {"error": error}, status=410 if error else 200)


def on_this_machine(request: HttpRequest) -> bool:
    """Whether whoever asks is here, asked for this machine by its own name, and no proxy asked for them."""
    host = request.get_host()
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    if name not in ("127.0.0.1", "localhost", "[::1]") or request.META.get("estime.forwarded"):
        return False
    if any(header in request.META for header in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


@require_POST
@open_to_all
@never_cache
def provider_start(request: HttpRequest) -> HttpResponse:
    """Go on to the provider. A page of its own leads there: our policy lets no form end on another site."""
    response = _provider(request, provider_login)
    there = response.headers.get("Location", "")
    if not there.startswith(("https://", "http://")):
        return response
    return render(request, "web/sign_in_provider.html", {"address": there})


@require_safe
@open_to_all
@never_cache
def provider_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the provider sends people back to."""
    if provider_id != people.PROVIDER:
        raise Http404
    return _provider(request, provider_callback)


def _provider(request: HttpRequest, step: Callable[[HttpRequest, str], HttpResponse]) -> HttpResponse:
    """One step of the way through the provider, which may be down or answer nonsense."""
    if not settings.ESTIME_OIDC.server:
        raise Http404
    try:
        return step(request, people.PROVIDER)
    except (OSError, KeyError, ValueError) as error:
        LOG.error("the OpenID Connect provider cannot be used: %s", type(error).__name__)
        messages.error(request, _("The provider does not answer as it should. Sign in another way for now."))
        return redirect("account_login")
