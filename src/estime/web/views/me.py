"""The page Me: how somebody is called, in which language and zone they read, how they sign in and where they have."""

from functools import cache
from typing import ClassVar
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estime.cocreation import api as cocreation
from estime.kernel.configuration import configuration
from estime.people import api as people
from estime.web.access import needs, signed_in

PLACES = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


@cache
def zones() -> list[str]:
    """The zones that are named after a place, and UTC."""
    return ["UTC", *sorted(name for name in available_timezones() if name.partition("/")[0] in PLACES)]


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """What one may say of oneself."""

    class Meta:
        model = people.User
        fields: ClassVar = ["name", "language", "timezone"]
        labels: ClassVar = {
            "name": gettext_lazy("Name, as everybody here sees it"),
            "language": gettext_lazy("Language"),
            "timezone": gettext_lazy("Time zone"),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as they came
        brand_zone = configuration().brand.timezone
        as_brand = _("The brand’s: %(zone)s") % {"zone": brand_zone}
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["language"] = forms.ChoiceField(
            label=self.fields["language"].label,
            required=False,
            choices=[("", _("As the browser says")), *settings.LANGUAGES],
        )
        self.fields["timezone"] = forms.ChoiceField(
            label=self.fields["timezone"].label,
            required=False,
            choices=[("", as_brand), *((name, name.replace("_", " ")) for name in zones())],
        )

    def clean_name(self) -> str:
        """What cannot be read by others is left out."""
        return people.name_clean(self.cleaned_data["name"])


@require_http_methods(["GET", "HEAD", "POST"])
@needs("me.own")
@never_cache
def me(request: HttpRequest) -> HttpResponseBase:
    """See and change what is one's own."""
    user = signed_in(request)
    form = ProfileForm(request.POST or None, instance=people.User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        kept = form.save()
        cocreation.member_named(kept)
        with translation.override(kept.language or translation.get_language()):
            messages.success(request, _("Kept."))
            return redirect("me")
    current = request.session.session_key
    shown = {
        "form": form,
        "who": user,
        "role": people.role_name(user.role),
        "tokens": _tokens(user),
        "ways": people.ways_in(user),
        "provider": settings.ESTIME_OIDC.name if settings.ESTIME_OIDC.server else "",
        "sessions": [
            {"told": one, "browser": people.browser_name(one.user_agent), "here": one.session_key == current}
            for one in people.sessions_of(user)
        ],
    }
    return render(request, "web/me.html", shown, status=422 if form.errors else 200)


def _tokens(user: people.User) -> str:
    """Where their access tokens are, for those who may have any."""
    return reverse("tokens") if user.may("tokens.own") else ""


@require_POST
@needs("me.own")
def sign_out_elsewhere(request: HttpRequest) -> HttpResponseBase:
    """End one's other sessions."""
    user = signed_in(request)
    people.sign_out_elsewhere(request, user)
    messages.success(request, _("Your other devices are signed out."))
    return redirect("me")


@require_safe
@needs("me.own")
@never_cache
def second_step(request: HttpRequest) -> HttpResponseBase:
    """Setting one up: where administrators are led who must and have not (web/second_step.py), for others a choice."""
    user = signed_in(request)
    ways = people.ways_in(user)
    if ways.app or ways.passkeys:
        return redirect("front")
    return render(request, "web/second_step.html", {"must": people.second_step_missing(user)})


@require_safe
@needs("me.own")
def ways_in(request: HttpRequest) -> HttpResponseBase:
    """Where allauth leads after a change to a way in."""
    return redirect("me")
