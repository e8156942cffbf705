"""Saved searches and their alerts, as somebody may see them: their own, and those that are shared."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from estime.listening.search_models import AlertsSeen, SavedSearch, SearchAlert
from estime.listening.text_asked import text_asked
from estime.people.models import User

MOST_ALERTS: Final = 50
_OWN: Final = "name words words_gone asked shared alert people days made".split()


def searches_visible(user: User) -> QuerySet[SavedSearch]:
    """One's own and those that are shared by somebody whose login is open."""
    return SavedSearch.objects.filter(Q(owner=user) | Q(shared=True, owner__is_active=True)).select_related(
        "owner"
    )


def searches_listed(user: User) -> list[SavedSearch]:
    """Own ones first, by their names."""
    found = list(searches_visible(user).order_by("name", "pk"))
    return sorted(found, key=lambda search: search.owner_id != user.pk)


def searches_data(user: User) -> Iterator[dict[str, Any]]:
    """One's own as rows of one's own data."""
    for search in SavedSearch.objects.filter(owner=user).order_by("pk").iterator():
        yield {name: getattr(search, name) for name in _OWN}


def search_find(user: User, pk: int) -> SavedSearch | None:
    """One that somebody may see."""
    return searches_visible(user).filter(pk=pk).first()


def alerts_visible(user: User) -> QuerySet[SearchAlert]:
    """What those searches told."""
    seen = Q(search__owner=user) | Q(search__shared=True, search__owner__is_active=True)
    return SearchAlert.objects.filter(seen).select_related("search", "search__owner")


def alerts_listed(user: User) -> tuple[list[SearchAlert], int]:
    """The newest alerts, and up to which somebody has seen them."""
    return list(alerts_visible(user).order_by("-pk")[:MOST_ALERTS]), seen_upto(user)


def alert_find(user: User, pk: int) -> SearchAlert | None:
    """One that somebody may see."""
    return alerts_visible(user).filter(pk=pk).first()


def alerts_unseen(user: User) -> int:
    """How many alerts somebody has not seen yet."""
    return alerts_visible(user).filter(pk__gt=seen_upto(user)).count()


def seen_upto(user: User) -> int:
    return AlertsSeen.objects.filter(user=user).values_list("upto", flat=True).first() or 0


def search_amiss(search: SavedSearch) -> dict[str, str]:
    """What of a search says nothing any more, by field: then it finds nothing, and tells nothing."""
    if search.words_gone:
        told = _("Its words named somebody who was erased since, and were deleted.")
        return {"words": told}
    return text_asked(asked_of(search), search.words)[1]


def asked_of(search: SavedSearch) -> Mapping[str, str]:
    """The fields of a search, as an address has them."""
    return {str(key): str(value) for key, value in search.asked.items()}
