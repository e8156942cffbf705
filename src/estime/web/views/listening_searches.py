"""Saved searches and what they told: one's own, and those that colleagues share."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from estime.kernel.clock import now
from estime.listening import api as listening
from estime.people.models import User
from estime.readouts.mentions import without_people
from estime.readouts.wording import count
from estime.web.access import needs, signed_in
from estime.web.frame import may
from estime.web.listening_words import about_words
from estime.web.moments import day, moment
from estime.web.text_filters import asked_texts, search_url, text_choices

Offered = Mapping[str, Mapping[str, str]]
"""What can be asked for, by field: what stands in an address, and the words for it."""
FIELDS: Final = ("lang", "polarity", "emotion", "target", "channel", "brand")


@require_safe
@needs("listening.see")
@never_cache
def searches(request: HttpRequest) -> HttpResponse:
    """Alerts, newest first; then the searches."""
    user = signed_in(request)
    alerts, seen = listening.alerts_listed(user)
    unseen = listening.alerts_unseen(user)
    offered = {name: dict(choices) for name, choices in text_choices().items()}
    shown = {
        "alerts": [_alert(request, one, one.pk > seen) for one in alerts],
        "newest": alerts[0].pk if unseen else 0,
        "sentence": _sentence(unseen),
        "searches": [_search(request, one, user, offered) for one in listening.searches_listed(user)],
        "texts": reverse("listening-texts"),
    }
    return render(request, "pages/listening-searches.html", shown, using="jinja2")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("listening.see")
@never_cache
def search_new(request: HttpRequest) -> HttpResponseBase:
    """Keep a search that was just asked."""
    if request.method == "POST":
        return _keep(request, None)
    want = asked_texts(request)
    if want.errors:
        return redirect("listening-texts")
    asked = {name: want.values[name] for name in listening.KEPT if name in want.values}
    return _form(request, listening.SearchDraft("", want.words, asked), None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("listening.see")
@never_cache
def search(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change a search of one's own."""
    found = _own(request, pk)
    if request.method == "POST":
        return _keep(request, found)
    draft = listening.SearchDraft(
        found.name,
        found.words,
        listening.asked_of(found),
        found.shared,
        found.alert,
        found.people,
        found.days,
    )
    return _form(request, draft, found, amiss=listening.search_amiss(found))


@require_POST
@needs("listening.see")
def search_delete(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Delete a search of one's own; again is harmless."""
    if listening.search_delete(signed_in(request), pk):
        messages.success(request, _("The search is deleted, with its alerts."))
    return redirect("listening-searches")


@require_POST
@needs("listening.see")
def alerts_seen(request: HttpRequest) -> HttpResponseBase:
    """One has seen all that stood on the page."""
    upto = request.POST.get("upto", "")
    if upto.isdecimal() and len(upto) < 19:
        listening.alerts_seen(signed_in(request), int(upto))
    return redirect("listening-searches")


@require_safe
@needs("listening.see")
@never_cache
def alert(request: HttpRequest, pk: int) -> HttpResponseBase:
    """From an alert to the texts that it is about, as they stand now."""
    found = listening.alert_find(signed_in(request), pk)
    if found is None:
        raise Http404(_("There is no such alert."))
    asked = dict(listening.asked_of(found.search))
    if found.since and found.until:
        asked |= {"since": found.since.isoformat(), "until": found.until.isoformat()}
    else:
        asked |= {"alert": str(found.pk)}
        asked.pop("since", None), asked.pop("until", None)
    return redirect(search_url(found.search.words, asked))


def _own(request: HttpRequest, pk: int) -> listening.SavedSearch:
    """One's own search; anybody else's is not there to be changed."""
    user = signed_in(request)
    found = listening.search_find(user, pk)
    if found is None or found.owner_id != user.pk:
        raise Http404(_("There is no such search."))
    return found


def _keep(request: HttpRequest, found: listening.SavedSearch | None) -> HttpResponseBase:
    user, draft = signed_in(request), _sent(request)
    try:
        if found is None:
            listening.search_save(user, draft)
        else:
            listening.search_change(user, found.pk, draft)
    except listening.SearchInvalid as error:
        return _form(request, draft, found, error)
    messages.success(request, _("The search “%(name)s” is saved.") % {"name": " ".join(draft.name.split())})
    return redirect("listening-searches")


def _sent(request: HttpRequest) -> listening.SearchDraft:
    def number(name: str, default: int) -> int:
        told = request.POST.get(name, "").strip()
        return int(told) if told.isdecimal() and len(told) < 6 else (0 if told else default)

    sent = request.POST
    asked = {name: sent.get(name, "").strip()[:100] for name in listening.KEPT if sent.get(name, "").strip()}
    return listening.SearchDraft(
        sent.get("name", "")[:300],
        sent.get("words", "")[:1000],
        asked,
        sent.get("shared") == "1",
        sent.get("alert", "")[:10],
        number("people", 10),
        number("days", 7),
    )


def _form(
    request: HttpRequest,
    draft: listening.SearchDraft,
    found: listening.SavedSearch | None,
    error: listening.SearchInvalid | None = None,
    amiss: Mapping[str, str] | None = None,
) -> HttpResponse:
    shown = {
        "draft": draft,
        "choices": _choices(draft),
        "errors": {str(error.data.get("field", "name")): f"{error} {error.todo}"} if error else amiss or {},
        "alerts": [
            ("", _("No alert"), ""),
            (listening.EACH, _("New texts"), _("At most once a day, as soon as there are some.")),
            (
                listening.RISE,
                _("A rise"),
                _("When enough people write a text that fits, and more than twice as many as before."),
            ),
        ],
        "pk": found.pk if found else 0,
        "longest": {"name": listening.LONGEST_NAME, "words": listening.LONGEST_WORDS},
        "people": listening.PEOPLE,
        "days": listening.DAYS,
    }
    return render(request, "pages/listening-search.html", shown, using="jinja2", status=400 if error else 200)


def _choices(draft: listening.SearchDraft) -> dict[str, list[tuple[str, str]]]:
    """What the form offers; what was chosen and is offered no more stays chosen, so that nothing is left out unseen."""
    choices = text_choices()
    for name in FIELDS:
        chosen = draft.asked.get(name, "")
        if chosen not in dict(choices[name]):
            told = about_words(chosen) if name == "target" else chosen
            choices[name].append((chosen, told))
    return choices


def _sentence(unseen: int) -> str:
    if not unseen:
        return _("No new alert")
    return ngettext("%(n)s new alert", "%(n)s new alerts", unseen) % {"n": count(unseen)}


def _search(request: HttpRequest, one: listening.SavedSearch, user: User, offered: Offered) -> dict[str, Any]:
    own = one.owner_id == user.pk
    asked = listening.asked_of(one)
    return {
        "pk": one.pk if own else 0,
        "name": one.name,
        "url": "" if one.words_gone else search_url(one.words, asked),
        "amiss": _amiss(one),
        "words": _words(request, one.words),
        "asks": _asks(asked, offered),
        "alert": _alert_words(one),
        "by": "" if own else (one.owner.name or _("a colleague")),
        "shared": one.shared and own,
    }


def _amiss(one: listening.SavedSearch) -> str:
    """Why a search finds nothing any more."""
    errors = " ".join(listening.search_amiss(one).values())
    return errors and _("%(why)s It finds nothing, and tells nothing, until it is changed.") % {"why": errors}


def _words(request: HttpRequest, words: str) -> str:
    return words if may(request, "persons.see") else without_people(words)[0]


def _asks(asked: Mapping[str, str], offered: Offered) -> list[str]:
    """The filter in words; what is offered no more stands as it was written."""
    told = [
        offered[name].get(asked[name], asked[name]) for name in FIELDS if name in asked and name != "target"
    ]
    if "target" in asked:
        told.append(about_words(asked["target"]))
    days = (("since", _("from")), ("until", _("to")))
    return [*told, *(f"{words} {asked[name]}" for name, words in days if name in asked)]


def _alert_words(one: listening.SavedSearch) -> str:
    if one.alert == listening.EACH:
        return _("Alert on new texts, once a day")
    if one.alert == listening.RISE:
        return ngettext(
            "Alert from %(people)s people within %(days)s day on",
            "Alert from %(people)s people within %(days)s days on",
            one.days,
        ) % {"people": count(one.people), "days": one.days}
    return ""


def _alert(request: HttpRequest, one: listening.SearchAlert, new: bool) -> dict[str, Any]:
    if one.kind == listening.RISE:
        told = _("%(people)s people; before it was %(before)s") % {
            "people": count(one.people),
            "before": count(one.before),
        }
    else:
        told = ngettext("%(n)s new text", "%(n)s new texts", one.texts) % {"n": count(one.texts)}
    return {
        "pk": one.pk,
        "name": one.search.name,
        "told": told,
        "when": moment(one.made),
        "day": day(one.made),
        "late": False,
        "new": new,
        "today": one.made.date() == now().date(),
    }
