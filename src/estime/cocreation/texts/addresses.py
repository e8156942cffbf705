"""Which web addresses a member's text may lead to: http, https and mailto, and nothing that hides where it leads.

Refused are other schemes, addresses with a name or password before the host (`https://bank.example@evil.example`),
backslashes and control characters, which browsers read in ways of their own, and addresses without a host.
"""

import re
from typing import Final
from urllib.parse import urlsplit

LONGEST: Final = 2000
_MAIL = re.compile(r"mailto:[A-Za-z0-9.!#$%*+/=_~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})", re.ASCII)
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"`\u2028\u2029\ufeff]")
_HOST = re.compile(r"(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}\.?|\[[0-9A-Fa-f:.]{2,45}\]", re.ASCII)


def address_may_be_linked(address: str) -> bool:
    """Whether an address, as it would stand in `href`, may be a link."""
    if len(address) > LONGEST or _UNSAFE.search(address):
        return False
    if address[:7].lower() == "mailto:":
        return _MAIL.fullmatch("mailto:" + address[7:]) is not None
    if not address.lower().startswith(("http://", "https://")):
        return False
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    host, _colon, _port = parts.netloc.rpartition(":") if _has_port(parts.netloc) else (parts.netloc, "", "")
    return "@" not in parts.netloc and _HOST.fullmatch(host) is not None


def _has_port(netloc: str) -> bool:
    return re.search(r":\d*$", netloc) is not None and not netloc.endswith("]")
