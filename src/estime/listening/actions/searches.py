"""Keeping searches: saved, changed, deleted by whoever owns them. The same form sent twice is one search."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from estime.kernel import clock
from estime.listening.models import Followed
from estime.listening.queries.searches import alerts_visible
from estime.listening.search_errors import SearchInvalid, SearchUnknown
from estime.listening.search_models import ALERTS, LONGEST_NAME, AlertsSeen, SavedSearch
from estime.listening.text_asked import ASKED, LONGEST_WORDS, target_asked, text_asked
from estime.people.models import User

MOST: Final = 100
"""Searches of one login."""
KEPT: Final = tuple(name for name in ASKED if name != "alike")
"""Fields of a filter that are kept: copies of one text are no search."""
PEOPLE: Final = (2, 10_000)
DAYS: Final = (1, 90)


@dataclass(frozen=True)
class SearchDraft:
    """A search as somebody wants it kept. `people` and `days` count where `alert` is a rise."""

    name: str
    words: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)
    shared: bool = False
    alert: str = ""
    people: int = 10
    days: int = 7


def search_save(owner: User, draft: SearchDraft) -> SavedSearch:
    """Keep a search. Sent twice it is there once. Raises `SearchInvalid`."""
    told = check_search(draft)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)
        known = SavedSearch.objects.filter(owner=owner, name=told["name"]).first()
        if known is not None:
            if all(getattr(known, name) == value for name, value in told.items()):
                return known
            raise _taken()
        if SavedSearch.objects.filter(owner=owner).count() >= MOST:
            raise SearchInvalid(
                _("You have %(most)s searches: no more are kept.") % {"most": MOST},
                todo=_("Delete one first."),
                field="name",
            )
        return SavedSearch.objects.create(owner=owner, made=clock.now(), upto=_step(), **told)


def search_change(owner: User, pk: int, draft: SearchDraft) -> SavedSearch:
    """Keep a search as it is wanted now. What is asked anew begins anew: nothing from before is told.

    Raises `SearchInvalid`, `SearchUnknown`.
    """
    told = check_search(draft)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)
        search = _own(owner, pk)
        if SavedSearch.objects.filter(owner=owner, name=told["name"]).exclude(pk=pk).exists():
            raise _taken()
        watched = ("words", "words_gone", "asked", "alert", "people", "days")
        if any(getattr(search, name) != told[name] for name in watched):
            search.upto, search.looked = _step(), None
        for name, value in told.items():
            setattr(search, name, value)
        search.save()
    return search


def search_delete(owner: User, pk: int) -> bool:
    """Delete a search and what it told. False where it is gone already, or somebody else's."""
    return SavedSearch.objects.filter(owner=owner, pk=pk).delete()[0] > 0


@transaction.atomic
def alerts_seen(user: User, upto: int) -> None:
    """Somebody has seen their alerts up to this one; earlier is never less."""
    if not alerts_visible(user).filter(pk=upto).exists():
        return
    AlertsSeen.objects.get_or_create(user=user)
    AlertsSeen.objects.filter(user=user, upto__lt=upto).update(upto=upto)


def check_search(draft: SearchDraft) -> dict[str, Any]:
    """A search as it is kept. Raises `SearchInvalid`."""
    name = " ".join(draft.name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise SearchInvalid(
            _("A search needs a name of up to %(most)s characters.") % {"most": LONGEST_NAME},
            todo=_("Say in a few words what it looks for."),
            field="name",
        )
    words = " ".join(draft.words.split())
    if len(words) > LONGEST_WORDS or "\x00" in words:
        raise SearchInvalid(_("These are too many words."), todo=_("Look for fewer."), field="words")
    asked = {key: draft.asked[key].strip() for key in KEPT if draft.asked.get(key, "").strip()}
    found, errors = text_asked(asked, words)
    for key, error in errors.items():
        raise SearchInvalid(error, todo=_("Choose something else, or leave it out."), field=key)
    if found.target:
        asked["target"] = target_asked(found.target, found.target_id)
    _check_alert(draft)
    told = {"name": name, "words": words, "words_gone": False, "asked": asked}
    return {**told, "shared": draft.shared, "alert": draft.alert, "people": draft.people, "days": draft.days}


def _check_alert(draft: SearchDraft) -> None:
    if draft.alert not in dict(ALERTS):
        raise SearchInvalid(
            _("There is no such alert."), todo=_("Choose one of those offered."), field="alert"
        )
    for key, value, (low, high) in (("people", draft.people, PEOPLE), ("days", draft.days, DAYS)):
        if not low <= value <= high:
            told = _("This has to be a number from %(low)s to %(high)s.") % {"low": low, "high": high}
            raise SearchInvalid(told, todo=_("Write another number."), field=key)


def _taken() -> SearchInvalid:
    return SearchInvalid(
        _("You have a search of this name that looks for something else."),
        todo=_("Give this one another name."),
        field="name",
    )


def _own(owner: User, pk: int) -> SavedSearch:
    search = SavedSearch.objects.select_for_update().filter(owner=owner, pk=pk).first()
    if search is None:
        raise SearchUnknown(_("There is no such search of yours."), todo=_("Look under “Saved searches”."))
    return search


def _step() -> int:
    return Followed.objects.values_list("step", flat=True).first() or 0
