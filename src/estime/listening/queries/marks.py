"""How much was read, as one number that only grows."""

from typing import Final

from estime.listening.models import Followed

STEPS: Final = 1 << 40
"""A mark is (how often all was read) x STEPS + step."""


def readings_mark() -> int:
    """The mark of the readings as they stand; 0 before the first."""
    followed = Followed.objects.first()
    return 0 if followed is None or not followed.step else followed.made * STEPS + followed.step
