"""Whom or what texts may be about: listed one by one, and what each channel is about.

A target is found by its name, which no two share: the list may have changed since a page was shown.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from estime.kernel.configuration import Target, configuration
from estime.kernel.configuration_edit import Row
from estime.kernel.names import folded
from estime.ledger import api as ledger
from estime.listening import api as listening
from estime.readouts.wording import count, whole_percent
from estime.web.access import needs
from estime.web.listening_words import KINDS
from estime.web.settings_saving import settings_save, settings_sent
from estime.web.settings_tabs import settings_frame
from estime.web.target_forms import (
    LISTED,
    TargetForm,
    about_after,
    about_errors,
    about_form,
    about_names,
    form_of,
    target_errors,
    target_form,
)
from estime.web.text_filters import texts_url

ROWS: Final = 50
MOST_CHOICES: Final = 200
"""Of more names than this, what a channel is about is typed."""


@require_http_methods(["GET", "HEAD", "POST"])
@needs("settings.see")
@never_cache
def settings_targets(request: HttpRequest) -> HttpResponseBase:
    """All that is listed, and what each channel is about; the form is that of the channels."""
    answer, errors = settings_sent(request, "settings-targets", _about_save)
    if answer is not None:
        return answer
    shown = {**_list(request), **_about(request, bool(errors)), "anew": _anew()}
    return _page(request, "settings-targets", shown, errors)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("settings.change")
@never_cache
def target_new(request: HttpRequest) -> HttpResponseBase:
    """One more."""
    if request.method != "POST":
        return _form(request, TargetForm("product", "", {"aliases": "", "exact": ""}), {})
    form = target_form(request.POST)
    if any(form_of(one).row() == form.row() for one in configuration().listening.targets):
        messages.info(request, _("“%(name)s” is listed.") % {"name": form.name})
        return redirect("settings-targets")
    errors = target_errors(form, configuration()) or _save(
        request, {"listening.targets": Row(None, form.row())}
    )
    return _form(request, form, errors) if errors else redirect("settings-targets")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("settings.change")
@never_cache
def target_change(request: HttpRequest) -> HttpResponseBase:
    """Change one, or say that it is to be taken off the list."""
    was = request.GET.get("name", "")
    listed = _listed(was)
    if request.method != "POST":
        if listed is None:
            raise Http404(_("Nothing of this name is listed."))
        return _form(request, form_of(listed), {})
    form = target_form(request.POST, was)
    if listed is None:
        return _form(request, target_form(request.POST), {"": _gone(was)})
    errors = target_errors(form, configuration())
    if not errors and form.row() == form_of(listed).row():
        messages.info(request, _("Nothing was changed."))
        return redirect("settings-targets")
    follow = partial(listening.searches_follow_target, (listed.kind, was), (form.kind, form.name))
    errors = errors or _save(request, _values(was, form), follow)
    return _form(request, form, errors, listed) if errors else redirect("settings-targets")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("settings.change")
@never_cache
def target_remove(request: HttpRequest) -> HttpResponseBase:
    """Ask once, saying what follows; then take it off the list."""
    was, errors = request.GET.get("name", ""), {}
    listed = _listed(was)
    if request.method == "POST":
        if listed is None:
            messages.info(request, _("“%(name)s” is not listed any more.") % {"name": was})
            return redirect("settings-targets")
        errors = _save(request, _values(was, None))
        if not errors:
            return redirect("settings-targets")
    if listed is None:
        raise Http404(_("Nothing of this name is listed."))
    config = configuration()
    about = [ch for ch in config.listening.about if ch not in about_after(None, was, config)]
    shown = {
        "name": listed.name,
        "forms": [*listed.aliases, *listed.exact],
        "about": ", ".join(_titles().get(channel, channel) for channel in about),
        "action": _address("settings-target-remove", was),
        "back": _address("settings-target", was),
    }
    return _page(request, "settings-target-remove", shown, errors)


def _page(
    request: HttpRequest, name: str, shown: Mapping[str, Any], errors: Mapping[str, str]
) -> HttpResponse:
    context = {**shown, **settings_frame(request, "settings-listening", errors)}
    return render(request, f"pages/{name}.html", context, status=422 if errors else 200)


def _form(
    request: HttpRequest, form: TargetForm, errors: Mapping[str, str], now: Target | None = None
) -> HttpResponse:
    """The form of one target. `now`: what is listed, to be seen beside what was written."""
    held = form_of(now) if now is not None and "" in errors else None
    shown = {
        "form": form,
        "kinds": [(kind, str(KINDS[kind])) for kind in LISTED],
        "now": {"name": held.name, "kind": str(KINDS[held.kind]), **_joined(held)} if held else {},
        "action": _address("settings-target", form.was) if form.was else reverse("settings-target-new"),
        "remove": _address("settings-target-remove", form.was) if form.was else "",
    }
    return _page(request, "settings-target", shown, errors)


def _joined(form: TargetForm) -> dict[str, str]:
    return {name: ", ".join(filter(None, told.split("\n"))) or "–" for name, told in form.lists.items()}


def _address(page: str, name: str) -> str:
    return f"{reverse(page)}?{urlencode({'name': name})}"


def _listed(name: str) -> Target | None:
    return next((one for one in configuration().listening.targets if one.name == name), None)


def _titles() -> dict[str, str]:
    return {channel.name: str(channel) for channel in ledger.channels()}


def _gone(name: str) -> str:
    return _(
        "“%(name)s” is not listed any more: somebody took it off the list, or gave it another name. What you wrote "
        "stands below: save it to list it as a new one."
    ) % {"name": name}


def _values(was: str, form: TargetForm | None) -> dict[str, Any]:
    """The keys to set so that one target is what a form says, or (None) is gone: what channels are about follows."""
    about = about_after(form, was, configuration())
    return {
        "listening.targets": Row(was, form.row() if form else None),
        "listening.about": about or None,
    }


def _save(
    request: HttpRequest, values: Mapping[str, Any], along: Callable[[], object] | None = None
) -> dict[str, str]:
    """Save, and say what follows. What is not known beside a field of this form is said above it."""
    errors = settings_save(request, values, along=along)
    if errors:
        return {"": errors.get("") or " ".join(errors.values())}
    messages.info(
        request, _("All texts are read again by this list, a step at a time: that can take a while.")
    )
    return {}


def _about_save(request: HttpRequest) -> dict[str, str]:
    config = configuration()
    about = about_form(request.POST, {*_titles(), *config.listening.about}, config)
    if about == config.listening.about:
        messages.info(request, _("Nothing was changed."))
        return {}
    return about_errors(about, config) or _save(request, {"listening.about": about or None})


def _list(request: HttpRequest) -> dict[str, Any]:
    """A page of what is listed, by kind and name."""
    asked = request.GET.get("find", "").strip()[:200]
    listed, brand = configuration().listening.targets, configuration().brand.name
    found = [one for one in listed if _fits(one, folded(asked))]
    found.sort(key=lambda one: (LISTED.index(one.kind), folded(one.name)))
    number = request.GET.get("page", "")
    page = int(number) if number.isdecimal() and 0 < len(number) < 6 else 1
    page = max(1, min(page, -(-len(found) // ROWS)))
    named = listening.targets_named()
    asks = {one.name: listening.target_asked(one.kind, one.identity) for one in listening.targets_listed()}
    return {
        "rows": [_row(one, asks[one.name], named or {}) for one in found[(page - 1) * ROWS : page * ROWS]],
        "counted": named is not None,
        "all": len(listed),
        "find": asked,
        "searched": len(listed) > ROWS or bool(asked),
        "previous": _turned(asked, page - 1) if page > 1 else "",
        "next": _turned(asked, page + 1) if len(found) > page * ROWS else "",
        "brand": "" if _listed(brand) else brand,
        "smallest": configuration().privacy.smallest_group,
    }


def _fits(one: Target, asked: str) -> bool:
    return not asked or any(asked in folded(form) for form in (one.name, *one.aliases, *one.exact))


def _turned(asked: str, page: int) -> str:
    told = {"find": asked} if asked else {}
    return f"{reverse('settings-targets')}?{urlencode({**told, 'page': str(page)})}"


def _row(one: Target, asked: str, named: Mapping[str, int]) -> dict[str, Any]:
    return {
        "kind": str(KINDS[one.kind]),
        "name": one.name,
        "aliases": ", ".join(one.aliases),
        "exact": ", ".join(one.exact),
        "texts": count(named[one.name]) if one.name in named else "",
        "texts_url": texts_url(target=asked, brand="0") if one.name in named else "",
        "url": _address("settings-target", one.name),
    }


def _about(request: HttpRequest, again: bool) -> dict[str, Any]:
    """What each channel is about: of the channels there are, and of those that are named already."""
    config = configuration()
    titles, names = _titles(), about_names(config)
    channels = []
    for name in dict.fromkeys([*titles, *config.listening.about]):
        now = config.listening.about.get(name, "")
        told = request.POST.get(f"about-{name}", now) if again else now
        channels.append(
            {
                "field": f"about-{name}",
                "title": titles.get(name, name),
                "told": told,
                "now": now if again else "",
            }
        )
    return {
        "channels": channels,
        "choices": [("", _("Nothing in particular")), *((one, one) for one in names)],
        "choose": len(names) <= MOST_CHOICES,
    }


def _anew() -> str:
    """How far texts were read again; "" once all were."""
    part = listening.reading_anew()
    if part is None:
        return ""
    if not part:
        return _(
            "All texts are about to be read again by this list. Until then they stand as they were read before."
        )
    return _(
        "Texts are being read again by this list: %(share)s so far. The others stand as they were read before."
    ) % {"share": whole_percent(min(part, 0.99))}
