"""Somebody's place on the engagement map, and the readings of their texts, in words."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from estime.engagement import api as engagement
from estime.listening.topics.sensitive import revealed
from estime.readouts import wording
from estime.readouts.sections.map import cell
from estime.web.moments import day
from estime.web.said import excerpt

STRONG = 0.5
SLIGHT = 0.15
LONGEST = 600


class Quote(NamedTuple):
    """A text and how it was read, or what its author says of that (`contest`); `url`: the text in its context."""

    seq: int
    text: str
    when: str
    read: str
    contest: str
    reason: str
    url: str


def cell_words(name: str) -> str:
    """The cell; quiet and against is told inside of *detached*."""
    return cell("detached" if name == "detached_against" else name)


def place_sentence(place: engagement.PersonPlace) -> str:
    """Where somebody stands, with the interval."""
    return _("{cell}: {value}, and with nine chances in ten between {low} and {high}.").format(
        cell=cell_words(place.cell),
        value=wording.signed(place.value),
        low=wording.signed(place.low),
        high=wording.signed(place.high),
    )


def own_sentence(place: engagement.PersonPlace) -> str:
    """The same, as said to the person: a word first, the number after it."""
    return _("What you write and do here reads as: {cell}.").format(cell=cell_words(place.cell).lower())


def own_number(place: engagement.PersonPlace) -> str:
    """How sure that is, on which scale."""
    return _(
        "{value}, and with nine chances in ten between {low} and {high}. From −1, against the brand, to +1, "
        "attached to it; 0 is neither. The less there is to tell from, the wider the interval."
    ).format(
        value=wording.signed(place.value),
        low=wording.signed(place.low),
        high=wording.signed(place.high),
    )


def read_words(value: float) -> str:
    """How a text was read toward the brand, by degrees: a number alone would promise too much."""
    size = abs(value)
    if size < SLIGHT:
        return _("neither for nor against")
    if value > 0:
        return _("clearly for") if size >= STRONG else _("rather for")
    return _("clearly against") if size >= STRONG else _("rather against")


def meant_words(contest: engagement.Contest | None) -> str:
    """What its author says of a reading."""
    if contest is None:
        return ""
    if contest.meant is None:
        return _("left out, as its author wishes")
    return {
        -1: _("corrected by its author: against"),
        0: _("corrected by its author: neither for nor against"),
        1: _("corrected by its author: for"),
    }[contest.meant]


def quote_of(found: engagement.Weighing) -> Quote:
    """One text with its reading."""
    return Quote(
        found.seq,
        excerpt(found.text, LONGEST),
        day(found.published),
        read_words(found.value) if found.contest is None else "",
        meant_words(found.contest),
        found.contest.reason if found.contest else "",
        reverse("act", args=[found.act]),
    )


def quotes_shown(found: list[engagement.Weighing], most: int, *, sensitive: bool) -> list[Quote]:
    """Texts for the brand's people: none that reveals health, faith, politics and the like, unless that may be
    shown.
    """
    return [quote_of(each) for each in found if sensitive or not revealed(each.text)][:most]
