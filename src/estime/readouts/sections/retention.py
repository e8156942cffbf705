"""Of those who first acted in a month, how many still act in the months after."""

from calendar import monthrange
from collections import defaultdict
from datetime import date

from django.utils.translation import gettext as _

from estime.engagement.figures import Figure
from estime.readouts import wording as w
from estime.readouts.shapes import Row, Section, Table
from estime.readouts.shelf import Shelf

FEWEST = 10  # a cohort smaller than this would show persons, not a community
COHORTS_SHOWN = 12
MONTHS_SHOWN = 12


def retention_section(shelf: Shelf) -> Section | None:
    cohorts: defaultdict[date, dict[int, Figure]] = defaultdict(dict)
    for label in shelf.labels("retention"):
        for figure in shelf.dated("retention", label):
            if figure.period is not None:
                cohorts[figure.period][int(label)] = figure
    if not cohorts:
        return None
    large = {month: later for month, later in cohorts.items() if _size(later) >= FEWEST}
    return Section(
        id="retention",
        title=_("Those who came, and came back"),
        sentence=_(
            "Each line is a month of newcomers. Read to the right: the share who still acted, months later."
        ),
        definition="retention",
        table=_table(shelf, large) if large else None,
        note=_note(len(cohorts) - len(large), bool(large)),
        figures=tuple(figure for month in sorted(large) for _later, figure in sorted(large[month].items())),
    )


def _size(later: dict[int, Figure]) -> int:
    return round(max((figure.d or 0 for figure in later.values()), default=0))


def _note(hidden: int, any_shown: bool) -> str:
    if not any_shown:
        return _(
            "No month brought ten newcomers or more, so there is nothing to show without showing persons."
        )
    return _("Months with fewer than ten newcomers are left out.") if hidden else ""


def _table(shelf: Shelf, cohorts: dict[date, dict[int, Figure]]) -> Table:
    shown = sorted(cohorts)[-COHORTS_SHOWN:]
    last = min(max(max(cohorts[month]) for month in shown), MONTHS_SHOWN)
    rows = [
        _row(month, cohorts[month], last)._replace(
            acts=shelf.acts_from(month, monthrange(month.year, month.month)[1])
        )
        for month in shown
    ]
    head = (_("First act in"), _("People"), *(f"+{later}" for later in range(1, last + 1)))
    return Table(
        _("Share of newcomers who acted again, by months since their first act; below it, the 95 % interval"),
        head,
        tuple(rows),
        heat=True,
        shown=True,
    )


def _row(month: date, later: dict[int, Figure], last: int) -> Row:
    cells, tones, under = [w.month(month), w.count(_size(later))], [0, 0], ["", ""]
    for months in range(1, last + 1):
        figure = later.get(months)
        if figure is None or figure.value is None:
            cells.append("")
            tones.append(0)
            under.append("")
        else:
            cells.append(w.whole_percent(figure.value))
            tones.append(min(9, round(figure.value * 10)))
            under.append(w.whole_percent_interval(figure.low, figure.high))
    return Row(tuple(cells), tuple(tones), tuple(under))
