"""Addresses of pages, spelt in one place. A link always names its language: the page can then be cached."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language

ALL = "*"
_NUMBER: Final = 987_654_321_987


def scope_url(lang: str, scope: str) -> str:
    """All together have an address of their own: `/` may open with one channel."""
    return f"/{lang}/all/" if scope == ALL else f"/{lang}/c/{quote(scope, safe='')}/"


def definition_url(lang: str) -> str:
    return f"/{lang}/definitions/{{measure}}/"


def numbered(name: str, number: int, *first: str) -> str:
    """The address of a page of something that has a number: `reverse` takes 20 µs, and discussions have hundreds.

    `first`: what stands in the address before the number.
    """
    return numbering(name, *first)(number)


def numbering(name: str, *first: str) -> Callable[[int], str]:
    """What writes the addresses of many pages of one kind: the language of a request is looked up once."""
    before, after = _around(name, first, get_language(), get_script_prefix())
    return lambda number: f"{before}{number}{after}"


@lru_cache(maxsize=1024)
def _around(name: str, first: tuple[str, ...], _language: str, _prefix: str) -> tuple[str, str]:
    before, _number, after = reverse(name, args=[*first, _NUMBER]).partition(str(_NUMBER))
    return before, after


def in_language(path: str, lang: str) -> str:
    """The same page in another language."""
    first, _slash, rest = path.lstrip("/").partition("/")
    known = {code for code, _name in settings.LANGUAGES}
    return f"/{lang}/{rest}" if first in known else f"/{lang}{path}"


def docs_folder() -> Path | None:
    """Where the definitions of the measures are; None where they were not installed."""
    told = getattr(settings, "ESTIME_DOCS", None)
    return Path(told) / "measures" if told else None
