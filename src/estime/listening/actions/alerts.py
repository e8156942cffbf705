"""Alerts of saved searches: looked for after readings, told once, killed at any point.

*New texts, once a day*: what fits among the texts that were read since the search was told last (by their steps). It
is counted outside of any transaction; then the search is held, and unless it was told meanwhile, the alert and the
place up to which it tells are written together.

*A rise*: at least so many people wrote a text that fits within so many days, and more than twice as many as in as many
days before. Looked for once an hour, told once in its days; not while earlier texts are read again, when those that are
and those that are not yet would be compared.

A search that names what is no longer listed, or that lost its words, tells nothing until its owner changes it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import F, Q, QuerySet

from estime.kernel import clock
from estime.ledger import api as ledger
from estime.listening.actions.due import listen_due
from estime.listening.models import Followed, Reading
from estime.listening.queries.searches import asked_of
from estime.listening.queries.text_filter import TextFilter, fitting, of_ledger
from estime.listening.queries.texts import text_shown, texts_each
from estime.listening.search_models import EACH, RISE, SavedSearch, SearchAlert
from estime.listening.text_asked import text_asked

ONCE: Final = timedelta(days=1)
HOURLY: Final = timedelta(hours=1)
MOST: Final = 50_000
"""Texts of one window that are counted at most."""
_AT_ONCE: Final = 500


class Fresh(NamedTuple):
    """What is new for a search, up to a step."""

    upto: int
    texts: int
    people: frozenset[int]


def alerts_look() -> int:
    """Look for what searches are to tell; returns how many alerts were written."""
    told = 0
    for search in _each_due():
        told += _look_each(search)
    for search in _rises_due():
        told += _look_rise(search)
    return told


def alerts_due() -> bool:
    """Whether looking would be of use: asked every minute."""
    return _each_due().exists() or _rises_due().exists()


def _each_due() -> QuerySet[SavedSearch]:
    step = _step()
    rested = Q(looked=None) | Q(looked__lte=clock.now() - ONCE)
    return _watching(EACH).filter(rested, ~Q(upto=step))


def _rises_due() -> QuerySet[SavedSearch]:
    if Followed.objects.exclude(again_xid=F("until_xid"), again_seq=F("until_seq")).exists():
        return SavedSearch.objects.none()
    rested = Q(looked=None) | Q(looked__lte=clock.now() - HOURLY)
    return _watching(RISE).filter(rested)


def _watching(alert: str) -> QuerySet[SavedSearch]:
    return SavedSearch.objects.filter(alert=alert, words_gone=False, owner__is_active=True).order_by("pk")


def _step() -> int:
    return Followed.objects.values_list("step", flat=True).first() or 0


def _look_each(search: SavedSearch) -> bool:
    step = _step()
    if search.upto > step:  # restored on another server: what is read anew was told before
        if not listen_due():
            SavedSearch.objects.filter(pk=search.pk, upto=search.upto).update(upto=step)
        return False
    told, errors = text_asked(asked_of(search), search.words)
    fresh = Fresh(step, 0, frozenset()) if errors else _fresh(told, search.upto, step)
    if fresh.upto == search.upto:
        return False
    return _tell_each(search, fresh)


@transaction.atomic
def _tell_each(known: SavedSearch, fresh: Fresh) -> bool:
    """Write the alert and up to where it tells; nothing if the search was told, changed or deleted meanwhile."""
    search = SavedSearch.objects.select_for_update().filter(pk=known.pk, alert=EACH, upto=known.upto).first()
    if search is None or (search.words, search.asked) != (known.words, known.asked):
        return False
    if fresh.texts:
        SearchAlert.objects.create(
            search=search,
            kind=EACH,
            made=clock.now(),
            texts=fresh.texts,
            people=len(fresh.people),
            after=search.upto,
            upto=fresh.upto,
        )
        search.looked = clock.now()
    search.upto = fresh.upto
    search.save(update_fields=["upto", "looked"])
    return fresh.texts > 0


def _fresh(told: TextFilter, after: int, upto: int) -> Fresh:
    """What fits among the texts of some steps, as far as the ledger's index has come."""
    within = replace(told, since=None, until=None, alike=0)
    texts, people, at = 0, set[int](), after
    while at < upto:
        seqs, step = _read_after(at, upto)
        for start in range(0, len(seqs), _AT_ONCE):
            part = seqs[start : start + _AT_ONCE]
            fit = sorted(fitting(within, part))
            among = ledger.acts_among(of_ledger(within), fit)
            if among.absent and ledger.index_due():  # in a minute or two; the step is looked at again then
                return Fresh(at, texts, frozenset(people))
            for act in _shown(among.found):
                texts += 1
                people.add(act.account)
        at = step
    return Fresh(upto, texts, frozenset(people))


def _read_after(after: int, upto: int) -> tuple[list[int], int]:
    """The texts of the next step beyond one, and which step that is."""
    rows = Reading.objects.filter(step__gt=after, step__lte=upto)
    step = rows.order_by("step").values_list("step", flat=True).first()
    if step is None:
        return [], upto
    return list(Reading.objects.filter(step=step).order_by("seq").values_list("seq", flat=True)), step


def _shown(found: list[ledger.Cursor]) -> Iterator[ledger.Listed]:
    for act in ledger.acts_listed(found, whole=True):
        if act.text and not act.erased and text_shown(act.seq, act.text):
            yield act


def _look_rise(search: SavedSearch) -> bool:
    told, errors = text_asked(asked_of(search), search.words)
    today = clock.now().date()
    last = SearchAlert.objects.filter(search=search, kind=RISE).order_by("-until").first()
    rests = last is not None and last.until is not None and last.until > today - timedelta(days=search.days)
    if errors or rests or not _recent(today, search.days):
        now, before = (0, 0), (0, 0)
    else:
        now = _counted(told, today, search.days)
        before = _counted(told, today - timedelta(days=search.days), search.days)
    return _tell_rise(search, today, now, before[1])


@transaction.atomic
def _tell_rise(known: SavedSearch, today: date, now: tuple[int, int], before: int) -> bool:
    search = (
        SavedSearch.objects.select_for_update().filter(pk=known.pk, alert=RISE, looked=known.looked).first()
    )
    if search is None or (search.words, search.asked) != (known.words, known.asked):
        return False
    texts, people = now
    rises = people >= search.people and people > 2 * before
    if rises:
        SearchAlert.objects.create(
            search=search,
            kind=RISE,
            made=clock.now(),
            texts=texts,
            people=people,
            before=before,
            since=today - timedelta(days=search.days - 1),
            until=today,
        )
    SavedSearch.objects.filter(pk=search.pk).update(looked=clock.now())
    return rises


def _recent(today: date, days: int) -> bool:
    """Whether anything was read of these days at all."""
    first = (today - timedelta(days=days - 1) - date(1970, 1, 1)).days
    return Reading.objects.filter(day__gte=first).order_by("-day").exists()


def _counted(told: TextFilter, until: date, days: int) -> tuple[int, int]:
    """Texts and people of a window of so many days that ends with one."""
    within = replace(told, since=until - timedelta(days=days - 1), until=until, alike=0)
    texts, people = 0, set[int]()
    for text in texts_each(within, MOST):
        texts += 1
        people.add(text.act.account)
    return texts, len(people)
