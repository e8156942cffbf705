"""Jinja2, for pages of many rows. The same frame and words as elsewhere; autoescape is on."""

from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import Environment

from estime.readouts import wording
from estime.web import moments
from estime.web.addresses import numbered
from estime.web.frame import top_html
from estime.web.taking_part import title_of


class _Environment(Environment):
    """Most of what templates look into are dictionaries: those are not asked for attributes first."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def environment(**options: Any) -> Environment:
    env = _Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"])
    env.loader = options["loader"]
    env.auto_reload = options["auto_reload"]
    env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension
        gettext, ngettext, newstyle=False, pgettext=pgettext, npgettext=npgettext
    )
    env.globals["_"] = gettext  # not through the extension's own, which looks it up for each word
    env.globals.update(static=static, url=_url, top=top_html, notices=_notices)
    env.filters.update(
        count=wording.count,
        percent=wording.percent,
        ratio=_ratio,
        moment=moments.moment,
        day=moments.day,
        iso=moments.iso,
        titled=title_of,
    )
    return env


def _url(name: str, *args: object, **kwargs: object) -> str:
    if len(args) == 1 and not kwargs and isinstance(args[0], int):
        return numbered(name, args[0])
    return reverse(name, args=args or None, kwargs=kwargs or None)


def _ratio(value: float) -> str:
    """A contrast ratio as WCAG writes it."""
    return f"{wording.number(value, 1)}{wording.NBSP}: 1"


def _notices(request: HttpRequest) -> SafeString:
    """What was to be told after the last form; most pages have nothing to tell."""
    told = list(get_messages(request))
    return render_to_string("web/_notices.html", {"messages": told}) if told else SafeString()
