"""How participation is split: what the most active do, and on how many people everything rests."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.readouts import wording as w
from estime.readouts.shapes import Chart, Mark, Phrase, Section, Span, phrase, table
from estime.readouts.shelf import UNLIKED, Shelf


def split_section(shelf: Shelf) -> Section | None:
    names = {"1%": _("the most active 1 %"), "10%": _("the most active 10 %")}
    found = [
        (names[label], figure)
        for label in names
        if (figure := shelf.now("top_share", label)) is not None and figure.value is not None
    ]
    if not found:
        return None
    marks = tuple(
        Mark(
            name,
            figure.value or 0.0,
            figure.low,
            figure.high,
            label=f"{w.percent(figure.value or 0.0)} ({w.percent_interval(figure.low, figure.high)})",
        )
        for name, figure in found
    )
    rows = [
        [name, w.percent(figure.value or 0.0), w.percent_interval(figure.low, figure.high)]
        for name, figure in found
    ]
    alt = "; ".join(f"{name} {w.percent(figure.value or 0.0)}" for name, figure in found)
    return Section(
        id="split",
        title=_("On how few it rests"),
        sentence=_(
            "The share of the acts of the last 90 days made by the most active; "
            "the thin line is the 95 % interval."
        ),
        definition="participation",
        finding=_absence(shelf),
        chart=Chart("bars", "share", _("Bars of acts: {shares}.").format(shares=alt), marks),
        table=table(_("Share of acts"), [_("Who"), _("Share of acts"), _("95 % interval")], rows),
        figures=shelf.all("top_share", "absence_factor"),
    )


def _absence(shelf: Shelf) -> Phrase:
    people = shelf.count("absence_factor")
    if not people:
        return ()
    return phrase(
        ngettext(
            "{n} person makes half of all acts: without them, half would go.",
            "{n} people make half of all acts: without them, half would go.",
            people,
        ),
        n=Span(w.count(people), acts=shelf.acts_lately(90, UNLIKED)),
    )
