"""Browsers as people know them, from what they say of themselves."""

from typing import Final

BROWSERS: Final = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(told: str) -> str:
    """Such as “Firefox, Windows”; what was told, cut short, where neither is known."""
    known = [next((name for mark, name in marks if mark in told), "") for marks in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in known if name) or told[:60]
