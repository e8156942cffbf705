"""Opinion groups in words: the groups, what unites and divides them, and why there are none."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from estime.readouts.wording import count, whole_percent
from estime.web import vote_pictures

Body = Mapping[str, Any]

REASONS: Final[Mapping[str, str | Promise]] = {
    "nobody": gettext_lazy("Nobody has voted yet."),
    "too-few-people": gettext_lazy(
        "Fewer than 20 people have voted: nobody could tell whether groups would be found again."
    ),
    "all-alike": gettext_lazy("Everybody votes alike: there is one opinion here."),
    "halves-differ": gettext_lazy(
        "Two halves of the people, each looked at by itself, fall into different groups: what looks like groups is"
        " chance."
    ),
    "not-found-again": gettext_lazy(
        "Drawn again from the same people, other groups come out each time: what looks like groups is chance."
    ),
}
"""Why there are no opinion groups to show, by the code that the counting gives."""


def groups_finding(body: Body) -> str:
    groups = body.get("groups")
    if not groups or not groups["stable"]:
        return _("There are no groups here: opinions do not fall apart into camps.")
    many = len(groups["sizes"]) + groups["small"]
    uniting = sum(statement["kind"] == "unites" for statement in groups["statements"])
    if not uniting:
        return _("%(groups)s groups, and nothing on which they clearly agree.") % {"groups": many}
    return ngettext(
        "%(groups)s groups, and %(count)s thing on which they agree.",
        "%(groups)s groups, and %(count)s things on which they agree.",
        uniting,
    ) % {"groups": many, "count": uniting}


def groups(body: Body) -> dict[str, Any]:
    """The map, the groups, and what unites and divides them."""
    told = body.get("groups")
    if not told:
        return {}
    names = {key: _("Group %(letter)s") % {"letter": chr(65 + int(key))} for key in told["sizes"]}
    sizes = [
        {"name": name, "mark": vote_pictures.mark(int(key)), "people": voters_in(told["sizes"][key])}
        for key, name in names.items()
    ]
    labels = [_said(each["name"], each["people"]) for each in sizes]
    statements = [_statement(one, names) for one in told["statements"]]
    return {
        "stable": told["stable"],
        "reason": str(REASONS.get(told.get("reason", ""), "")),
        "sizes": sizes,
        "small": told["small"],
        "map": vote_pictures.map_of(told["picture"], 24, labels) if told["picture"] else "",
        "unites": [one for one in statements if one["kind"] == "unites"],
        "divides": [one for one in statements if one["kind"] == "divides"],
        "statements": statements,
    }


def _said(name: str, words: str) -> str:
    return _("%(name)s: %(words)s") % {"name": name, "words": words}


def voters_in(many: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", many) % {"count": count(many)}


def _statement(one: Body, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "number": int(one["id"]),
        "kind": one["kind"],
        "all": _votes(one),
        "agree": count(one["agree"]),
        "disagree": count(one["disagree"]),
        "passed": count(one["pass"]),
        "groups": [_said(names[key], _votes(votes)) for key, votes in one["groups"].items() if key in names],
    }


def _votes(told: Body) -> str:
    seen = told["agree"] + told["disagree"] + told["pass"]
    if not seen:
        return _("nobody was asked")
    return _("%(agree)s agree, %(disagree)s disagree") % {
        "agree": whole_percent(told["agree"] / seen),
        "disagree": whole_percent(told["disagree"] / seen),
    }
