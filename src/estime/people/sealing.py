"""The key that seals what must be read again: made from the installation's secret, for this use alone."""

import base64
import hmac

from estime.kernel.home import secret


def sealing_key() -> bytes:
    return base64.urlsafe_b64encode(hmac.digest(secret(), b"estime.people.sealing", "sha256"))
