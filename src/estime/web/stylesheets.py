"""Which stylesheets a page loads, in their order, each with its digest so that an upgrade is seen at once."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

ORDER = ("reading", "fonts", "frame", "forms", "lists", "notices")
"""docs/look.md says what stands in which; the brand's own colours come last, from an address of their own."""


def stylesheets() -> tuple[str, ...]:
    return _read() if settings.DEBUG else _kept()


@lru_cache(maxsize=1)
def _kept() -> tuple[str, ...]:
    return _read()


def _read() -> tuple[str, ...]:
    return tuple(f"{static(f'estime/{name}.css')}?{_digest(f'estime/{name}.css')}" for name in ORDER)


def _digest(path: str) -> str:
    found = finders.find(path)
    if found is None:
        return "0"
    return hashlib.sha256(Path(str(found)).read_bytes()).hexdigest()[:12]
