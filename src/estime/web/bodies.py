"""Page bodies kept in the process: a page is rendered once for each edition, scope and language."""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

KEPT = 128


class Body(NamedTuple):
    raw: bytes
    packed: bytes
    etag: str


def body_of(html: str) -> Body:
    raw = html.encode()
    return Body(raw, gzip.compress(raw, 6, mtime=0), f'W/"{hashlib.sha256(raw).hexdigest()[:32]}"')


class Bodies:
    """A bounded memory of bodies. What `make` calls incomplete is shown once and not kept."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._bodies: OrderedDict[tuple[object, ...], Body] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[object, ...], make: Callable[[], tuple[str, bool]]) -> Body:
        with self._lock:
            if key in self._bodies:
                self._bodies.move_to_end(key)
                return self._bodies[key]
        html, complete = make()
        body = body_of(html)
        if complete:
            with self._lock:
                self._bodies[key] = body
                while len(self._bodies) > self._kept:
                    self._bodies.popitem(last=False)
        return body

    def clear(self) -> None:
        with self._lock:
            self._bodies.clear()
