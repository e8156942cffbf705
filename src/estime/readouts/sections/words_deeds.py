"""What the brand says of its own accord against what it answers."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from estime.readouts import wording as w
from estime.readouts.shapes import Acts, Chart, Mark, Phrase, Section, Span, phrase, table
from estime.readouts.shelf import BRAND_TEXTS, Shelf


def words_deeds_section(shelf: Shelf) -> Section | None:
    broadcasts, answers = shelf.count("words_deeds", "broadcasts"), shelf.count("words_deeds", "answers")
    if broadcasts is None and answers is None:
        return None
    said, answered = broadcasts or 0, answers or 0
    total = said + answered
    names = (_("said of its own accord"), _("answered"))
    section = Section(
        id="words-deeds",
        title=_("Words and deeds"),
        sentence=_("Does the brand speak, or answer? Its own openings against its replies, over 90 days."),
        definition="replies",
        figures=shelf.all("words_deeds"),
    )
    if not total:
        return section._replace(
            finding=phrase(
                _("No act of the brand is known here. If it does act, name its accounts in the settings.")
            )
        )
    if not shelf.replies_recorded:
        return section._replace(finding=_answers_unknown(shelf, said))
    share = shelf.now("words_deeds", "answer_share")
    ends = w.percent_interval(share.low, share.high) if share is not None and share.value is not None else ""
    marks = tuple(
        Mark(name, part / total, label=f"{w.count(part)} · {w.percent(part / total)}")
        for name, part in zip(names, (said, answered), strict=True)
    )
    if share is not None and share.value is not None:
        told = f"{marks[1].label} ({ends})"
        marks = (marks[0], marks[1]._replace(low=share.low, high=share.high, label=told))
    rows = [
        [names[0], w.count(said), w.percent(said / total), ""],
        [names[1], w.count(answered), w.percent(answered / total), ends],
    ]
    alt = "; ".join(f"{mark.series} {mark.label}" for mark in marks)
    return section._replace(
        finding=phrase(
            _("{share} of the brand’s acts were answers ({interval})."),
            share=Span(w.percent(answered / total), acts=_of_the_brand(shelf)),
            interval=ends,
        )
        if ends
        else (),
        chart=Chart("bars", "share", _("Bars of the brand’s acts: {parts}.").format(parts=alt), marks),
        table=table(
            _("Acts of the brand in 90 days"), [_("What"), _("Number"), _("Share"), _("95 % interval")], rows
        ),
        legend=_("The thin line is the 95 % interval.") if ends else "",
    )


def _of_the_brand(shelf: Shelf) -> Acts | None:
    return shelf.acts_lately(90, BRAND_TEXTS)


def _answers_unknown(shelf: Shelf, said: int) -> Phrase:
    return phrase(
        ngettext(
            "In 90 days the brand spoke {n} time. No reply is recorded here, "
            "so whether it answers is not known.",
            "In 90 days the brand spoke {n} times. No reply is recorded here, "
            "so whether it answers is not known.",
            said,
        ),
        n=Span(w.count(said), acts=_of_the_brand(shelf)),
    )
