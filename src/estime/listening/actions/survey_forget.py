"""What erased people answered goes, whole. Killed at any point, the next run takes out what is left.

Words of theirs that staff could read do not go alone (`words_withdraw`): whoever read them before would know whose
they were.
"""

from collections.abc import Sequence
from random import SystemRandom
from typing import Final

from django.db import transaction

from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.listening.quarters import quarter_bounds, quarter_of
from estime.listening.survey_models import Asked, FollowedToAsk
from estime.listening.survey_words import MOST_WORDS

AT_ONCE: Final = 400


def to_ask_held() -> FollowedToAsk:
    """The row that whoever makes askings, or takes them out, holds until the transaction ends."""
    FollowedToAsk.objects.get_or_create(pk=1)
    return FollowedToAsk.objects.select_for_update().get(pk=1)


@transaction.atomic
def surveys_forget(keys: Sequence[int]) -> int:
    """Take out what these accounts were asked and answered, once they are erased; returns how many askings."""
    to_ask_held()
    return _remove(keys)


def erased_since() -> bool:
    """Whether accounts were erased since their answers were last taken out."""
    known = FollowedToAsk.objects.first()
    return known is not None and known.erased != _erased_total()


def _erased_total() -> int:
    return sum(ledger.erased_counts([pk for pk, _ in ledger.channel_formats().values()]).values())


@transaction.atomic
def surveys_forget_erased() -> int:
    """The same for every account that the ledger says is erased, if any was since the last time."""
    total = _erased_total()
    held = to_ask_held()
    if held.erased == total:
        return 0
    gone = _remove(ledger.erased_keys())
    held.erased = total
    held.save(update_fields=["erased"])
    return gone


def _remove(keys: Sequence[int]) -> int:
    removed = 0
    for start in range(0, len(keys), AT_ONCE):
        rows = Asked.objects.filter(account__in=list(keys[start : start + AT_ONCE]))
        for asked in rows.filter(place__isnull=False):
            words_withdraw(asked)
        removed += rows.count()
        rows.delete()
    return removed


def words_withdraw(asked: Asked) -> None:
    """Take somebody's words from those that staff read, together with nine others drawn by lot.

    One text that is missing would say whose it was to whoever knows who left; one of ten does not. So the nine are
    drawn from those that are read with it (`MOST_WORDS`), and what nobody has read goes alone. Where fewer than may be
    told would stay, all of that quarter go.
    """
    asked.refresh_from_db(fields=["place", "answered"])
    if asked.place is None or asked.answered is None:
        return
    smallest = configuration().privacy.smallest_group
    since, until = quarter_bounds(quarter_of(asked.answered))
    told = Asked.objects.filter(answered__gte=since, answered__lt=until, place__isnull=False)
    every = list(told.order_by("place", "pk").values_list("pk", flat=True))
    others = [pk for pk in every[:MOST_WORDS] if pk != asked.pk]
    if len(every) - smallest < smallest:
        gone = every
    elif asked.pk in every[:MOST_WORDS]:
        gone = SystemRandom().sample(others, min(len(others), smallest - 1))
    else:
        gone = []
    for start in range(0, len(gone), AT_ONCE):
        Asked.objects.filter(pk__in=gone[start : start + AT_ONCE]).update(place=None)
    Asked.objects.filter(pk=asked.pk).update(place=None)
    asked.place = None
