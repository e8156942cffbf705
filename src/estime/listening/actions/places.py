"""Where a text stands, for whoever asks whom it is about: its channel's name, and whether it answers the brand."""

from functools import cached_property

from estime.kernel.configuration import configuration
from estime.ledger import api as ledger
from estime.listening.targets.attributing import ANSWERS_BRAND, ANSWERS_MEMBER, ANSWERS_NOBODY, Place


class Places:
    """Places as they are now; looked up once, when the first text asks."""

    def of(self, text: ledger.Written) -> Place:
        """Where one text stands. An answer to something unknown answers somebody."""
        answers = ANSWERS_NOBODY
        if text.answers is not None:
            answers = ANSWERS_BRAND if (text.channel, text.answers) in self._brands else ANSWERS_MEMBER
        return Place(self._names.get(text.channel, ""), answers)

    @cached_property
    def _names(self) -> dict[int, str]:
        return {number: name for name, (number, _) in ledger.channel_formats().items()}

    @cached_property
    def _brands(self) -> set[tuple[int, str]]:
        """What the brand's own accounts wrote."""
        named = [(account.channel, account.handle) for account in configuration().brand.accounts]
        return ledger.objects_made([key for _, key in ledger.account_keys(named)]) if named else set()
