"""Secrets that open something once. Only their SHA-256 is stored: whoever reads the database cannot use them."""

import hashlib
import secrets

from estime.kernel.home import secret as installation_secret
from estime.kernel.ids import keyed_hash


def secret_make() -> str:
    """43 letters with 256 random bits."""
    return secrets.token_urlsafe(32)


def secret_of(*parts: str) -> str:
    """The secret that belongs to `parts`: the same form sent twice makes one link, and the link can be shown again
    to whoever sent it, with nothing but its digest in the database."""
    return keyed_hash(installation_secret(), "onetime", *parts)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
