"""What figures depend on besides acts and time, as one number: changed settings make every figure anew."""

import hashlib
from collections.abc import Sequence

import orjson

from estime.kernel.configuration import Configuration
from estime.ledger import api as ledger
from estime.version import __version__


def brand_keys(config: Configuration) -> list[tuple[str, int]]:
    """(channel, account key) of the brand's own accounts that the ledger knows, in order."""
    return sorted(
        ledger.account_keys([(account.channel, account.handle) for account in config.brand.accounts])
    )


def figures_digest(config: Configuration, keys: Sequence[tuple[str, int]], observations: int) -> str:
    """A digest of version, measures, the brand's accounts and the number of totals."""
    told = [__version__, config.measures.model_dump(), list(keys), observations]
    return hashlib.sha256(orjson.dumps(told)).hexdigest()
