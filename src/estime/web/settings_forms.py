"""What the forms of settings say, as keys of estime.toml; and what is wrong with it, beside each field.

A key that says its default and stands not in the file is left out of it: the file stays as short as people wrote it.
"""

import math
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from estime.engagement.settings import DEFAULT_WEIGHTS
from estime.kernel.configuration import Configuration, configuration
from estime.web.colours import is_colour

Values = dict[str, Any]
Errors = dict[str, str]
LONGEST_NAME, LONGEST_TEXT = 80, 2000
LARGEST_WEIGHT, LONGEST_HALF_LIFE = 1000, 3650
COCREATION_NUMBERS = {
    "interpellation_supporters": (1, 100_000),
    "answer_within_days": (1, 365),
    "objection_days": (0, 90),
    "moderate_within_days": (1, 90),
    "digest_file_days": (1, 3650),
    "young_days": (1, 90),
    "look_alike_minutes": (1, 1440),
    "picture_mb": (1, 50),
    "file_mb": (1, 1000),
}
"""Numbers of `[cocreation]`, with the least and the most that each may be (kernel/configuration.py; tested)."""
MEMBER_POWERS = ("listen", "answer")
FIGURES = ("brand.accounts", "measures.")
"""Keys on which figures depend: a change of them is worth a refresh at once."""


def parse(section: str, told: QueryDict) -> tuple[Values, Errors]:
    """The keys that a form sets, without those that stay as they are."""
    values, errors = SECTIONS[section](told)
    return _changed(values), errors


def _changed(values: Values) -> Values:
    """Without what holds already, by the file or by default."""
    now, default = configuration().model_dump(mode="json"), Configuration().model_dump(mode="json")
    kept = {}
    for key, value in values.items():
        section, _dot, name = key.partition(".")
        if value == now[section][name]:
            continue
        kept[key] = None if value == default[section][name] else value
    return kept


def _brand(told: QueryDict) -> tuple[Values, Errors]:
    errors: Errors = {}
    values: Values = {"brand.name": _text(told, "name", LONGEST_NAME, errors, needed=True)}
    zone = told.get("timezone", "").strip()
    try:
        ZoneInfo(zone)
        values["brand.timezone"] = zone
    except (ZoneInfoNotFoundError, ValueError, OSError):
        errors["timezone"] = _("There is no time zone of this name. Write one such as Europe/Paris.")
    accent = told.get("accent", "").strip()
    if accent and not is_colour(accent):
        errors["accent"] = _("A colour is written as #7a1f5c: # and six digits or letters from a to f.")
    values["brand.accent"] = accent.lower() or None
    languages = [code for code in told.getlist("languages") if code in dict(settings.LANGUAGES)]
    first = told.get("first_language", "")
    if first in languages:
        languages.sort(key=lambda code: code != first)
    if not languages:
        errors["languages"] = _("Choose at least one.")
    values["site.languages"] = languages
    values["report.front"] = told.get("front", "*").strip() or "*"
    values["contact.answer_within_days"] = _whole(told, "answer_within_days", 1, 365, errors)
    values["listening.about"] = _about_renamed(values["brand.name"])
    return values, errors


def _about_renamed(name: str) -> dict[str, str]:
    """What channels are about once the brand has this name: those that were about it are still."""
    config = configuration()
    listed = {target.name for target in config.listening.targets if target.kind != "third_party"}
    before = config.brand.name
    return {
        channel: name if about == before and before not in listed else about
        for channel, about in config.listening.about.items()
    }


def _measures(told: QueryDict) -> tuple[Values, Errors]:
    errors: Errors = {}
    if told.get("do") == "reset":
        return {"measures.half_life_days": 28.0, "measures.weights": None}, errors
    half_life = _number(told, "half_life_days", LONGEST_HALF_LIFE, errors)
    if half_life == 0:
        errors["half_life_days"] = _("More than 0 days.")
    names = [name for name in told if name.startswith("weight-")]
    weights = {name.removeprefix("weight-"): _number(told, name, LARGEST_WEIGHT, errors) for name in names}
    fresh = told.get("new_kind", "").strip()
    if fresh and fresh.isalpha() and fresh.isascii():
        weights[fresh] = _number(told, "new_weight", LARGEST_WEIGHT, errors)
    elif fresh:
        errors["new_kind"] = _("A kind of act is one word of Activity Streams, such as Follow.")
    same = weights == dict(DEFAULT_WEIGHTS)
    return {"measures.half_life_days": half_life, "measures.weights": None if same else weights}, errors


def _privacy(told: QueryDict) -> tuple[Values, Errors]:
    errors: Errors = {}
    on = {name: told.get(name) == "on" for name in ("public_overview", "person_affect", "sensitive_topics")}
    purpose = _text(told, "purpose", LONGEST_TEXT, errors)
    basis = _text(told, "legal_basis", LONGEST_TEXT, errors)
    if on["person_affect"] and not (purpose and basis):
        missing = "legal_basis" if purpose else "purpose"
        errors[missing] = _("What single people feel stays off until purpose and legal basis are recorded.")
    return {
        **{f"privacy.{name}": value for name, value in on.items()},
        "privacy.smallest_group": _whole(told, "smallest_group", 10, 1000, errors),
        "privacy.purpose": purpose,
        "privacy.legal_basis": basis,
    }, errors


def _cocreation(told: QueryDict) -> tuple[Values, Errors]:
    errors: Errors = {}
    values: Values = {
        f"cocreation.{name}": _whole(told, name, least, most, errors)
        for name, (least, most) in COCREATION_NUMBERS.items()
    }
    power = told.get("member_power", "")
    if power not in MEMBER_POWERS:
        errors["member_power"] = _("Choose one of the list.")
    values["cocreation.member_power"] = power
    return values, errors


def _listening(told: QueryDict) -> tuple[Values, Errors]:
    return {"listening.ask": told.get("ask") == "on"}, {}


def _sign_in(told: QueryDict) -> tuple[Values, Errors]:
    return {"site.administrators_second_step": told.get("administrators_second_step") == "on"}, {}


SECTIONS: dict[str, Callable[[QueryDict], tuple[Values, Errors]]] = {
    "brand": _brand,
    "measures": _measures,
    "privacy": _privacy,
    "cocreation": _cocreation,
    "listening": _listening,
    "sign-in": _sign_in,
}


def _text(told: QueryDict, name: str, longest: int, errors: Errors, *, needed: bool = False) -> str:
    text = told.get(name, "").strip().replace("\r\n", "\n")
    if needed and not text:
        errors[name] = _("Fill this in.")
    if len(text) > longest:
        errors[name] = _("At most %(n)s characters.") % {"n": longest}
    if any(ord(c) < 32 and c != "\n" for c in text):
        errors[name] = _("It holds a character that cannot be shown.")
    return text


def _number(told: QueryDict, name: str, most: float, errors: Errors) -> float:
    try:
        number = float(told.get(name, "").strip().replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or not 0 <= number <= most:
        errors[name] = _("A number from 0 to %(most)s.") % {"most": f"{most:g}"}
    return number


def _whole(told: QueryDict, name: str, least: int, most: int, errors: Errors) -> int:
    text = told.get(name, "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > 9 or not least <= int(text) <= most:
        errors[name] = _("A whole number from %(least)s to %(most)s.") % {"least": least, "most": most}
        return least
    return int(text)
