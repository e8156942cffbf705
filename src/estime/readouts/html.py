"""One self-contained HTML file of a report: opens from disk, can be mailed, asks nothing of the network."""

from importlib.resources import files

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import override

from estime.readouts.charts import chart_svg
from estime.readouts.pages import Addresses, view_build
from estime.readouts.shapes import Report
from estime.version import __version__ as VERSION


def html_page(report: Report, *, svgs: dict[str, str] | None = None, definitions: str = "") -> str:
    """`svgs`: charts drawn before, by section; the missing ones are drawn now."""
    drawn = dict(svgs or {})
    for section, chart in report.charts():
        if section not in drawn:
            drawn[section] = chart_svg(chart, name=section, lang=report.lang)
    css = files("estime.readouts").joinpath("static/estime/reading.css").read_text(encoding="utf-8")
    context = {
        "report": report,
        "view": view_build(report, drawn, Addresses(definition=definitions)),
        "css": mark_safe(css),  # noqa: S308  our own file
        "version": VERSION,
    }
    with override(report.lang):
        return render_to_string("readouts/mail.html", context)
