"""Who is new, who stays, who comes back, who is slipping away and who is gone."""

from django.utils.translation import gettext as _

from estime.engagement.figures import Figure
from estime.readouts import wording as w
from estime.readouts.shapes import Chart, Mark, Section, table
from estime.readouts.shelf import Shelf

STATES = ("newcomer", "continuing", "returning", "lapsing", "gone")


def state(label: str) -> str:
    return {
        "newcomer": _("newcomers"),
        "continuing": _("continuing"),
        "returning": _("returning"),
        "lapsing": _("slipping away"),
        "gone": _("gone"),
    }[label]


def presence_section(shelf: Shelf) -> Section | None:
    found = [(label, figure) for label in STATES if (figure := shelf.now("presence", label)) is not None]
    if not found:
        return None
    marks = tuple(
        Mark(
            state(label),
            figure.value or 0.0,
            figure.low,
            figure.high,
            label=_label(figure),
        )
        for label, figure in found
    )
    rows = [[state(label), w.count(figure.n or 0), *_share(figure)] for label, figure in found]
    alt = ", ".join(f"{state(label)} {w.count(figure.n or 0)}" for label, figure in found)
    return Section(
        id="presence",
        title=_("Who stays, who leaves"),
        sentence=_sentence(shelf),
        definition="presence",
        chart=Chart("bars", "share", _("Bars of people: {states}.").format(states=alt), marks),
        table=table(
            _("People by presence"), [_("Presence"), _("People"), _("Share"), _("95 % interval")], rows
        ),
        legend=_("The thin line is the 95 % interval."),
        figures=shelf.all("presence", "lost_waiting"),
    )


def _share(figure: Figure) -> tuple[str, str]:
    if figure.value is None:
        return "", ""
    return w.percent(figure.value), w.percent_interval(figure.low, figure.high)


def _label(figure: Figure) -> str:
    share, ends = _share(figure)
    return f"{w.count(figure.n or 0)} · {share} ({ends})" if share else w.count(figure.n or 0)


def _sentence(shelf: Shelf) -> str:
    if shelf.archive:
        return _("Where each person who ever acted stood when the record stops.")
    return _(
        "Where each person who ever acted stands today. Look at those slipping away: there is still time."
    )
