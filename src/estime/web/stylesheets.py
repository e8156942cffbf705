"""Which stylesheets a page loads, in their order, each with its digest so that an upgrade is seen at once."""

import hashlib
from functools import lru_cache
from pathlib import Path
from zlib import crc32

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

from estime.web.brand import brand_css

ORDER = ("reading", "fonts", "frame", "forms", "lists", "notices", "cocreation")
"""docs/look.md says what stands in which."""


def stylesheets() -> tuple[str, ...]:
    """Their addresses; the brand's own colours come last and follow estime.toml without a restart."""
    ours = _read() if settings.DEBUG else _kept()
    return (*ours, f"/brand.css?{crc32(brand_css().encode()):08x}")


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
