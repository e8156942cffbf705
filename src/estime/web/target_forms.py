"""Forms of whom texts may be about, as tables of estime.toml; and what is wrong with them, beside each field.

The rules are those of kernel/configuration.py, asked here once more so that each is told where it is mended (tested:
what passes here passes there).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from unicodedata import category

from django.http import QueryDict
from django.utils.translation import gettext as _

from estime.kernel.configuration import LONGEST_FORM, MOST_FORMS, MOST_TARGETS, Configuration, Target
from estime.kernel.names import name_words
from estime.readouts.wording import count

LISTED: Final = ("brand", "product", "third_party")
"""Kinds that can be listed; other members are told by whom a text answers."""
LISTS: Final = ("aliases", "exact")


@dataclass(frozen=True)
class TargetForm:
    """What was sent: its lists one a line. `was`: the name of the one it changes, as it was; "" for a new one."""

    kind: str
    name: str
    lists: Mapping[str, str]
    was: str = ""

    def row(self) -> dict[str, Any]:
        """It as a table of estime.toml: what is empty is left out, and what says the same once more."""
        lists = {name: list(dict.fromkeys(_lines(self.lists[name]))) for name in LISTS}
        return {"kind": self.kind, "name": self.name, **{name: told for name, told in lists.items() if told}}


def target_form(told: QueryDict, was: str = "") -> TargetForm:
    """Read the form of a target."""
    lists = {name: told.get(name, "").replace("\r\n", "\n") for name in LISTS}
    return TargetForm(told.get("kind", ""), told.get("name", "").strip(), lists, was)


def form_of(target: Target) -> TargetForm:
    """The form of one that is listed."""
    lists = {name: "\n".join(getattr(target, name)) for name in LISTS}
    return TargetForm(target.kind, target.name, lists, target.name)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def target_errors(form: TargetForm, config: Configuration) -> dict[str, str]:
    """What is wrong with a form, by field; "" for what is wrong with the list as a whole."""
    errors = {}
    others = [target for target in config.listening.targets if target.name != form.was]
    if form.kind not in LISTED:
        errors["kind"] = _("Choose one of the list.")
    if not form.name:
        errors["name"] = _("Fill this in.")
    fields: dict[str, list[str]] = {"name": [form.name] if form.name else []}
    fields |= {name: _lines(form.lists[name]) for name in LISTS}
    taken = _taken(others)
    strict = {name_words(one) for one in fields["exact"]}
    for field, forms in fields.items():
        told = _too_many(forms) or _first(_form_error(one, strict, taken) for one in forms)
        if told:
            errors[field] = told
    if not form.was and len(others) >= MOST_TARGETS:
        errors[""] = _("%(count)s are listed, and more cannot be: take one off the list first.") % {
            "count": count(MOST_TARGETS)
        }
    return errors


def _taken(others: Iterable[Target]) -> dict[tuple[str, ...], str]:
    """The words of each form that is listed, and the name of what has it."""
    return {
        name_words(one): target.name
        for target in others
        for one in (target.name, *target.aliases, *target.exact)
    }


def _first(errors: Iterable[str]) -> str:
    return next(filter(None, errors), "")


def _too_many(forms: list[str]) -> str:
    if len(forms) <= MOST_FORMS:
        return ""
    return _("These are %(count)s; at most %(most)s can be listed.") % {
        "count": count(len(forms)),
        "most": count(MOST_FORMS),
    }


def _form_error(one: str, strict: set[tuple[str, ...]], taken: Mapping[tuple[str, ...], str]) -> str:
    """What is wrong with one form; "" if nothing is."""
    told = {"form": one if len(one) <= 60 else f"{one[:60]}…"}
    if len(one) > LONGEST_FORM:
        return _("“%(form)s” is longer than %(most)s characters.") % {**told, "most": count(LONGEST_FORM)}
    if any(category(letter) == "Cc" for letter in one):
        shown = "".join("�" if category(letter) == "Cc" else letter for letter in told["form"])
        return _("“%(form)s” holds a character that cannot be shown.") % {"form": shown}
    words = name_words(one)
    if sum(map(len, words)) < (2 if words in strict else 3) or not any(map(str.isalpha, "".join(words))):
        return (
            _(
                "“%(form)s” is too short to be found: it takes three letters or figures, or two in the names that "
                "count only as they are written."
            )
            % told
        )
    if words in taken:
        return _("“%(form)s” names “%(other)s” already: let one of the two have it.") % {
            **told,
            "other": taken[words],
        }
    return ""


def about_after(form: TargetForm | None, was: str, config: Configuration) -> dict[str, str]:
    """What channels are about once the target called `was` is what a form says, or (None) is gone.

    A channel that was about it is about it under its new name. If it is gone, or is not ours any more, that channel is
    about nothing; unless the brand has the same name, which needs no list.
    """
    about = {}
    for channel, name in config.listening.about.items():
        if name != was or name == config.brand.name:
            about[channel] = name
        elif form is not None and form.kind != "third_party":
            about[channel] = form.name
    return about


def about_form(told: QueryDict, channels: Iterable[str], config: Configuration) -> dict[str, str]:
    """What the channels of a form are about: those that it does not name stay as they are."""
    about = dict(config.listening.about)
    for channel in channels:
        chosen = told.get(f"about-{channel}")
        if chosen is not None:
            about.pop(channel, None)
            if chosen.strip():
                about[channel] = chosen.strip()
    return about


def about_errors(about: Mapping[str, str], config: Configuration) -> dict[str, str]:
    """What is wrong with it, by field."""
    known = set(about_names(config))
    return {
        f"about-{channel}": _("Nothing of this name is listed: choose a brand or a product of the list.")
        for channel, name in about.items()
        if name not in known
    }


def about_names(config: Configuration) -> list[str]:
    """What a channel may be about: the brand, and what is listed of it and of its products."""
    ours = [target.name for target in config.listening.targets if target.kind != "third_party"]
    return list(dict.fromkeys([config.brand.name, *ours]))
