"""Readings as they are kept, for tests of what is told of them."""

from collections.abc import Iterable
from datetime import date
from itertools import count

from estime.ledger import api as ledger
from estime.listening.models import Reading

_NUMBERS = count(1)
POLARITIES = {"negative": (900, 100, 0), "neutral": (100, 800, 100), "positive": (0, 0, 1000)}


def read(
    accounts: Iterable[int], on: date, *, channel: str = "forum", polarity: str = "neutral", **more: int
) -> None:
    """One text of each account, read on a day."""
    place = ledger.channel_formats()[channel][0]
    shares = dict(
        zip(("negative", "neutral", "positive"), POLARITIES.get(polarity, (400, 300, 300)), strict=True)
    )
    given = {"lang": 1, "felt": 0, "target": 0, "target_id": 0, "near": 0, "version": 1, "step": 1}
    Reading.objects.bulk_create(
        Reading(
            seq=next(_NUMBERS), channel=place, account=account, day=on.toordinal() - date(1970, 1, 1).toordinal(),
            emotions=bytes(8), unclear=polarity == "unclear", **shares, **(given | more),
        )
        for account in accounts
    )  # fmt: skip
