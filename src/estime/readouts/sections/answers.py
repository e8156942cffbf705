"""Who answers whom, how fast, and what stays without an answer."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.engagement.figures import Figure
from estime.readouts import wording as w
from estime.readouts.shapes import Chart, Mark, Phrase, Section, Span, Table, phrase, table
from estime.readouts.shelf import TEXTS, Shelf

WAYS = ("member_member", "brand_member", "member_brand", "brand_brand")


def way(label: str) -> str:
    return {
        "member_member": _("member to member"),
        "brand_member": _("brand to member"),
        "member_brand": _("member to brand"),
        "brand_brand": _("brand to brand"),
        "unknown": _("to a message we do not have"),
    }[label]


def answers_section(shelf: Shelf) -> Section | None:
    if not shelf.replies_recorded:
        return None
    counts = {label: shelf.count("replies", label) or 0 for label in WAYS}
    known = sum(counts.values())
    return Section(
        id="answers",
        title=_("Who answers whom"),
        sentence=_("A community talks first among its members. Look at the first bar, then at who waits."),
        definition="replies",
        finding=_finding(shelf),
        chart=_chart(shelf, counts, known) if known else None,
        table=_table(shelf, counts, known),
        note=_note(shelf, known),
        legend=_legend(shelf) if known else "",
        figures=shelf.all("replies", "horizontality", "first_response", "unanswered", "owed"),
    )


def _note(shelf: Shelf, known: int) -> str:
    if not known:
        return _("No reply in the last four weeks.")
    told = ngettext("{n} reply in four weeks.", "{n} replies in four weeks.", known).format(n=w.count(known))
    unknown = shelf.count("replies", "unknown") or 0
    if unknown:
        told += " " + ngettext(
            "{n} more goes to a message we do not have.", "{n} more go to messages we do not have.", unknown
        ).format(n=w.count(unknown))
    return told


def _legend(shelf: Shelf) -> str:
    among = shelf.now("horizontality")
    return _("The thin line is the 95 % interval.") if among and among.value is not None else ""


def _finding(shelf: Shelf) -> Phrase:
    median, slow = shelf.now("first_response", "median"), shelf.now("first_response", "p90")
    unanswered = shelf.now("unanswered")
    asked = shelf.acts_lately(28, TEXTS)
    told: list[Span] = []
    if median is not None and median.value is not None and slow is not None and slow.value is not None:
        told += phrase(
            _("Half of those who got an answer had it within {median}, nine in ten within {slow}."),
            median=Span(_duration(median), acts=asked),
            slow=Span(_duration(slow), acts=asked),
        )
    else:
        told += phrase(_("How long a first answer takes is not known: there was none."))
    if unanswered is not None and unanswered.value is not None:
        told += (
            Span(" "),
            *phrase(
                _("After seven days, {share} of the messages had no answer ({interval})."),
                share=Span(w.percent(unanswered.value), acts=asked),
                interval=w.percent_interval(unanswered.low, unanswered.high),
            ),
        )
    return tuple(told)


def _duration(figure: Figure) -> str:
    told, ends = w.duration(figure.value or 0.0), w.duration_interval(figure.low, figure.high)
    return f"{told} ({ends})" if ends else told


def _chart(shelf: Shelf, counts: dict[str, int], known: int) -> Chart:
    shown = [label for label in WAYS if counts[label] or label != "brand_brand"]
    among = shelf.now("horizontality")
    marks = tuple(
        Mark(
            way(label),
            counts[label] / known,
            label=f"{w.count(counts[label])} · {w.percent(counts[label] / known)}",
        )
        for label in shown
    )
    if among is not None and among.value is not None:  # of the ways, this one has an interval
        ends = w.percent_interval(among.low, among.high)
        marks = (
            marks[0]._replace(low=among.low, high=among.high, label=f"{marks[0].label} ({ends})"),
            *marks[1:],
        )
    alt = "; ".join(f"{mark.series} {w.percent(mark.value)}" for mark in marks)
    return Chart("bars", "share", _("Bars of replies: {ways}.").format(ways=alt), marks)


def _table(shelf: Shelf, counts: dict[str, int], known: int) -> Table:
    rows = [
        [way(label), w.count(number), w.percent(number / known) if known else _("unknown"), ""]
        for label, number in counts.items()
    ]
    among = shelf.now("horizontality")
    if among is not None and among.value is not None:
        rows[0][3] = w.percent_interval(among.low, among.high)
    rows.append([way("unknown"), w.count(shelf.count("replies", "unknown") or 0), "", ""])
    for label, name in (
        ("median", _("first answer, median")),
        ("p90", _("first answer, nine in ten within")),
    ):
        figure = shelf.now("first_response", label)
        if figure is not None and figure.value is not None:
            ends = w.duration_interval(figure.low, figure.high)
            rows.append([name, w.count(figure.n) if figure.n else "", w.duration(figure.value), ends])
    waiting = shelf.now("unanswered")
    if waiting is not None and waiting.value is not None:
        rows.append(
            [
                _("without an answer after seven days"),
                w.count(waiting.n or 0),
                w.percent(waiting.value),
                w.percent_interval(waiting.low, waiting.high),
            ]
        )
    return table(
        _("Replies and first answers"),
        [_("From whom to whom"), _("Number"), _("Value"), _("95 % interval")],
        rows,
    )
