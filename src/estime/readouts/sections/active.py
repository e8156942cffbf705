"""Who did anything at all, week by week, with and without likes."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.engagement.figures import Figure
from estime.readouts import wording as w
from estime.readouts.shapes import Chart, Mark, Section, Table, table
from estime.readouts.shelf import Shelf

WEEKS_SHOWN = 53  # but all of them for channels that ended at different times: there is no last year to all


def active_section(shelf: Shelf) -> Section | None:
    recorded = shelf.dated("active_share", "all")
    everything = recorded if shelf.together and shelf.archive else recorded[-WEEKS_SHOWN:]
    if not everything:
        return None
    earned = {figure.period: figure for figure in shelf.dated("active_share", "without_likes")}
    known = any(figure.value is not None for figure in everything)
    pairs = [(figure, earned.get(figure.period, figure)) for figure in everything]
    liked = any(figure.n != without.n for figure, without in pairs)
    return Section(
        id="active-share",
        title=_("Truly active share") if known else _("People who acted"),
        sentence=_sentence(known, liked),
        definition="active_share",
        chart=_chart(pairs, known, liked),
        table=_table(shelf, pairs, known),
        note="" if known else _note(shelf),
        legend=_legend(len(everything), len(recorded)),
        figures=shelf.all("active_share", "active_share_7d", "reach"),
    )


def _note(shelf: Shelf) -> str:
    if shelf.together:
        return _("How many people these channels reach together is not known: a count, and no share.")
    return _("How many people this channel reaches is not known: a count, and no share.")


def _legend(shown: int, recorded: int) -> str:
    if shown == recorded:
        return ""
    return _("Shown are the last {n} weeks of {recorded}.").format(
        n=w.count(shown), recorded=w.count(recorded)
    )


def _sentence(known: bool, liked: bool) -> str:
    if not liked:
        return _(
            "How many people did anything, week by week? No like made a difference: one line says it all."
        )
    if known:
        return _(
            "Of the people reached, how many did anything? Look at the gap between the lines: it is likes."
        )
    return _("How many people did anything, week by week? Look at the gap between the lines: it is likes.")


def _value(figure: Figure, known: bool) -> float | None:
    return figure.value if known else figure.n


def _chart(pairs: list[tuple[Figure, Figure]], known: bool, liked: bool) -> Chart:
    marks = []
    for series, index in ((_("everything"), 0), (_("without likes"), 1))[: 2 if liked else 1]:
        for pair in pairs:
            figure, value = pair[index], _value(pair[index], known)
            if value is not None and figure.period is not None:
                marks.append(Mark(series, value, figure.low, figure.high, figure.period))
    told = w.percent if known else w.count
    values = [value for pair in pairs if (value := _value(pair[0], known)) is not None]
    alt = ngettext(
        "Line chart of {weeks} week: between {low} and {high} acted, {last} in the last week.",
        "Line chart of {weeks} weeks: between {low} and {high} acted, {last} in the last week.",
        len(pairs),
    ).format(weeks=len(pairs), low=told(min(values)), high=told(max(values)), last=told(values[-1]))
    return Chart("lines", "share" if known else "count", alt, tuple(marks))


def _table(shelf: Shelf, pairs: list[tuple[Figure, Figure]], known: bool) -> Table:
    rows = []
    for figure, without in reversed(pairs):
        when = w.day(figure.period or date.min)
        counts = [when, w.count(figure.n or 0), w.count(without.n or 0)]
        rows.append([*counts, *(_shares(figure, without) if known else ())])
    head = [_("Week from"), _("People"), _("without likes")]
    if known:
        head += [_("of"), _("Share"), _("95 % interval"), _("without likes"), _("95 % interval")]
    opens = [shelf.acts_from(figure.period, 7) for figure, _without in reversed(pairs)]
    return table(_("Active people by week, the latest first"), head, rows, opens)


def _shares(figure: Figure, without: Figure) -> list[str]:
    told = [w.count(figure.d) if figure.d else _("unknown")]
    for one in (figure, without):
        if one.value is None:
            told += [_("unknown"), _("unknown")]
        else:
            told += [w.percent(one.value), w.percent_interval(one.low, one.high)]
    return told
