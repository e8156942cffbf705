"""The engagement map: who is attached and who acts, as far as it is known."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.engagement.figures import Figure
from estime.readouts import wording as w
from estime.readouts.shapes import Chart, Mark, Phrase, Section, Span, Table, phrase, table
from estime.readouts.shelf import UNLIKED, Shelf

CELLS = ("attached_active", "attached_quiet", "offer", "detached", "critic", "unknown")
CAME, LEFT = "came", "left"
QUARTER = 90


def cell(label: str) -> str:
    """What a cell of the map is called."""
    return {
        "attached_active": _("Attached and active"),
        "attached_quiet": _("Attached, quiet"),
        "offer": _("Here for the offer"),
        "detached": _("Detached"),
        "critic": _("Active critic"),
        "unknown": _("Not known"),
        "few": _("Cells that are not told, together"),
        "detached_against": _("of the detached, those who object"),
        CAME: _("Not there before"),
        LEFT: _("Left"),
    }[label]


def map_section(shelf: Shelf) -> Section | None:
    people = _people(shelf)
    if people is None:
        return None
    marks = tuple(_mark(shelf, label) for label in CELLS)
    alt = "; ".join(f"{mark.series} {mark.label}" for mark in marks)
    return Section(
        id="map",
        title=_("The engagement map"),
        sentence=_(
            "Who is attached, and who acts? Look at the active critics: whoever objects and acts is engaged."
        ),
        definition="map",
        finding=_finding(shelf, people),
        chart=Chart("map", "share", _("Cells of the map: {cells}.").format(cells=alt), marks, names=_sides()),
        table=_table(shelf),
        note=_note(shelf),
        legend=_("The square is the share, its pale edge and white line the 95 % interval."),
        figures=shelf.all("map", "map_health", "affect"),
    )


def _sides() -> tuple[str, ...]:
    """What the two axes are called: acts from left to right, affect from above."""
    return _("quiet"), _("active"), _("attached"), _("between"), _("against")


def _people(shelf: Shelf) -> int | None:
    found = next((figure for label in (*CELLS, "few") if (figure := shelf.now("map", label))), None)
    return None if found is None or not found.d else round(found.d)


def _mark(shelf: Shelf, label: str) -> Mark:
    figure = shelf.now("map", label)
    if figure is None or figure.value is None:
        return Mark(cell(label), 0.0, label=_("not told"))
    return Mark(cell(label), figure.value, figure.low, figure.high, label=_label(figure))


def _label(figure: Figure) -> str:
    told = f"{w.count(figure.n or 0)} · {w.percent(figure.value or 0.0)}"
    return f"{told} ({w.percent_interval(figure.low, figure.high)})" if figure.n else told


def _finding(shelf: Shelf, people: int) -> Phrase:
    known = shelf.now("map_health", "known")
    who = Span(w.count(people), acts=shelf.acts_lately(QUARTER, UNLIKED))
    if known is None or not known.n:
        return phrase(
            ngettext(
                "{people} person acted in 90 days. Too little is known to say what they feel.",
                "{people} people acted in 90 days. Too little is known to say what they feel.",
                people,
            ),
            people=who,
        )
    told = list(
        phrase(
            ngettext(
                "Of {people} person active in 90 days, what they feel is known well enough of {known}.",
                "Of {people} people active in 90 days, what they feel is known well enough of {known}.",
                people,
            ),
            people=who,
            known=w.count(known.n),
        )
    )
    attached, critics = shelf.now("map_health", "attached"), shelf.now("map_health", "critics")
    if attached is not None and attached.value is not None:
        told += (Span(" "), *phrase(_("Of these, {share} are attached ({interval})."), **_share(attached)))
    if critics is not None and critics.value is not None:
        told += (
            Span(" "),
            *phrase(_("{share} are active critics ({interval})."), **_share(critics)),
        )
    return tuple(told)


def _share(figure: Figure) -> dict[str, str | Span]:
    return {
        "share": w.percent(figure.value or 0.0),
        "interval": w.percent_interval(figure.low, figure.high),
    }


def _note(shelf: Shelf) -> str:
    told = [_("Nothing here decides anything about anybody.")]
    if shelf.now("map", "few") is not None:
        told.append(_("A cell of a few people is not told, nor is one that would give it away."))
    mean = shelf.now("affect", "mean")
    if mean is not None and mean.value is not None and mean.low is not None and mean.high is not None:
        told.append(
            _("Mean affect {mean} ({low} to {high}), from −1 to 1.").format(
                mean=w.signed(mean.value), low=w.signed(mean.low), high=w.signed(mean.high)
            )
        )
    return " ".join(told)


def _table(shelf: Shelf) -> Table:
    rows = []
    for label in (*CELLS, "detached_against", "few"):
        figure = shelf.now("map", label)
        if figure is not None and figure.value is not None:
            ends = w.percent_interval(figure.low, figure.high)
            rows.append([cell(label), w.count(figure.n or 0), w.percent(figure.value), ends])
        elif label in CELLS:
            rows.append([cell(label), _("not told"), "", ""])
    return table(
        _("People on the engagement map"), [_("Where"), _("People"), _("Share"), _("95 % interval")], rows
    )
