"""A report made ready for templates: sentences as HTML with their links, drawn charts beside their sections.

On the path of a page: nothing here draws or computes.
"""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from estime.readouts import wording as w
from estime.readouts.shapes import Acts, Phrase, Report, Row, Section, Span, Table

WORD_JOINER = "\u2060"


class Addresses(NamedTuple):
    """Where links lead; what is left out is no link, and what nobody may follow neither.

    `definition`: of a measure's page, with `{measure}` in it. `scope`: of a scope's page. `acts`: of the acts behind a
    figure. `file`: of a section's picture or figures, by section and ending (svg, png, csv).
    """

    definition: str = ""
    scope: Callable[[str], str] | None = None
    acts: Callable[[Acts], str] | None = None
    file: Callable[[str, str], str] | None = None


NOWHERE = Addresses()


class File(NamedTuple):
    ending: str
    url: str


class Topic(NamedTuple):
    section: Section
    finding: SafeString
    svg: SafeString
    definition: str
    table: Table | None
    files: tuple[File, ...] = ()


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
    svgs: Mapping[str, str],
    to: Addresses = NOWHERE,
) -> View:
    """`svgs`: drawn charts by section."""
    shown = {section.id for section in report.sections}
    topics = tuple(
        Topic(
            section,
            phrase_html(section.finding, shown, to),
            mark_safe(svgs.get(section.id, "")),  # noqa: S308  drawn by us, labels escaped when drawn
            to.definition.format(measure=section.definition),
            _linked(section.table, to) if section.table else None,
            _files(section, to, section.id in svgs),
        )
        for section in report.sections
    )
    truth = format_html_join(
        " ", "{}", ((phrase_html(sentence, shown, to),) for sentence in report.truth.sentences)
    )
    return View(truth, tuple(map(_unbroken, report.truth.under)), topics, made_told(report))


def made_told(report: Report) -> str:
    """As of when the figures are, and when they were computed."""
    with override(report.lang):
        return _("As of {as_of}, computed on {made_at} (UTC)").format(
            as_of=w.day(report.as_of.date()),
            made_at=f"{w.day(report.made_at.date())}, {w.clock(report.made_at)}",
        )


def _files(section: Section, to: Addresses, drawn: bool) -> tuple[File, ...]:
    if to.file is None:
        return ()
    endings = [("svg", drawn), ("png", drawn), ("csv", bool(section.figures))]
    return tuple(File(ending.upper(), to.file(section.id, ending)) for ending, there in endings if there)


def _linked(table: Table, to: Addresses) -> Table:
    def href(row: Row) -> str:
        if row.scope and to.scope:
            return to.scope(row.scope)
        return to.acts(row.acts) if row.acts and to.acts else ""

    return table._replace(rows=tuple(row._replace(href=href(row)) for row in table.rows))


def phrase_html(sentence: Phrase, shown: Collection[str], to: Addresses = NOWHERE) -> SafeString:
    return format_html_join("", "{}", ((_span_html(span, shown, to),) for span in sentence))


def _unbroken(told: str) -> str:
    """Browsers break a line between a dash and a no-break space, unless a word joiner stands there."""
    return told.replace(w.DASH + w.NBSP, w.DASH + WORD_JOINER + w.NBSP)


def _span_html(span: Span, shown: Collection[str], to: Addresses) -> SafeString | str:
    told = _unbroken(span.text)
    href = (to.acts(span.acts) if span.acts and to.acts else "") or _in_page(span, shown)
    if not href:
        return format_html('<b class="late">{}</b>', told) if span.late else told
    if span.late:
        return format_html('<a class="late" href="{}">{}</a>', href, told)
    return format_html('<a href="{}">{}</a>', href, told)


def _in_page(span: Span, shown: Collection[str]) -> str:
    return f"#{span.section}" if span.section in shown else ""
