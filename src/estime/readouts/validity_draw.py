"""Charts of a validity report, drawn when it is computed, so that no page ever draws one."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from estime.engagement import api as engagement
from estime.readouts.charts import chart_svg
from estime.readouts.validity import validity_report


def validity_draw(told: Mapping[str, Any], lang: str) -> dict[str, str]:
    """The charts of one report in one language, by section."""
    report = validity_report(told, lang)
    return {section: chart_svg(chart, name=section, lang=lang) for section, chart in report.charts()}


def validity_publish(told: Mapping[str, Any]) -> None:
    """Keep a report with its charts in every language. Twice is once."""
    drawn = {lang: validity_draw(told, lang) for lang, _name in settings.LANGUAGES}
    engagement.validity_store(told, drawn)
