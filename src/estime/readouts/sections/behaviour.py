"""How much people do, and whether our weights decide who comes first."""

from django.utils.translation import gettext as _

from estime.engagement.figures import Figure
from estime.readouts import wording as w
from estime.readouts.shapes import Phrase, Section, Span, Table, phrase, table
from estime.readouts.shelf import UNLIKED, Shelf


def behaviour_section(shelf: Shelf) -> Section | None:
    if not shelf.labels("behaviour"):
        return None
    return Section(
        id="behaviour",
        title=_("How much people do"),
        sentence=_(
            "Behaviour B adds up what a person did lately, likes not counted. "
            "Look at whether the ranks hold when our weights change by half."
        ),
        definition="behaviour",
        finding=_finding(shelf),
        table=_table(shelf),
        figures=shelf.all("behaviour", "rank_stability"),
    )


def _finding(shelf: Shelf) -> Phrase:
    positive = shelf.now("behaviour", "positive")
    told: list[Span] = []
    if positive is not None and positive.value is not None:
        told += phrase(
            _("{share} of the people have a B above zero ({interval})."),
            share=Span(w.percent(positive.value), acts=shelf.acts_before(0, UNLIKED)),
            interval=w.percent_interval(positive.low, positive.high),
        )
    stability = [
        figure
        for label in shelf.labels("rank_stability")
        if (figure := shelf.now("rank_stability", label)) is not None and figure.value is not None
    ]
    if stability:
        told += (Span(" "), *_steadiness(min(figure.value or 0.0 for figure in stability)))
    return tuple(told)


def _steadiness(worst: float) -> Phrase:
    if worst >= 1:
        return phrase(_("Whatever weight we change by half, the ranks stay the same."))
    return phrase(
        _("Whatever weight we change by half, ranks keep a correlation of at least {worst}."),
        worst=w.correlation(worst),
    )


def _table(shelf: Shelf) -> Table:
    rows = []
    names = {
        "median": _("B, half are below"),
        "p90": _("B, nine in ten are below"),
        "p99": _("B, 99 in 100 are below"),
    }
    for label, name in names.items():
        figure = shelf.now("behaviour", label)
        if figure is not None and figure.value is not None:
            rows.append([name, w.number(figure.value, 2), _ends(figure), ""])
    for label in sorted(shelf.labels("rank_stability")):
        figure = shelf.now("rank_stability", label)
        if figure is not None and figure.value is not None:
            kind, change = label[:-4], label[-4:].replace("-", "−").replace("%", w.NBSP + "%")
            kept = f"{w.count(figure.n)} / {w.count(figure.d)}" if figure.n is not None and figure.d else ""
            rows.append(
                [
                    _("ranks with {kind} {change}").format(kind=w.kind(kind), change=change),
                    w.correlation(figure.value),
                    "",
                    kept,
                ]
            )
    return table(
        _("Behaviour, and rank correlation when one weight changes"),
        [_("What"), _("Value"), _("95 % interval"), _("First tenth kept")],
        rows,
    )


def _ends(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f"{w.number(figure.low, 2)}{w.NBSP}{w.DASH}{w.NBSP}{w.number(figure.high, 2)}"
