"""A report made ready for templates: sentences as HTML with their links, drawn charts beside their sections.

On the path of a page: nothing here draws or computes.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from estime.readouts import wording as w
from estime.readouts.shapes import Phrase, Report, Section, Span, Table

WORD_JOINER = "\u2060"


class Topic(NamedTuple):
    section: Section
    finding: SafeString
    svg: SafeString
    definition: str
    table: Table | None


class View(NamedTuple):
    truth: SafeString
    under: tuple[str, ...]
    topics: tuple[Topic, ...]
    made: str

    @property
    def complete(self) -> bool:
        """Every chart of the report is drawn."""
        return all(topic.svg or topic.section.chart is None for topic in self.topics)


def view_build(
    report: Report,
    svgs: dict[str, str],
    definitions: str = "",
    address: Callable[[str], str] | None = None,
) -> View:
    """`definitions`: where definitions are read, with `{measure}` in it; empty for no link.

    `address`: of a scope's page; without it, names of channels are no links.
    """
    shown = {section.id for section in report.sections}
    topics = tuple(
        Topic(
            section,
            phrase_html(section.finding, shown),
            mark_safe(svgs.get(section.id, "")),  # noqa: S308  drawn by us, labels escaped when drawn
            definitions.format(measure=section.definition) if definitions else "",
            _linked(section.table, address) if section.table and address else section.table,
        )
        for section in report.sections
    )
    truth = format_html_join(
        " ", "{}", ((phrase_html(sentence, shown),) for sentence in report.truth.sentences)
    )
    with override(report.lang):
        made = _("As of {as_of}, computed on {made_at} (UTC)").format(
            as_of=w.day(report.as_of.date()),
            made_at=f"{w.day(report.made_at.date())}, {report.made_at:%H:%M}",
        )
    return View(truth, tuple(map(_unbroken, report.truth.under)), topics, made)


def _linked(table: Table, address: Callable[[str], str]) -> Table:
    rows = (row._replace(href=address(row.scope)) if row.scope else row for row in table.rows)
    return table._replace(rows=tuple(rows))


def phrase_html(sentence: Phrase, shown: set[str]) -> SafeString:
    return format_html_join("", "{}", ((_span_html(span, shown),) for span in sentence))


def _unbroken(told: str) -> str:
    """Browsers break a line between a dash and a no-break space, unless a word joiner stands there."""
    return told.replace(w.DASH + w.NBSP, w.DASH + WORD_JOINER + w.NBSP)


def _span_html(span: Span, shown: set[str]) -> SafeString | str:
    told = _unbroken(span.text)
    if span.section not in shown:
        return told
    if span.late:
        return format_html('<a class="late" href="#{}">{}</a>', span.section, told)
    return format_html('<a href="#{}">{}</a>', span.section, told)
