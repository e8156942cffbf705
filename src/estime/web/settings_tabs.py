"""What pages of settings have in common: those beside them, what is wrong, and which file they show."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy

from estime.kernel.configuration_write import configuration_version
from estime.web.frame import may

TABS = (
    # (name of the page, words, permission)
    ("settings", gettext_lazy("Brand"), "settings.see"),
    ("settings-accounts", gettext_lazy("The brand’s accounts"), "settings.see"),
    ("settings-measures", gettext_lazy("Measures"), "settings.see"),
    ("settings-privacy", gettext_lazy("Privacy"), "settings.see"),
    ("settings-cocreation", gettext_lazy("Co-creation"), "settings.see"),
    ("settings-listening", gettext_lazy("Listening"), "settings.see"),
    ("settings-sign-in", gettext_lazy("Sign-in"), "settings.see"),
    ("settings-changes", gettext_lazy("Changes"), "settings.see"),
    ("staff", gettext_lazy("Team"), "staff.manage"),
    ("tokens", gettext_lazy("Access tokens"), "tokens.own"),
    ("jobs", gettext_lazy("Jobs"), "jobs.see"),
)


def tabs(request: HttpRequest, here: str) -> list[tuple[str, str, bool]]:
    """The pages beside this one, of those that whoever looks may open."""
    shown = []
    for name, words, permission in TABS:
        try:
            if may(request, permission):
                shown.append((reverse(name), str(words), name == here))
        except NoReverseMatch:
            continue
    return shown


def settings_frame(request: HttpRequest, here: str, errors: Mapping[str, str]) -> dict[str, Any]:
    """What the template of a form of settings needs besides the form. `here`: the page whose tab it stands under."""
    return {
        "errors": errors,
        "tabs": tabs(request, here),
        "settings_version": configuration_version(),
        "may_change": may(request, "settings.change"),
    }
