"""Who changed which setting, when."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from estime.people.settings_changes import settings_changes
from estime.web.access import needs
from estime.web.settings_tabs import tabs

PAGE = 30


@require_safe
@needs("settings.see")
@never_cache
def settings_history(request: HttpRequest) -> HttpResponse:
    """Who changed what, when."""
    told = request.GET.get("before", "")
    changes = settings_changes(PAGE + 1, int(told) if told.isdecimal() and len(told) < 18 else None)
    shown = {
        "changes": [
            {
                "at": change.at,
                "who": str(change.by) if change.by else _("a command"),
                "key": change.key,
                "before": _shown(change.before),
                "after": _shown(change.after),
            }
            for change in changes[:PAGE]
        ],
        "next": f"?before={changes[PAGE - 1].pk}" if len(changes) > PAGE else "",
        "first": reverse("settings-changes") if told else "",
        "tabs": tabs(request, "settings-changes"),
    }
    return render(request, "pages/settings-changes.html", shown)


def _shown(value: Any) -> str:
    """A value as people read it. Handles of the brand's own accounts are the brand's, and may stand here."""
    if value is None:
        return _("as it is by default")
    if isinstance(value, bool):
        return _("switched on") if value else _("switched off")
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_shown(inner) for inner in value) or "–"
    return f"{value:g}" if isinstance(value, float) else str(value) or "–"
