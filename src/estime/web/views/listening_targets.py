"""Brand against product: how texts about each read, now against before. Figures were counted by a job."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from estime.kernel.configuration import configuration
from estime.listening import api as listening
from estime.readouts.wording import count, percent_interval, whole_percent
from estime.web.access import needs
from estime.web.frame import may
from estime.web.listening_words import target_name
from estime.web.moments import day
from estime.web.text_filters import texts_url


@require_safe
@needs("listening.see")
@never_cache
def targets(request: HttpRequest) -> HttpResponse:
    """Every target of a window."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, listening.WINDOWS) else listening.WINDOW
    page = listening.targets_told(days)
    shown: dict[str, Any] = {
        "windows": [
            (f"?days={one}", ngettext("%(n)s day", "%(n)s days", one) % {"n": one}, one == days)
            for one in listening.WINDOWS
        ],
        "page": page,
        "smallest": configuration().privacy.smallest_group,
        "listed": bool(listening.targets_listed()),
        "may_list": may(request, "settings.see"),
        "sentence": _sentence(page),
        "rows": [_row(one, page) for one in page.targets] if page else [],
    }
    if page:
        shown["now"] = _("%(first)s to %(last)s") % {"first": day(page.since), "last": day(page.until)}
        shown["earlier"] = ngettext("the day before that", "the %(n)s days before that", page.days) % {
            "n": page.days
        }
    return render(request, "pages/listening-targets.html", shown, using="jinja2")


def _sentence(page: listening.TargetsPage | None) -> str:
    """The most that can be said of brand and products in one sentence."""
    whole = {one.target: one.now for one in page.targets if not one.target_id} if page else {}
    brand, product = (whole.get(number) for number in (1, 2))
    if brand is None or product is None or brand.shares is None or product.shares is None:
        return _("How people speak of the brand, and of its products")
    told = {
        "brand": whole_percent(brand.shares[0].value),
        "product": whole_percent(product.shares[0].value),
    }
    apart = brand.shares[0].low > product.shares[0].high or product.shares[0].low > brand.shares[0].high
    if apart:
        return (
            _("%(brand)s of texts about the brand read as negative, %(product)s of those about its products")
            % told
        )
    return (
        _("%(brand)s of texts about the brand read as negative, %(product)s about products: as good as alike")
        % told
    )


def _row(one: listening.TargetTold, page: listening.TargetsPage) -> dict[str, Any]:
    asked = listening.target_asked(one.target, one.target_id)
    since, until = page.since.isoformat(), page.until.isoformat()
    names = ("negative", "neutral", "positive")
    return {
        "name": target_name(one.target, one.target_id),
        "part": bool(one.target_id),
        "url": texts_url(target=asked, since=since, until=until, brand="0"),
        "texts": count(one.now.texts),
        "people": count(one.now.people),
        "told": one.now.people > 0,
        "held": one.now.held,
        "shares": [
            {
                "words": whole_percent(share.value),
                "interval": percent_interval(share.low, share.high),
                "before": whole_percent(earlier.value) if earlier is not None else "",
                "url": texts_url(target=asked, polarity=name, since=since, until=until, brand="0"),
            }
            for name, share, earlier in zip(
                names, one.now.shares, one.before.shares or (None,) * 3, strict=True
            )
        ]
        if one.now.shares
        else [],
        "change": _change(one),
    }


def _change(one: listening.TargetTold) -> str:
    """Whether more or fewer texts read as negative than before, where the intervals lie apart."""
    now, before = one.now.shares, one.before.shares
    if now is None or before is None:
        return ""
    if now[0].low > before[0].high:
        return _("More negative than before")
    if now[0].high < before[0].low:
        return _("Less negative than before")
    return _("No change that can be told")
