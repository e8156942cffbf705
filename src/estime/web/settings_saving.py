"""Saving settings: checked, recorded and told; what was written stays in the form if it cannot be saved."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from estime.engagement import api as engagement
from estime.jobs import api as jobs
from estime.kernel.configuration_write import ConfigurationChanged, SettingsInvalid, configuration_change
from estime.kernel.errors import EstimeError
from estime.people.settings_changes import settings_change_record
from estime.web.access import refusal
from estime.web.frame import viewer
from estime.web.settings_forms import FIGURES


def settings_sent(
    request: HttpRequest, page: str, save: Callable[[HttpRequest], dict[str, str]]
) -> tuple[HttpResponseBase | None, dict[str, str]]:
    """Save what was sent, if anything was. Returns the answer (not allowed; or saved, and back to `page`), or None and
    what is wrong."""
    if request.method != "POST":
        return None, {}
    refused = refusal(request, "settings.change")
    if refused is not None:
        return refused, {}
    errors = save(request)
    return (None if errors else redirect(page)), errors


def settings_save(
    request: HttpRequest, values: Mapping[str, Any], *, along: Callable[[], object] | None = None
) -> dict[str, str]:
    """Write what changed; returns what is wrong. Notices say the rest.

    `along`: what is changed in the database with it, in one transaction.
    """
    if not values:
        messages.info(request, _("Nothing was changed."))
        return {}
    user = viewer(request)
    try:
        with (
            configuration_change(values, request.POST.get("version", "")) as change,
            settings_change_record(user.pk if user else None, change.changes),
        ):
            if any(key.startswith(FIGURES) for key in change.changes):
                jobs.enqueue("refresh", {}, key="refresh", by=user.pk if user else None)
            if along is not None:
                along()
            change.put()
        engagement.places_forget()  # at once, where they may not be kept any more
    except ConfigurationChanged:
        return {
            "": _(
                "Somebody else changed the settings meanwhile. Below stands what you wrote, and beside it what "
                "holds now: save again to have yours."
            )
        }
    except SettingsInvalid as error:
        problems = error.data.get("errors")
        told = problems if isinstance(problems, dict) else {}
        return {key.rpartition(".")[2]: str(why) for key, why in told.items()} or {"": error.message}
    except EstimeError as error:
        return {"": _fixed_words(error)}
    messages.success(
        request,
        _("Saved.")
        + (" " + _("The figures are computed again.") if any(k.startswith(FIGURES) for k in values) else ""),
    )
    return {}


def _fixed_words(error: EstimeError) -> str:
    words = {
        "configuration-fixed": _(
            "The settings cannot be written here: the file estime.toml, or its folder, is read-only for the server. "
            "Whoever runs the server can change it there."
        ),
        "configuration-tangled": _(
            "The file estime.toml is written in a way in which this cannot be changed here without touching the rest. "
            "Whoever runs the server can change it there."
        ),
        "storage-full": _("The disk is full: the settings stay as they were. Make room, then save again."),
        "bad-configuration": _(
            "The file estime.toml cannot be read as it stands. Whoever runs the server can mend it there."
        ),
    }
    return words.get(error.code, error.message)
