"""Days and moments in Django templates, written as on every other page."""

from datetime import datetime

from django import template

from estime.web import moments

register = template.Library()


@register.filter
def day(when: datetime | None) -> str:
    """`3 March 2026`; nothing for what has not happened yet."""
    return moments.day(when) if when else ""


@register.filter
def moment(when: datetime | None) -> str:
    """`3 March 2026, 14:05`; nothing for what has not happened yet."""
    return moments.moment(when) if when else ""
