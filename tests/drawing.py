"""Drawing each chart once: it is the same whenever it is drawn, and takes most of the time of a small refresh."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from unittest.mock import patch


@contextmanager
def drawn_once() -> Iterator[None]:
    """Whatever this process publishes while the body runs is really drawn, but no chart for the second time."""
    from estime.readouts import actions

    with patch.object(actions, "chart_svg", cache_of_charts()):
        yield


@cache
def cache_of_charts() -> object:
    from estime.readouts import actions

    return cache(actions.chart_svg)
