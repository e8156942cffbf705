"""Metrics for Prometheus (docs/monitoring.md): what this server answered, and how the installation stands.

Server processes count into files of one folder (PROMETHEUS_MULTIPROC_DIR, set by `estime serve`), so that whichever of
them is asked tells of all. Jobs and acts are counted in the database: that holds for every worker on every machine.
No label ever holds a path, a name or a handle.
"""

import hmac
import os
from collections.abc import Callable, Iterator
from functools import cache
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector

from estime.config.metrics_installation import Installation
from estime.web.access import open_to_all

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "[::1]")
FORWARDED: Final = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
    "HTTP_VIA",
    "estime.forwarded",
)

_OWN = CollectorRegistry()
REQUESTS: Final = Counter(
    "estime_requests", "Requests answered, by view, method and class of status.", ["view", "method", "status"],
    registry=_OWN,
)  # fmt: skip
SECONDS: Final = Histogram(
    "estime_request_seconds",
    "Seconds from request to answer, by view.",
    ["view"],
    buckets=BUCKETS,
    registry=_OWN,
)


@cache
def _counters(view: str, method: str, status: int) -> tuple[Callable[[], None], Callable[[float], None]]:
    """Looked up once for each of the few combinations there are."""
    return REQUESTS.labels(view, method, f"{status}xx").inc, SECONDS.labels(view).observe


def count_request(view: str, method: str, status: int, seconds: float) -> None:
    """One request more. Views and methods are ours, so there are few of them."""
    more, took = _counters(view, method, status // 100)
    more()
    took(seconds)


@open_to_all
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Everything measured, for whoever may see it."""
    if not may_see(request):
        return _refused()
    return HttpResponse(exposition(), content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def exposition() -> bytes:
    """The metrics in Prometheus's text format."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_Own())
    registry.register(Installation())
    return generate_latest(registry)


class _Own:
    """This process's counters, for a registry made for one answer."""

    def collect(self) -> Iterator[Metric]:
        yield from _OWN.collect()


def may_see(request: HttpRequest) -> bool:
    """Whoever has the token; without one, only this machine, and never in production.

    A proxy on this machine asks from here for everybody: what it forwards does not come from here.
    """
    token = settings.ESTIME_METRICS_TOKEN
    given = request.META.get("HTTP_AUTHORIZATION", "")
    if token and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    if settings.POSTURE.production or any(request.META.get(header) for header in FORWARDED):
        return False
    host = request.META.get("HTTP_HOST", "").rpartition(":")
    name = host[0] if host[1] and host[2].isdigit() else "".join(host)
    return name.lower() in LOOPBACK_NAMES and _loopback(request.META.get("REMOTE_ADDR", ""))


def _loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _refused() -> HttpResponse:
    told = "Metrics are for this machine, or with the token in ESTIME_METRICS_TOKEN (docs/monitoring.md).\n"
    return HttpResponse(
        told, status=401, content_type="text/plain; charset=utf-8", headers={"WWW-Authenticate": "Bearer"}
    )
