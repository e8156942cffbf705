"""Saved searches that look for somebody by name lose their words once that person is erased.

The words go as a whole: without one of them a search would find, and its alert tell, something that nobody asked
for. So do its alerts, and a name that says it too. The search stays, says to whom it belongs what it lost, and finds
and tells nothing until they say what it looks for now (`queries/searches.py`). Who only looked for a word that is a
handle as well loses these words, too: nothing says which of the two was meant.

To be done before the ledger forgets the handle: killed in between, the erasure is asked for once more and finds it.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from estime.kernel.configuration import configuration
from estime.kernel.names import name_stands, name_words
from estime.ledger import api as ledger
from estime.listening.search_models import SavedSearch


def names_forget(keys: Iterable[int]) -> int:
    """Empty the searches whose words hold the handle of one of these accounts; returns how many."""
    return searches_forget(ledger.account_handle(key) for key in keys)


def searches_forget(called: Iterable[str | None]) -> int:
    """Empty the searches whose words, or own name, hold one of these names whole; returns how many."""
    wanted = [name for name in called if name and name.strip()]
    if not wanted:
        return 0
    searches = SavedSearch.objects.values_list("pk", "words", "name")
    found = [pk for pk, words, name in searches if _holds(words, wanted) or _holds(name, wanted)]
    with transaction.atomic():
        for search in SavedSearch.objects.select_for_update(of=("self",)).filter(pk__in=found).order_by("pk"):
            _empty(search, wanted)
    return len(found)


def _holds(text: str, wanted: Iterable[str]) -> bool:
    """Whether one of these names stands in a text: whole, capitals and accents left out."""
    there = name_words(text)
    return any(
        name_stands(there, words)
        if (words := name_words(name))
        else name.strip().casefold() in text.casefold()
        for name in wanted
    )


def _empty(search: SavedSearch, wanted: Iterable[str]) -> None:
    if _holds(search.words, wanted):
        search.words, search.words_gone = "", True
        search.alerts.all().delete()
    if _holds(search.name, wanted):
        search.name = _unnamed(search)
    search.save(update_fields=["words", "words_gone", "name"])


def _unnamed(search: SavedSearch) -> str:
    """A name for a search that had somebody's: its number, in its owner's language; no other of theirs has it."""
    with translation.override(search.owner.language or configuration().site.languages[0]):
        name = _("Search %(number)s") % {"number": search.pk}
    others = set(SavedSearch.objects.filter(owner=search.owner_id).values_list("name", flat=True))
    while name in others:
        name += " ·"
    return name
