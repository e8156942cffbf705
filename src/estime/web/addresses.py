"""Addresses of pages, spelt in one place. A link always names its language: the page can then be cached."""

from pathlib import Path
from urllib.parse import quote

from django.conf import settings

ALL = "*"


def scope_url(lang: str, scope: str) -> str:
    """All together have an address of their own: `/` may open with one channel."""
    return f"/{lang}/all/" if scope == ALL else f"/{lang}/c/{quote(scope, safe='')}/"


def definition_url(lang: str) -> str:
    return f"/{lang}/definitions/{{measure}}/"


def in_language(path: str, lang: str) -> str:
    """The same page in another language."""
    first, _slash, rest = path.lstrip("/").partition("/")
    known = {code for code, _name in settings.LANGUAGES}
    return f"/{lang}/{rest}" if first in known else f"/{lang}{path}"


def docs_folder() -> Path | None:
    """Where the definitions of the measures are; None where they were not installed."""
    told = getattr(settings, "ESTIME_DOCS", None)
    return Path(told) / "measures" if told else None
