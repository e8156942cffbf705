"""How many of those who are here will act again: told of groups, never of one person."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.readouts import wording as w
from estime.readouts.sections.map import cell
from estime.readouts.shapes import Section, Table, phrase, table
from estime.readouts.validity_words import Told, short


def durability_section(told: Told, titles: dict[str, str]) -> Section:
    found = told["expected"]
    return Section(
        id="durability",
        title=_("How many will act again"),
        sentence=_(
            "Of everybody who did something other than a like within 180 days. "
            "Learnt from this place’s own past."
        ),
        definition="",
        finding=phrase("{words}", words=expected_words(told)),
        table=_table(found, titles) if found["outcome"] == "told" else None,
        note=_note(found),
    )


def expected_words(told: Told) -> str:
    """In one sentence."""
    found = told["expected"]
    if found["outcome"] == "too_few_people":
        return _("Fewer than {n} people were active in the last 180 days: of so few nothing is told.").format(
            n=w.count(found["fewest"])
        )
    if found["outcome"] != "told":
        return _("How many will act again cannot be told yet. {why}").format(why=short(found))
    words = ngettext(
        "Of {people} person active in the last 180 days, about {expected} ({low} to {high}) can be expected "
        "to act again within 90 days.",
        "Of {people} people active in the last 180 days, about {expected} ({low} to {high}) can be expected "
        "to act again within 90 days.",
        found["people"],
    )
    return words.format(people=w.count(found["people"]), **_numbers(found))


def _numbers(found: Told) -> dict[str, str]:
    return {name: w.count(found[name]) for name in ("expected", "low", "high")}


def _note(found: Told) -> str:
    if found["outcome"] != "told":
        return ""
    told = [
        _(
            "It describes what went with coming back, not what makes people come back, "
            "and decides nothing about anybody."
        )
    ]
    if not found["tested"]:
        told.insert(
            0, _("The past here is too short to test it: the interval knows chance alone, and is too narrow.")
        )
    return " ".join(told)


def _table(found: Told, titles: dict[str, str]) -> Table | None:
    groups = [(titles.get(each["name"], each["name"]), each) for each in found["by_channel"]]
    groups += [(cell(each["name"]), each) for each in found["by_cell"]]
    if not groups:
        return None
    rows = [
        [name, w.count(each["people"]), w.count(each["expected"]),
         f"{w.count(each['low'])}{w.NBSP}{w.DASH}{w.NBSP}{w.count(each['high'])}"]
        for name, each in groups
    ]  # fmt: skip
    head = [_("Group"), _("People"), _("Expected again"), _("Interval")]
    caption = _("Groups of {n} people or more").format(n=w.count(found["fewest"]))
    return table(caption, head, rows)._replace(shown=True)
