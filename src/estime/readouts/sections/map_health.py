"""Health over time: who is attached and who objects, quarter by quarter; and what went before losses."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.engagement.figures import Figure
from estime.readouts import wording as w
from estime.readouts.shapes import Chart, Mark, Phrase, Section, Span, phrase, table
from estime.readouts.shelf import Shelf

FEWEST_QUARTERS = 2


def share_name(label: str) -> str:
    return {"attached": _("attached"), "critics": _("active critics"), "known": _("known well enough")}[label]


def health_section(shelf: Shelf) -> Section | None:
    lines = {label: shelf.dated("map_health", label) for label in ("attached", "critics")}
    known = shelf.dated("map_health", "known")
    if len({figure.period for figures in lines.values() for figure in figures}) < FEWEST_QUARTERS:
        return None
    marks = tuple(
        Mark(share_name(label), figure.value or 0.0, figure.low, figure.high, figure.period)
        for label, figures in lines.items()
        for figure in figures
    )
    rows = []
    for figure in known:
        of_all = f"{w.count(figure.n or 0)} / {w.count(figure.d or 0)}"
        cells = [w.quarter(figure.period) if figure.period else "", of_all]
        for figures in lines.values():
            cells += _cells(next((each for each in figures if each.period == figure.period), None))
        rows.append(cells)
    return Section(
        id="map-health",
        title=_("Health over time"),
        sentence=_("Of the people whose feelings are known, how many are attached, and how many object and act?"),
        definition="map",
        chart=Chart("lines", "share", _alt(lines), marks),
        table=table(
            _("Attached people and active critics, by quarter"),
            [
                _("Quarter"), _("Known of all"), _("Attached"), _("95 % interval"), _("Active critics"),
                _("95 % interval"),
            ],
            rows,
        ),
        legend=_("The band is the 95 % interval. Each point is a quarter, told at its end."),
        figures=tuple(figure for figure in shelf.all("map_health") if figure.period),
    )  # fmt: skip


def _cells(figure: Figure | None) -> list[str]:
    if figure is None or figure.value is None:
        return [_("not told"), ""]
    return [w.percent(figure.value), w.percent_interval(figure.low, figure.high)]


def _alt(lines: dict[str, list[Figure]]) -> str:
    told = [
        _("{name} {first} in {since}, {last} in {until}").format(
            name=share_name(label),
            first=w.percent(figures[0].value or 0.0),
            since=w.quarter(figures[0].period),
            last=w.percent(figures[-1].value or 0.0),
            until=w.quarter(figures[-1].period),
        )
        for label, figures in lines.items()
        if figures and figures[0].period and figures[-1].period
    ]
    return _("Lines by quarter: {lines}.").format(lines="; ".join(told))


def losses_section(shelf: Shelf) -> Section | None:
    """Told where there is a map, also when there is nothing to tell."""
    if not shelf.labels("map"):
        return None
    late, bare = _late(shelf), _bare(shelf)
    return Section(
        id="before-losses",
        title=_("What went before losses"),
        sentence=_(
            "What had people met in the quarter before they left, and those who stayed? A coincidence is not a cause."
        ),
        definition="map",
        finding=(*late, Span(" "), *bare),
        note=_("The last four quarters. Whoever did nothing other than like in the next quarter had left."),
        figures=shelf.all("map_before_loss"),
    )


def _late(shelf: Shelf) -> Phrase:
    if not shelf.replies_recorded:
        return phrase(_("No reply is recorded here, so who waited for an answer is not known."))
    lost, stayed = (shelf.now("map_before_loss", f"late_{who}") for who in ("lost", "stayed"))
    if lost is None or stayed is None:
        return phrase(
            _(
                "Late answers: too few of those who left had asked something to compare them with those who stayed."
            )
        )
    return (
        *phrase(
            ngettext(
                "Of {n} person who asked and then left, {share} had no answer within a week ({interval}).",
                "Of {n} people who asked and then left, {share} had no answer within a week ({interval}).",
                round(lost.d or 0),
            ),
            **_told(lost),
        ),
        Span(" "),
        *phrase(_("Of {n} who asked and stayed, {share} ({interval})."), **_told(stayed)),
        Span(" "),
        *_difference(shelf, "late"),
    )


def _bare(shelf: Shelf) -> Phrase:
    lost, stayed = (shelf.now("map_before_loss", f"bare_{who}") for who in ("lost", "stayed"))
    if lost is None or stayed is None:
        return phrase(_("Refusals without a reason: too few people were refused something to compare."))
    return (
        *phrase(
            _("Of {n} who were refused something and then left, {share} got no real reason ({interval})."),
            **_told(lost),
        ),
        Span(" "),
        *phrase(_("Of {n} who were refused and stayed, {share} ({interval})."), **_told(stayed)),
        Span(" "),
        *_difference(shelf, "bare"),
    )


def _told(figure: Figure) -> dict[str, str | Span]:
    return {
        "n": w.count(figure.d or 0),
        "share": w.percent(figure.value or 0.0),
        "interval": w.percent_interval(figure.low, figure.high),
    }


def _difference(shelf: Shelf, what: str) -> Phrase:
    figure = shelf.now("map_before_loss", f"{what}_difference")
    if figure is None or figure.value is None or figure.low is None or figure.high is None:
        return ()
    ends = _("{low} to {high} points").format(low=_points(figure.low), high=_points(figure.high))
    if figure.low <= 0 <= figure.high:
        return phrase(_("No difference that chance could not make ({interval})."), interval=ends)
    return phrase(
        _("A difference of {points} points ({interval}): they go together, which proves no cause."),
        points=_points(figure.value),
        interval=ends,
    )


def _points(share: float) -> str:
    return w.signed(share * 100, 0)
