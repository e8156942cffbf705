"""Who is really asking, when a proxy asks for them. The outermost middleware: nothing before it reads the request.

A proxy says for whom it asks in X-Forwarded-For, and over which protocol in X-Forwarded-Proto. Anybody can write
these headers, so they count only when the one who connected is a proxy named in ESTIME_PROXY. From everybody else
they are taken off, so that nothing further in can believe them.
"""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]

SAID_BY_PROXIES = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_SSL",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)


class ProxyMiddleware:
    """Puts the asker's own address into REMOTE_ADDR, which rate limits and logs read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        proxies: Networks = settings.ESTIME_PROXIES
        meta["estime.forwarded"] = any(header in meta for header in SAID_BY_PROXIES)  # for staff links
        if trusted(meta.get("REMOTE_ADDR", ""), proxies):
            meta["REMOTE_ADDR"] = asker(
                meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""), proxies
            )
        else:
            said = [meta.pop(header, "") for header in SAID_BY_PROXIES]
            meta["estime.forwarded"] = any(
                said
            )  # so that it is not taken for a request of this machine's own
        return self._get_response(request)


def trusted(peer: str, proxies: Networks) -> bool:
    """Whether whoever connected is one of our proxies. A Unix socket has no address and is of this machine."""
    if not proxies:
        return False
    address = _address(peer)
    return not peer if address is None else any(address in network for network in proxies)


def asker(peer: str, forwarded_for: str, proxies: Networks) -> str:
    """The address of whoever asked: read from the right, where our own proxies wrote, to the first that is none.

    What stands further left was written by the asker and proves nothing.
    """
    last = peer
    for part in reversed(forwarded_for.split(",")):
        address = _address(part.strip())
        if address is None:
            break
        last = str(address)
        if not any(address in network for network in proxies):
            break
    return last


def _address(text: str) -> Address | None:
    """An address, with or without a port; IPv4 in the clothes of IPv6 is IPv4."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
