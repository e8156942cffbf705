"""Readings of erased accounts go. Killed at any point, the next look at the ledger takes out what is left."""

from collections.abc import Sequence

from django.db import transaction

from estime.ledger import api as ledger
from estime.listening.actions.survey_forget import surveys_forget, surveys_forget_erased
from estime.listening.models import Followed, Reading
from estime.listening.search_models import AlertsSeen, SavedSearch, TargetsTold
from estime.listening.survey_models import AskNever, FollowedToAsk

_AT_ONCE = 400


@transaction.atomic
def forget_accounts(keys: Sequence[int]) -> int:
    """Take out what was read in texts of these accounts, once the ledger has erased them; returns how many rows.

    What they answered when they were asked goes too.

    Whoever reads meanwhile writes before this or not at all: the row of the position is held.
    """
    surveys_forget(keys)
    followed = Followed.objects.select_for_update().first()
    gone = _remove(keys)
    if followed is not None and followed.erased + len(keys) == erased_total():
        Followed.objects.update(erased=followed.erased + len(keys))
    return gone


def forget_login(user: int) -> None:
    """Take out what a login said of being asked, and its searches. Nobody stands behind an erased login any more."""
    AskNever.objects.filter(user_id=user).delete()
    SavedSearch.objects.filter(owner_id=user).delete()
    AlertsSeen.objects.filter(user_id=user).delete()


def forget_erased() -> int:
    """Take out the rows of every account that the ledger says is erased, if any was since the last time."""
    known = [row.objects.values_list("erased", flat=True).first() for row in (Followed, FollowedToAsk)]
    return 0 if set(known) <= {None, erased_total()} else _forget_erased()


@transaction.atomic
def _forget_erased() -> int:
    surveys_forget_erased()
    followed = Followed.objects.select_for_update().first()
    total = erased_total()
    if followed is None or followed.erased == total:
        return 0
    gone = _remove(ledger.erased_keys())
    Followed.objects.update(erased=total)
    return gone


def erased_total() -> int:
    """How many accounts the ledger has erased so far."""
    places = [pk for pk, _ in ledger.channel_formats().values()]
    return sum(ledger.erased_counts(places).values())


def _remove(keys: Sequence[int]) -> int:
    """Take out their readings; what was counted with them is counted anew."""
    TargetsTold.objects.update(mark=-1)
    removed = 0
    for start in range(0, len(keys), _AT_ONCE):
        removed += Reading.objects.filter(account__in=list(keys[start : start + _AT_ONCE])).delete()[0]
    return removed
