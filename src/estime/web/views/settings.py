"""Settings by subject: each a form that says what holds, and what is wrong beside its field."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from estime.web.access import needs
from estime.web.settings_forms import parse
from estime.web.settings_saving import settings_save, settings_sent
from estime.web.settings_tabs import settings_frame
from estime.web.settings_told import PAGES


@require_http_methods(["GET", "HEAD", "POST"])
@needs("settings.see")
@never_cache
def settings(request: HttpRequest) -> HttpResponseBase:
    """The brand: name, zone, colour, languages, what the overview opens with, how soon it answers."""
    return _section(request, "brand", "settings")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("settings.see")
@never_cache
def settings_measures(request: HttpRequest) -> HttpResponseBase:
    """Half-life and weights of behaviour."""
    return _section(request, "measures", "settings-measures")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("settings.see")
@never_cache
def settings_privacy(request: HttpRequest) -> HttpResponseBase:
    """What may be shown of people, and why."""
    return _section(request, "privacy", "settings-privacy")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("settings.see")
@never_cache
def settings_cocreation(request: HttpRequest) -> HttpResponseBase:
    """The house rules of co-creation."""
    return _section(request, "cocreation", "settings-cocreation")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("settings.see")
@never_cache
def settings_listening(request: HttpRequest) -> HttpResponseBase:
    """Whether members are asked how they are treated."""
    return _section(request, "listening", "settings-listening")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("settings.see")
@never_cache
def settings_sign_in(request: HttpRequest) -> HttpResponseBase:
    """What is asked of whoever signs in."""
    return _section(request, "sign-in", "settings-sign-in")


def _section(request: HttpRequest, section: str, name: str) -> HttpResponseBase:
    def save(request: HttpRequest) -> dict[str, str]:
        values, errors = parse(section, request.POST)
        return errors or settings_save(request, values)

    answer, errors = settings_sent(request, name, save)
    if answer is not None:
        return answer
    shown = {**PAGES[section](request, bool(errors)), **settings_frame(request, name, errors)}
    return render(request, f"pages/settings-{section}.html", shown, status=422 if errors else 200)
