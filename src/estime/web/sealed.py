"""What somebody typed, in an address that nobody else can read: words looked for may be somebody's name.

The address of a search can be sent to a colleague and be gone back to; browsers' histories and proxies on the way
keep only a sealed piece of it. Made from the installation's secret, for this use alone; it opens for thirty days.
"""

import base64
import hmac
from typing import Final

from cryptography.fernet import Fernet, InvalidToken

from estime.kernel.home import secret

LASTS: Final = 30 * 24 * 3600


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hmac.digest(secret(), b"estime.web.sealed", "sha256")))


def seal(text: str) -> str:
    return _box().encrypt(text.encode("utf-8", "replace")).decode().rstrip("=")


def unseal(token: str) -> str | None:
    """The text, or None for what was not sealed here or too long ago."""
    try:
        padded = token + "=" * (-len(token) % 4)
        return _box().decrypt(padded.encode(), ttl=LASTS).decode()
    except (InvalidToken, ValueError):
        return None
