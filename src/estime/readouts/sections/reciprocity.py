"""Whether people who address each other do so both ways."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.readouts import wording as w
from estime.readouts.shapes import Section, Span, phrase
from estime.readouts.shelf import TEXTS, Shelf


def reciprocity_section(shelf: Shelf) -> Section | None:
    figure = shelf.now("reciprocity")
    if figure is None or not shelf.replies_recorded:
        return None
    if figure.value is None or not figure.d:
        finding = phrase(_("Not known: in 90 days no member answered another."))
    else:
        finding = phrase(
            ngettext(
                "Of {pairs} pair of members who talked in 90 days, {share} did so both ways ({interval}).",
                "Of {pairs} pairs of members who talked in 90 days, {share} did so both ways ({interval}).",
                round(figure.d),
            ),
            pairs=Span(w.count(figure.d), acts=shelf.acts_lately(90, TEXTS)),
            share=w.percent(figure.value),
            interval=w.percent_interval(figure.low, figure.high),
        )
    return Section(
        id="reciprocity",
        title=_("Both ways"),
        sentence=_("An answer that is answered makes a tie. Look at how many pairs talk both ways."),
        definition="replies",
        finding=finding,
        figures=shelf.all("reciprocity"),
    )
