"""Fixtures of the readouts' tests."""

from collections.abc import Callable, Sequence

import pytest
from readouts import told

from estime.engagement.api import Figure
from estime.readouts.report import report_of
from estime.readouts.shapes import Report


@pytest.fixture
def report_in() -> Callable[..., Report]:
    """A report of some figures, in a language."""

    def _report(lang: str, figures: Sequence[Figure] | None = None, *, archive: bool = False) -> Report:
        info = told.scope(archive=archive)
        return report_of(told.edition(info), info, lang, told.community() if figures is None else figures)

    return _report
