"""What the forms of settings show: what holds, or, `again`, what was sent and could not be saved."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings as django_settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.cocreation.wording import POWER_MEANS, POWER_NAMES
from estime.engagement.settings import DEFAULT_WEIGHTS, OTHER_WEIGHT
from estime.kernel.configuration import Configuration, configuration
from estime.ledger import api as ledger
from estime.people import api as people
from estime.readouts.wording import count, number
from estime.web.addresses import definition_url, docs_folder
from estime.web.colours import ENOUGH, PAPERS, contrast, is_colour, nearest_legible
from estime.web.frame import language, may
from estime.web.import_words import TYPES
from estime.web.settings_forms import COCREATION_NUMBERS, MEMBER_POWERS


def _brand_page(request: HttpRequest, again: bool) -> dict[str, Any]:
    config = configuration()
    now = {
        "name": config.brand.name,
        "timezone": config.brand.timezone,
        "accent": config.brand.accent or "",
        "front": config.report.front,
        "answer_within_days": str(config.contact.answer_within_days),
    }
    told = {name: request.POST.get(name, value) for name, value in now.items()} if again else now
    languages = request.POST.getlist("languages") if again else list(config.site.languages)
    fronts = [("*", _("all channels together")), *((c.name, str(c)) for c in ledger.channels())]
    if told["front"] not in dict(fronts):
        fronts.append((told["front"], told["front"]))
    return {
        "told": told,
        "now": now if again else {},
        "offered": [(code, name, "") for code, name in django_settings.LANGUAGES],
        "chosen_languages": languages,
        "first_language": request.POST.get("first_language", "") if again else config.site.languages[0],
        "fronts": fronts,
        "verdicts": _verdicts(told["accent"]),
        "mode": config.site.mode,
        "address": config.site.address,
    }


def _verdicts(accent: str) -> list[dict[str, str]]:
    """How well the colour can be read on each paper."""
    if not is_colour(accent):
        return []
    names = {"light": _("On light paper"), "dark": _("On dark paper")}
    told = []
    for scheme, paper in PAPERS.items():
        ratio = contrast(accent, paper)
        words = (
            _("contrast %(n)s: it can be read.")
            if ratio >= ENOUGH
            else _("contrast %(n)s: too little to be read, so %(other)s is shown.")
        )
        shown = {"n": number(ratio, 1), "other": nearest_legible(accent, paper)}
        told.append({"name": names[scheme], "words": words % shown})
    return told


def _measures_page(request: HttpRequest, again: bool) -> dict[str, Any]:
    config = configuration().measures
    weights = dict(DEFAULT_WEIGHTS) if config.weights is None else dict(config.weights)
    return {
        "half_life": request.POST.get("half_life_days", "") if again else f"{config.half_life_days:g}",
        "weights": [
            {
                "name": name,
                "words": str(TYPES.get("vote" if name == "Vote" else name, name)),
                "value": request.POST.get(f"weight-{name}", "") if again else f"{value:g}",
                "default": f"{DEFAULT_WEIGHTS.get(name, OTHER_WEIGHT):g}",
            }
            for name, value in weights.items()
        ],
        "other": f"{OTHER_WEIGHT:g}",
        "default_half_life": f"{Configuration().measures.half_life_days:g}",
        "own": config.weights is not None or config.half_life_days != Configuration().measures.half_life_days,
        "definition": definition_url(language()).format(measure="behaviour") if docs_folder() else "",
    }


def _privacy_page(request: HttpRequest, again: bool) -> dict[str, Any]:
    config = configuration().privacy
    switches = ("public_overview", "person_affect", "sensitive_topics")
    return {
        "on": {n: request.POST.get(n) == "on" if again else getattr(config, n) for n in switches},
        "told": {
            n: request.POST.get(n, "") if again else str(getattr(config, n))
            for n in ("smallest_group", "purpose", "legal_basis")
        },
    }


def _cocreation_page(request: HttpRequest, again: bool) -> dict[str, Any]:
    config = configuration().cocreation
    told = {name: str(getattr(config, name)) for name in (*COCREATION_NUMBERS, "member_power")}
    if again:
        told = {name: request.POST.get(name, value) for name, value in told.items()}
    powers = [(power, POWER_NAMES[power], POWER_MEANS[power]) for power in MEMBER_POWERS]
    return {"told": told, "limits": COCREATION_NUMBERS, "powers": powers}


def _listening_page(request: HttpRequest, again: bool) -> dict[str, Any]:
    told = configuration().listening
    number = len(told.targets)
    return {
        "on": {"ask": request.POST.get("ask") == "on" if again else told.ask},
        "listed": ngettext(
            "What is said is attributed to whoever it is said of: %(count)s name is listed.",
            "What is said is attributed to whoever it is said of: %(count)s names are listed.",
            number,
        )
        % {"count": count(number)},
    }


def _sign_in_page(request: HttpRequest, again: bool) -> dict[str, Any]:
    without = people.administrators_without_second_step()
    return {
        "on": {"administrators_second_step": configuration().site.administrators_second_step},
        "without": [str(one) for one in without] if may(request, "staff.manage") else [],
    }


PAGES: Final[dict[str, Callable[[HttpRequest, bool], dict[str, Any]]]] = {
    "brand": _brand_page,
    "measures": _measures_page,
    "privacy": _privacy_page,
    "cocreation": _cocreation_page,
    "listening": _listening_page,
    "sign-in": _sign_in_page,
}
