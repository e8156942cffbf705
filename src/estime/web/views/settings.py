"""Settings: the brand and its accounts, measures, privacy, and who changed what."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from estime.cocreation.wording import POWER_MEANS, POWER_NAMES
from estime.engagement import api as engagement
from estime.engagement.settings import DEFAULT_WEIGHTS, OTHER_WEIGHT
from estime.jobs import api as jobs
from estime.kernel.configuration import Configuration, configuration
from estime.kernel.configuration_write import (
    ConfigurationChanged,
    SettingsInvalid,
    configuration_change,
    configuration_version,
)
from estime.kernel.errors import EstimeError
from estime.ledger import api as ledger
from estime.people import api as people
from estime.people.settings_changes import settings_change_record, settings_changes
from estime.readouts.wording import count, number
from estime.web.access import needs, refusal
from estime.web.addresses import definition_url, docs_folder
from estime.web.colours import ENOUGH, PAPERS, contrast, is_colour, nearest_legible
from estime.web.frame import language, may, viewer
from estime.web.import_words import TYPES
from estime.web.settings_forms import COCREATION_NUMBERS, FIGURES, MEMBER_POWERS, parse

PAGE = 30
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
    errors: dict[str, str] = {}
    if request.method == "POST":
        refused = refusal(request, "settings.change")
        if refused is not None:
            return refused
        values, errors = parse(section, request.POST)
        errors = errors or _save(request, values)
        if not errors:
            return redirect(name)
    shown = {
        **_PAGES[section](request, bool(errors)),
        "tabs": tabs(request, name),
        "errors": errors,
        "settings_version": configuration_version(),
        "may_change": may(request, "settings.change"),
    }
    return render(request, f"pages/settings-{section}.html", shown, status=422 if errors else 200)


def _save(request: HttpRequest, values: Mapping[str, Any]) -> dict[str, str]:
    """Write what changed; returns what is wrong. Notices say the rest."""
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
        "storage-full": _("The disk is full: the settings stay as they were. Make room, then save again."),
        "bad-configuration": _(
            "The file estime.toml cannot be read as it stands. Whoever runs the server can mend it there."
        ),
    }
    return words.get(error.code, error.message)


def _brand_page(request: HttpRequest, again: bool) -> dict[str, Any]:
    config = configuration()
    now = {
        "name": config.brand.name,
        "timezone": config.brand.timezone,
        "accent": config.brand.accent or "",
        "front": config.report.front,
        "answer_within_days": str(config.contact.answer_within_days),
    }
    told = {name: request.POST.get(name, value) for name, value in now.items()} if again else now
    languages = request.POST.getlist("languages") if again else list(config.site.languages)
    fronts = [("*", _("all channels together")), *((c.name, c.title or c.name) for c in ledger.channels())]
    if told["front"] not in dict(fronts):
        fronts.append((told["front"], told["front"]))
    return {
        "told": told,
        "now": now if again else {},
        "offered": [(code, name, "") for code, name in django_settings.LANGUAGES],
        "chosen_languages": languages,
        "first_language": request.POST.get("first_language", "") if again else config.site.languages[0],
        "fronts": fronts,
        "verdicts": _verdicts(told["accent"]),
        "mode": config.site.mode,
        "address": config.site.address,
    }


def _verdicts(accent: str) -> list[dict[str, str]]:
    """How well the colour can be read on each paper."""
    if not is_colour(accent):
        return []
    names = {"light": _("On light paper"), "dark": _("On dark paper")}
    told = []
    for scheme, paper in PAPERS.items():
        ratio = contrast(accent, paper)
        words = (
            _("contrast %(n)s: it can be read.")
            if ratio >= ENOUGH
            else _("contrast %(n)s: too little to be read, so %(other)s is shown.")
        )
        shown = {"n": number(ratio, 1), "other": nearest_legible(accent, paper)}
        told.append({"name": names[scheme], "words": words % shown})
    return told


def _measures_page(request: HttpRequest, again: bool) -> dict[str, Any]:
    config = configuration().measures
    weights = dict(DEFAULT_WEIGHTS) if config.weights is None else dict(config.weights)
    shown = {
        name: weights.get(name)
        for name in dict.fromkeys([*weights, *(DEFAULT_WEIGHTS if config.weights is None else ())])
    }
    return {
        "half_life": request.POST.get("half_life_days", "") if again else f"{config.half_life_days:g}",
        "weights": [
            {
                "name": name,
                "words": str(TYPES.get("vote" if name == "Vote" else name, name)),
                "value": request.POST.get(f"weight-{name}", "") if again else f"{value:g}",
                "default": f"{DEFAULT_WEIGHTS.get(name, OTHER_WEIGHT):g}",
            }
            for name, value in shown.items()
        ],
        "other": f"{OTHER_WEIGHT:g}",
        "default_half_life": f"{Configuration().measures.half_life_days:g}",
        "own": config.weights is not None or config.half_life_days != Configuration().measures.half_life_days,
        "definition": definition_url(language()).format(measure="behaviour") if docs_folder() else "",
    }


def _privacy_page(request: HttpRequest, again: bool) -> dict[str, Any]:
    config = configuration().privacy
    switches = ("public_overview", "person_affect", "sensitive_topics")
    return {
        "on": {n: request.POST.get(n) == "on" if again else getattr(config, n) for n in switches},
        "told": {
            n: request.POST.get(n, "") if again else str(getattr(config, n))
            for n in ("smallest_group", "purpose", "legal_basis")
        },
    }


def _cocreation_page(request: HttpRequest, again: bool) -> dict[str, Any]:
    config = configuration().cocreation
    told = {name: str(getattr(config, name)) for name in (*COCREATION_NUMBERS, "member_power")}
    if again:
        told = {name: request.POST.get(name, value) for name, value in told.items()}
    powers = [(power, POWER_NAMES[power], POWER_MEANS[power]) for power in MEMBER_POWERS]
    return {"told": told, "limits": COCREATION_NUMBERS, "powers": powers}


def _listening_page(request: HttpRequest, again: bool) -> dict[str, Any]:
    return {"on": {"ask": request.POST.get("ask") == "on" if again else configuration().listening.ask}}


def _sign_in_page(request: HttpRequest, again: bool) -> dict[str, Any]:
    without = people.administrators_without_second_step()
    return {
        "on": {"administrators_second_step": configuration().site.administrators_second_step},
        "without": [str(one) for one in without] if may(request, "staff.manage") else [],
    }


_PAGES = {
    "brand": _brand_page,
    "measures": _measures_page,
    "privacy": _privacy_page,
    "cocreation": _cocreation_page,
    "listening": _listening_page,
    "sign-in": _sign_in_page,
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs("settings.see")
@never_cache
def settings_accounts(request: HttpRequest) -> HttpResponseBase:
    """The brand's own accounts: left out of members' figures; their answers are the brand's."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        refused = refusal(request, "settings.change")
        if refused is not None:
            return refused
        errors = _change_accounts(request)
        if not errors:
            return redirect("settings-accounts")
    named = [(account.channel, account.handle) for account in configuration().brand.accounts]
    titles = {channel.name: channel.title or channel.name for channel in ledger.channels()}
    rows = [
        {"channel": c, "title": titles.get(c, c), "handle": h, "known": bool(ledger.account_keys([(c, h)]))}
        for c, h in named
    ]
    missing = sum(not row["known"] for row in rows)
    shown = {
        "rows": rows,
        "missing": _missing_words(missing) if missing else "",
        "channels": list(titles.items()),
        "told": {
            "channel": request.POST.get("channel", request.GET.get("channel", "")),
            "handle": request.POST.get("handle", ""),
        },
        "found": _search(request),
        "tabs": tabs(request, "settings-accounts"),
        "errors": errors,
        "settings_version": configuration_version(),
        "may_change": may(request, "settings.change"),
    }
    return render(request, "pages/settings-accounts.html", shown, status=422 if errors.get("handle") else 200)


def _missing_words(missing: int) -> str:
    words = ngettext(
        "%(n)s of them is not found in what came in: check how its channel writes it.",
        "%(n)s of them are not found in what came in: check how their channels write them.",
        missing,
    )
    return words % {"n": count(missing)}


def _search(request: HttpRequest) -> list[str] | None:
    """Handles that begin so, for whoever looks for an account; None when nobody does."""
    if request.method != "POST" or request.POST.get("do") != "search":
        return None
    return ledger.handles_like(request.POST.get("channel", ""), request.POST.get("handle", "").strip(), 20)


def _change_accounts(request: HttpRequest) -> dict[str, str]:
    told, do = request.POST, request.POST.get("do", "")
    if do == "search":
        return {"search": ""}
    accounts = [{"channel": a.channel, "handle": a.handle} for a in configuration().brand.accounts]
    this = {"channel": told.get("channel", ""), "handle": told.get("handle", "").strip()}
    if do == "remove":
        accounts = [account for account in accounts if account != this]
    elif (
        not this["handle"]
        or len(this["handle"]) > 1024
        or this["channel"] not in {c.name for c in ledger.channels()}
    ):
        return {"handle": _("Choose a channel, and write the handle as the channel writes it.")}
    elif this in accounts:
        messages.info(request, _("This account is named already."))
        return {}
    else:
        accounts.append(this)
    return _save(request, {"brand.accounts": accounts or None})


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
