"""The paragraph of truth as a mail that stands on its own: with its intervals, its date, its source and the way back.

Nothing is drawn and nothing of the database is asked beyond the report; whoever sends it adds sender and addressees.
"""

from typing import NamedTuple
from urllib.parse import quote

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from estime.engagement import api
from estime.kernel.configuration import configuration
from estime.readouts import wording as w
from estime.readouts.pages import made_told
from estime.readouts.report import report_build
from estime.readouts.shapes import Report, Span, plain
from estime.readouts.together import ALL


class PlainMail(NamedTuple):
    """A mail without sender or addressee. `html` says the same as `text`, with its figures as links."""

    subject: str
    text: str
    html: str


def paragraph_mail(edition: api.Edition, scope: str, lang: str) -> PlainMail | None:
    """The paragraph of one scope; None when the edition does not know the scope."""
    report = report_build(edition, scope, lang)
    return None if report is None else paragraph_mail_of(report)


def paragraph_mail_of(report: Report) -> PlainMail:
    """The same of a report that is built already."""
    with override(report.lang):
        page = _page(report)
        return PlainMail(_subject(report), _text(report, page), _html(report, page))


def _subject(report: Report) -> str:
    return _("{place}, as of {day}: what is true").format(
        place=_subject_place(report), day=w.day(report.as_of.date())
    )


def _subject_place(report: Report) -> str:
    brand = configuration().brand.name
    return f"{brand} · {report.title}" if brand != "Estime" else report.title


def _page(report: Report) -> str:
    """Where the figures can be looked at; empty where the installation has no address of its own."""
    address = configuration().site.address
    place = "all" if report.scope == ALL else f"c/{quote(report.scope, safe='')}"
    return f"{address}/{report.lang}/{place}/" if address else ""


def _text(report: Report, page: str) -> str:
    told = " ".join(plain(sentence) for sentence in report.truth.sentences)
    parts = [
        told,
        "\n".join(report.truth.under),
        "\n".join((f"{report.title} · {made_told(report)}", *_source(report))),
        _("Where these figures come from: {address}").format(address=page) if page else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _source(report: Report) -> tuple[str, ...]:
    return (_("Data: %(told)s") % {"told": report.attribution},) if report.attribution else ()


def _html(report: Report, page: str) -> str:
    shown = {section.id for section in report.sections} if page else set()
    context = {
        "report": report,
        "sentences": [
            [_piece(span, page, shown) for span in sentence] for sentence in report.truth.sentences
        ],
        "made": made_told(report),
        "source": _source(report),
        "page": page,
    }
    return render_to_string("readouts/paragraph.html", context)


def _piece(span: Span, page: str, shown: set[str]) -> tuple[str, str, bool]:
    """Words, where they lead from a mail, and whether they tell of lateness."""
    return span.text, f"{page}#{span.section}" if span.section in shown else "", span.late
